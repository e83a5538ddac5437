"""A database full of articles in every language, written in bulk: what the measurements of readers' pages share."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache

from django.db import connection, transaction

from articles import languages
from articles.markdown import RENDER_VERSION
from articles.models import Article, Author, Rendering, SearchEntry, Series, Tag
from articles.search import sqlite
from articles.search.index import INDEX_VERSION
from articles.search.words import words
from bench.serving.prose import Section, sections

YEARS, TAGS, AUTHORS, SERIES, PARTS, BATCH = 10, 200, 5, 10, 5, 1000


def fill(size: int, paragraphs: int) -> None:
    """Write articles over ten years into a database of SQLite, each with an author and three tags.

    The first tag is on three of ten articles, the last one on ten articles alone; the first fifty are in series.
    """
    tags = [Tag.objects.create(key=f"t{number}", **each_language("name", f"Tag {number}")) for number in range(TAGS)]
    authors = [Author.objects.create(name=f"Author {number}") for number in range(AUTHORS)]
    series = [Series.objects.create(key=f"s{n}", **each_language("title", f"Series {n}")) for n in range(SERIES)]
    for start in range(0, size, BATCH):
        numbers = range(start, min(start + BATCH, size))
        bodies = {number: sections(number, paragraphs) for number in numbers}
        articles = {number: Article(**fields(number, size, body)) for number, body in bodies.items()}
        for number in range(start, min(start + BATCH, SERIES * PARTS)):
            articles[number].series, articles[number].part = series[number // PARTS], number % PARTS + 1
        with transaction.atomic():
            write(articles, bodies)
            link("tag", ((articles[n].pk, tags[place].pk) for n in numbers for place in tags_of(n, size)))
            link("author", ((articles[n].pk, authors[n % AUTHORS].pk) for n in numbers))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def write(articles: dict[int, Article], bodies: dict[int, list[Section]]) -> None:
    """Write articles by their numbers, with what is made of their bodies in each language."""
    Article.objects.bulk_create(articles.values())
    for code in languages.codes():
        Rendering.objects.bulk_create(rendering(article, code, bodies[n]) for n, article in articles.items())
        index(articles, code, bodies)


def link(name: str, pairs: Iterable[tuple[int, int]]) -> None:
    """Give articles their tags or authors; a row of a model for each pair would double the time of it all."""
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO articles_article_{name}s (article_id, {name}_id) VALUES (%s, %s)", pairs)  # noqa: S608


def tags_of(number: int, size: int) -> set[int]:
    """Return the places of an article's tags."""
    dealt = {1 + number % (TAGS - 2), 1 + number * 7 % (TAGS - 2)}
    frequent = {0} if number % 10 < 3 else {1 + number * 11 % (TAGS - 2)}
    rare = {TAGS - 1} if number % (size // 10) == 0 else set()
    return dealt | frequent | rare


def each_language(field: str, value: object) -> dict:
    return {languages.column(field, code): value for code in languages.codes()}


def moment(number: int, size: int) -> datetime:
    """Return the date of an article: twenty of every site are of one month, the others spread over the years."""
    if number < 20:
        return datetime(2024, 5, 1 + number, tzinfo=UTC)
    return datetime(2026, 6, 1, tzinfo=UTC) - timedelta(days=365 * YEARS * number / size)


def fields(number: int, size: int, body: list[Section]) -> dict:
    markdown = "\n\n".join(text for section in body for text in (f"## {section.heading}", *section.paragraphs))
    return {
        "key": f"a{number}",
        "source_language": languages.codes()[0],
        **each_language("title", title(number)),
        **each_language("slug", f"article-{number}"),
        **each_language("summary", summary(number)),
        **each_language("body", markdown),
        **each_language("published_at", moment(number, size)),
        **each_language("first_published_at", moment(number, size)),
    }


def title(number: int) -> str:
    return f"Article {number} with a word"


def summary(number: int) -> str:
    return f"What article {number} says in a sentence or two."


def rendering(article: Article, code: str, body: list[Section]) -> Rendering:
    """Return what the pipeline would make of a body, without the time that it takes."""
    contents = [
        {"id": f"section-{place}", "name": section.heading, "level": 2, "children": []}
        for place, section in enumerate(body)
    ]
    html = "\n".join(
        f'<h2 id="section-{place}">{section.heading}</h2>\n'
        + "\n".join(f"<p>{text}</p>" for text in section.paragraphs)
        for place, section in enumerate(body)
    )
    return Rendering(
        article=article,
        language=code,
        version=RENDER_VERSION,
        reading_minutes=len(body),
        contents=contents,
        text="\n\n".join(text for section in body for text in section.paragraphs),
        html=html,
    )


def index(articles: dict[int, Article], code: str, bodies: dict[int, list[Section]]) -> None:
    """Put a language of articles into the index of the search, many at once."""
    entries = SearchEntry.objects.bulk_create(
        SearchEntry(article=article, language=code, version=INDEX_VERSION) for article in articles.values()
    )
    rows = []
    for (number, body), entry in zip(bodies.items(), entries, strict=True):
        headings = " ".join(section.heading for section in body)
        text = " ".join(paragraph for section in body for paragraph in section.paragraphs)
        texts = (title(number), headings, summary(number), text)
        parts = [[stem(word, code) for word in part.split()] for part in texts]
        rows.append([entry.pk, *sqlite.columns(parts, [])])
    with connection.cursor() as cursor:
        cursor.executemany(sqlite.SAVE, rows)


@cache
def stem(word: str, code: str) -> str:
    return next(words(word, code)).stem
