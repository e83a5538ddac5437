"""The index in SQLite: a table of FTS5, https://sqlite.org/fts5.html, with a column for each part of a text."""

from .query import Query, Term

SAVE = "REPLACE INTO articles_searchindex (rowid, title, labels, summary, body, typed) VALUES (%s, %s, %s, %s, %s, %s)"
MATCHES = "articles_searchindex MATCH %s"
# The lower, the better; in the order of the columns.
RANK = "-bm25(articles_searchindex, 10.0, 5.0, 3.0, 1.0, 0.0)"


def columns(parts: list[list[str]], typed: list[str]) -> list[str]:
    """Return the columns of a row: its parts from title to body, and the typed forms that are no stem."""
    return [" ".join(tokens) for tokens in (*parts, typed)]


def condition(query: Query, in_title: bool = False) -> tuple[str, list]:
    """Return the SQL of what a matching row holds, and the parameters of RANK and of it.

    `in_title` asks for all the terms of a query in titles, headings and tags.
    """
    terms = " AND ".join(map(_term, query.terms))
    return MATCHES, [f"{{title labels}} : ({terms})" if in_title else terms]


def _term(term: Term) -> str:
    # All tokens are letters and digits: none can end its quotation marks.
    choices = [f'"{" ".join(stems)}"' for stems in term.variants]
    if len(term.stems) > 1:
        # The typed forms stand in no order.
        choices = [f"- typed : {choice}" for choice in choices]
    if term.prefix:
        choices.append(f'"{term.prefix}" *')
    return f"({' OR '.join(choices)})"
