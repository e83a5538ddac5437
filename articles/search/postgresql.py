"""The index in PostgreSQL: a column of https://www.postgresql.org/docs/current/datatype-textsearch.html.

Its vectors are written out here, so that no parser and no dictionary of the server has a say in what a word is. They
keep no more than 256 positions of a word and none beyond 16,383: a phrase is looked up in the tokens themselves, of
the rows that hold its words.
"""

from .query import Query, Term
from .words import BREAK

SAVE = """
    INSERT INTO articles_searchindex (rowid, document, tokens) VALUES (%s, %s::tsvector, %s)
    ON CONFLICT (rowid) DO UPDATE SET document = EXCLUDED.document, tokens = EXCLUDED.tokens
"""
MATCHES = "document @@ %s::tsquery"
# The patterns of a phrase: one for each of its variants.
HOLDS_PHRASE = "tokens LIKE ANY(%s)"
# In the order of the weights from D, of the body, to A, of the title.
RANK = "ts_rank('{0.1, 0.3, 0.5, 1.0}', document, %s::tsquery)"

WEIGHTS = "ABCD"

# The greatest there is: the typed forms stand in no order. A form without any would count as part of the title.
LAST = 16383


def columns(parts: list[list[str]], typed: list[str]) -> list[str]:
    """Return the vector of a row, of its parts from title to body and the typed forms that are no stem; and its tokens.

    The tokens stand between single spaces, with BREAK between the parts.
    """
    vector, start = [f"'{form}':{LAST}D" for form in typed], 1
    for weight, tokens in zip(WEIGHTS, parts, strict=True):
        vector += [f"'{token}':{position}{weight}" for position, token in enumerate(tokens, start)]
        # A place is left free: no phrase goes on from one part to the next.
        start += len(tokens) + 1
    return [" ".join(vector), f" {f' {BREAK} '.join(map(' '.join, parts))} "]


def condition(query: Query, in_title: bool = False) -> tuple[str, list]:
    """Return the SQL of what a matching row holds, and the parameters of RANK and of it.

    `in_title` asks for all the terms of a query in titles, headings and tags.
    """
    patterns = [[f"% {' '.join(stems)} %" for stems in term.variants] for term in query.terms if len(term.stems) > 1]
    expression = " & ".join(_term(term, in_title) for term in query.terms)
    return " AND ".join([MATCHES, *[HOLDS_PHRASE] * len(patterns)]), [expression, expression, *patterns]


def _term(term: Term, in_title: bool) -> str:
    # What comes first has its positions: there a phrase can be told from its words.
    weights, joint = ("AB", " <-> ") if in_title else ("", " & ")
    # All tokens are letters and digits: none can end its quotation marks.
    choices = [joint.join(f"'{stem}':{weights}" for stem in stems) for stems in term.variants]
    if term.prefix:
        choices.append(f"'{term.prefix}':*{weights}")
    return f"({' | '.join(f'({choice})' for choice in choices)})"
