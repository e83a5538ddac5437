"""What a search finds: the index, with one row for each article and language, and the query over it.

SQLite and PostgreSQL are given the same tokens, which `words` makes, and so give the same hits. The saving method
keeps the index; what changes the tags of an article, or a tag's name, has it made again (`rebuilding`).
"""

from collections.abc import Iterable
from itertools import chain
from types import ModuleType

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from articles import languages
from articles.models import Article, Rendering, SearchEntry, Tag
from articles.prepared import prepared

from . import postgresql, sqlite
from .query import Query
from .words import BREAK, WORDS_VERSION, forms

# Raise it with every change of what is indexed: it tells which entries are of today's making.
INDEX_VERSION = 1000 * WORDS_VERSION + 1

# Characters of a body that are looked through; PostgreSQL holds no more than 1 MB of distinct words.
MAX_BODY = 150_000

# So many matches are ranked, those added last. Without a bound, a word that stands in every article would cost the
# ranking of every article.
MAX_RANKED = 250

# Where so many articles hold the very words, no rank tells which of them is meant. To work it out, SQLite would count
# the words in all texts, and each word that begins like the last one: half the time of a page with ten thousand texts.
FREQUENT = 1000

# SQLite keeps the order of a CROSS JOIN: first what matches, from the last added on, then whether it is live.
RANKED = """
    SELECT article_id FROM (
        SELECT entry.id, entry.article_id, {rank} AS rank
        FROM articles_searchindex CROSS JOIN articles_searchentry AS entry
        WHERE {matches} AND entry.id = articles_searchindex.rowid AND entry.language = %s AND EXISTS ({published})
        ORDER BY articles_searchindex.rowid DESC LIMIT %s
    ) AS candidates
    ORDER BY rank DESC, id DESC
"""


def search(query: Query) -> list[int]:
    """Return the primary keys of the live articles that hold all of a query, the best first, at most MAX_RANKED.

    Where more match, those that hold all of it in title, headings and tags come before the others; of FREQUENT words,
    what was added last comes first in both.
    """
    if not query.terms:
        return []
    newest = _found(query.of_whole_words, is_ranked=False, limit=FREQUENT)
    is_frequent = len(newest) == FREQUENT
    found = newest[:MAX_RANKED] if is_frequent else _found(query)
    if len(found) == MAX_RANKED:
        in_title = _found(query.of_whole_words if is_frequent else query, in_title=True, is_ranked=not is_frequent)
        found = list(dict.fromkeys(in_title + found))[:MAX_RANKED]
    return found


def count(query: Query) -> int:
    """Return how many live articles hold all of a query, at most MAX_RANKED; cheaper than to find them in order."""
    if not query.terms:
        return 0
    number = len(_found(query.of_whole_words, is_ranked=False))
    return number if number == MAX_RANKED else len(_found(query, is_ranked=False))


def _found(query: Query, in_title: bool = False, is_ranked: bool = True, limit: int | None = None) -> list[int]:
    """Return the live articles that match, at most MAX_RANKED unless told: the best first, or what was added last."""
    here = Article.objects.published(query.language).filter(pk=RawSQL("entry.article_id", []))
    published, published_parameters = here.values("pk").query.sql_with_params()
    engine = _engine()
    matches, asked = engine.condition(query, in_title)
    rank = engine.RANK if is_ranked else "0"
    sql = RANKED.format(rank=rank, matches=matches, published=published)
    if not is_ranked:
        # The parameters of the rank come first.
        asked = asked[engine.RANK.count("%s") :]
    with connection.cursor() as cursor:
        cursor.execute(sql, [*asked, query.language, *published_parameters, limit or MAX_RANKED])
        return [pk for (pk,) in cursor.fetchall()]


def index(article: Article, rendering: Rendering) -> None:
    """Index one language of an article as it stands: title, headings and tags, summary, body."""
    language, engine = rendering.language, _engine()
    found = [forms(text, language) for text in _texts(article, rendering)]
    parts = [_tokens(part) for part in found]
    # A beginning of a word may be longer than its stem.
    typed = {folded for part in found for folded, _stem, _plain_stem in part}.difference(*parts)
    known = _entry.values(language, article=article.pk)
    entry = SearchEntry(pk=known[0][0] if known else None)
    entry.article, entry.language, entry.version = article, language, INDEX_VERSION
    entry.save()
    with connection.cursor() as cursor:
        cursor.execute(engine.SAVE, [entry.pk, *engine.columns(parts, sorted(typed))])


def _texts(article: Article, rendering: Rendering) -> list[str]:
    language = rendering.language
    title, summary = (languages.column(field, language) for field in ("title", "summary"))
    tags = (name for (name,) in _tags.values(language, article=article.pk))
    labels = "\n".join([*_headings(rendering.contents), *tags])
    return [getattr(article, title) or "", labels, getattr(article, summary) or "", rendering.text[:MAX_BODY]]


@prepared
def _tags(language: str, *, article: int) -> QuerySet:
    """Return the names of an article's tags."""
    return Tag.objects.named(language).filter(articles=article).values_list(languages.column("name", language))


@prepared
def _entry(language: str, *, article: int) -> QuerySet:
    """Return the number of an article's row in the index."""
    return SearchEntry.objects.filter(article=article, language=language).order_by().values_list("pk")


def _headings(contents: list[dict]) -> Iterable[str]:
    return chain.from_iterable([entry["name"], *_headings(entry["children"])] for entry in contents)


def _tokens(found: list[tuple[str, str, str]]) -> list[str]:
    """Return the stems of words in order, and once more the plain ones where any is another."""
    stems, plain_stems = [stem for _, stem, _ in found], [plain_stem for _, _, plain_stem in found]
    return stems if stems == plain_stems else [*stems, BREAK, *plain_stems]


def _engine() -> ModuleType:
    """Return the module that speaks to the database: SQLite's unless it is PostgreSQL."""
    return postgresql if connection.vendor == "postgresql" else sqlite
