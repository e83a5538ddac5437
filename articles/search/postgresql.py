"""The index in PostgreSQL: a column of https://www.postgresql.org/docs/current/datatype-textsearch.html.

Its vectors are written out here, so that no parser and no dictionary of the server has a say in what a word is.
"""

from .query import Query, Term

SAVE = """
    INSERT INTO articles_searchindex (rowid, document) VALUES (%s, %s::tsvector)
    ON CONFLICT (rowid) DO UPDATE SET document = EXCLUDED.document
"""
MATCHES = "document @@ %s::tsquery"
# In the order of the weights from D, of the body, to A, of the title.
RANK = "ts_rank('{0.1, 0.3, 0.5, 1.0}', document, %s::tsquery)"
RANK_ASKS = 1

WEIGHTS = "ABCD"

# The greatest there is: the typed forms stand in no order. A form without any would count as part of the title.
LAST = 16383


def columns(parts: list[list[str]], typed: list[str]) -> list[str]:
    """Return the vector of a row: its parts from title to body, and the typed forms that are no stem."""
    vector, start = [f"'{form}':{LAST}D" for form in typed], 1
    for weight, tokens in zip(WEIGHTS, parts, strict=True):
        vector += [f"'{token}':{position}{weight}" for position, token in enumerate(tokens, start)]
        # A place is left free: no phrase goes on from one part to the next.
        start += len(tokens) + 1
    return [" ".join(vector)]


def expression(query: Query, in_title: bool = False) -> str:
    """Return a query as a tsquery; `in_title` asks for all its terms in titles, headings and tags."""
    return " & ".join(_term(term, "AB" if in_title else "") for term in query.terms)


def _term(term: Term, weights: str) -> str:
    # All tokens are letters and digits: none can end its quotation marks.
    choices = [" <-> ".join(f"'{stem}':{weights}" for stem in stems) for stems in term.variants]
    if term.prefix:
        choices.append(f"'{term.prefix}':*{weights}")
    return f"({' | '.join(f'({choice})' for choice in choices)})"
