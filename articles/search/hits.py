"""What a search shows of an article: its title and a passage, with the words that were searched for marked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import F
from django.utils.safestring import SafeString, mark_safe

from articles import languages
from articles.markdown.safe_html import escape
from articles.markdown.typography import typeset_html
from articles.models import Article
from articles.teasers import with_tags

from .query import Query
from .words import words

# Characters of a passage, and how many of them come before the first marked word.
LENGTH = 260
LEAD = 60

# Characters that are looked through for a passage: it must not take longer than the search.
MAX_SEARCHED = 50_000

# A shorter block is a heading or an item, and says less than a paragraph.
PROSE = 80

# Where a text holds a term: start, end, and the number of the term in its query.
Span = tuple[int, int, int]


@dataclass(frozen=True)
class Hit:
    """A live article as `for_listing` gives it, and two pieces of safe HTML."""

    article: Article
    title: SafeString
    excerpt: SafeString


def hits(pks: Sequence[int], query: Query) -> list[Hit]:
    """Return what to show of some of the articles that a search found, in the same order."""
    title, summary = (languages.column(field, query.language) for field in ("title", "summary"))
    listed = Article.objects.published(query.language).filter(pk__in=pks).for_listing(query.language)
    listed = sorted(listed.annotate(text=F("rendering_shown__text")), key=lambda article: pks.index(article.pk))
    return [
        Hit(
            article,
            marked(getattr(article, title), query),
            excerpt(getattr(article, summary) or "", article.text, query),
        )
        for article in with_tags(listed, query.language)
    ]


def marked(text: str, query: Query) -> SafeString:
    """Return a plain text as HTML, set as its language sets type, with each term of a query in a `mark`."""
    return _html(text, 0, len(text), query)


def excerpt(summary: str, body: str, query: Query) -> SafeString:
    """Return the summary, unless a passage of the body holds more of a query's terms: then return that.

    Without a summary, and where the body holds none of them either, return how the body begins.
    """
    start, end, terms = _passage(body[:MAX_SEARCHED], query)
    if summary and terms <= len({number for _, _, number in spans(summary, query)}):
        return marked(summary, query)
    return _html(body, start, end, query)


def spans(text: str, query: Query) -> Iterator[Span]:
    """Yield the places of a text that hold a term of a query, in order, none within another."""
    found = list(words(text, query.language))
    after = 0
    for position, word in enumerate(found):
        if position < after or not query.may_begin_with(word):
            continue
        for number, term in enumerate(query.terms):
            if term.is_at(position, found):
                after = position + len(term.stems)
                yield word.start, found[after - 1].end, number
                break


def _passage(body: str, query: Query) -> tuple[int, int, int]:
    """Return start and end of the best passage of a body, and how many of the terms its block holds."""
    best, at = (0, False, 0), 0
    for block in body.split("\n"):
        found = list(spans(block, query))
        terms = len({number for _, _, number in found})
        if terms:
            best = max(best, (terms, len(block) >= PROSE, -(at + found[0][0])))
        if best[0] == len(query.terms) and best[1]:
            break
        at += len(block) + 1
    first = -best[2]
    start = _after_a_space(body, first)
    end = len(body) if len(body) <= start + LENGTH else body.rfind(" ", first, start + LENGTH)
    return start, end if end > first else start + LENGTH, best[0]


def _after_a_space(body: str, first: int) -> int:
    """Return where a passage begins: with the block, or some words before its first marked one."""
    block = body.rfind("\n", 0, first) + 1
    if first - block <= LEAD:
        return block
    return body.find(" ", first - LEAD, first) + 1 or first


def _html(text: str, start: int, end: int, query: Query) -> SafeString:
    passage = text[start:end]
    pieces, at = ["… " if start else ""], 0
    for first, after, _ in spans(passage, query):
        pieces += [escape(passage[at:first]), "<mark>", escape(passage[first:after]), "</mark>"]
        at = after
    pieces += [escape(passage[at:]), " …" if end < len(text) else ""]
    return mark_safe(typeset_html("".join(pieces), query.language))  # noqa: S308, every piece is escaped
