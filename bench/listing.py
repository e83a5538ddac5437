"""Pages that list articles, on a site of 100 articles and on one of 10,000: the long lists may cost little more.

Run as `.venv/bin/python bench/listing.py`; it prints a Markdown table and writes it to `bench/LISTING.md`.
"""

import io
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
os.environ.setdefault("SECRET_KEY", "for the benchmark alone")

SIZES = (100, 10_000)
ROUNDS, REQUESTS = 7, 5
YEARS, TAGS, AUTHORS = 10, 200, 5

PAGES = {
    "home": "/en/",
    "home, page 2": "/en/?page=2",
    "home, the last page": "/en/?page={last}",
    "archive": "/en/archive/",
    "year": "/en/archive/2024/",
    "month": "/en/archive/2024/05/",
    "tag on 30 % of all": "/en/tags/tag-0/",
    "tag on 30 % of all, page 2": "/en/tags/tag-0/?page=2",
    "tag on 30 % of all, the last page": "/en/tags/tag-0/?page={last_of_tag}",
    "tag on ten": "/en/tags/tag-100/",
    "author": "/en/authors/author-0/",
    "search, a word of every text": "/en/search/?q=word",
    "search, a rare word": "/en/search/?q=rare00003",
}

PREFACE = """# Lists of articles

Milliseconds of the processor for a page through Django's test client, medians of alternating rounds, and the ratio to
a site of 100 articles. The pages show equally many articles on both. Made by `bench/listing.py`.

"""


def fill(size: int) -> None:
    """Put articles in two languages into the database: ten years of them, three tags and an author on each."""
    from django.core.management import call_command

    from articles import languages
    from articles.models import Article, Author, Rendering, Tag
    from blog.models import Site

    Site.current()
    for number in range(TAGS):
        Tag.objects.create(key=f"t{number}", **each_language("name", f"Tag {number}"))
    for number in range(AUTHORS):
        Author.objects.create(name=f"Author {number}")
    Article.objects.bulk_create(
        Article(key=f"a{number}", source_language="en", **texts(number, moment(number, size))) for number in range(size)
    )
    articles = dict(Article.objects.values_list("key", "pk"))
    Rendering.objects.bulk_create(
        Rendering(
            article_id=pk, language=code, version=1, reading_minutes=1, contents=[], text=body(key), html=body(key)
        )
        for key, pk in articles.items()
        for code in languages.codes()
    )
    tags = list(Tag.objects.order_by("pk").values_list("pk", flat=True))
    authors = list(Author.objects.values_list("pk", flat=True))
    Tagged, Signed = Article.tags.through, Article.authors.through  # noqa: N806, classes
    # All but the frequent one and that of ten articles are dealt in turn: the archive lists each on both sites.
    frequent, rare = tags.pop(0), tags.pop(99)
    dealt = cycle(tags)
    pairs = {(pk, next(dealt)) for pk in articles.values() for _ in range(2)}
    pairs |= {(pk, frequent if place % 10 < 3 else next(dealt)) for place, pk in enumerate(articles.values())}
    pairs |= {(pk, rare) for pk in list(articles.values())[:: size // 10]}
    Tagged.objects.bulk_create(Tagged(article_id=pk, tag_id=tag) for pk, tag in pairs)
    Signed.objects.bulk_create(
        Signed(article_id=pk, author_id=author) for pk, author in zip(articles.values(), cycle(authors), strict=False)
    )
    call_command("rebuild_search", stdout=io.StringIO(), stderr=io.StringIO())


def each_language(field: str, value: object) -> dict:
    from articles import languages

    return {languages.column(field, code): value for code in languages.codes()}


def body(key: str) -> str:
    return f"A word and another one, rare{key.removeprefix('a'):0>5}. " * 20


def moment(number: int, size: int) -> datetime:
    """Return the date of an article: twenty of every site are of one month, the others spread over the years."""
    if number < 20:
        return datetime(2024, 5, 1 + number, tzinfo=UTC)
    return datetime(2026, 6, 1, tzinfo=UTC) - timedelta(days=365 * YEARS * number / size)


def texts(number: int, moment: datetime) -> dict:
    return {
        **each_language("title", f"Article {number} with a word"),
        **each_language("slug", f"article-{number}"),
        **each_language("summary", f"What article {number} says in a sentence or two."),
        **each_language("body", body(f"a{number}")),
        **each_language("published_at", moment),
    }


class Sites:
    """A child process for each size, since a process of Django has one database."""

    def __init__(self, folder: str) -> None:
        self.processes = {
            size: subprocess.Popen(  # noqa: S603, this very file
                [sys.executable, __file__, "serve", str(size)],
                env=os.environ | {"DATABASE_URL": f"sqlite:///{folder}/{size}.sqlite3"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for size in SIZES
        }

    def seconds(self, size: int, path: str) -> float:
        """Return the median of some requests for a page of the site of a size."""
        process = self.processes[size]
        process.stdin.write(path + "\n")
        process.stdin.flush()
        return float(process.stdout.readline())


def serve(size: int) -> None:
    """Answer each path on the standard input with the seconds that the page takes, those of other processes aside."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client

    call_command("migrate", verbosity=0)
    fill(size)
    client = Client(SERVER_NAME="127.0.0.1")
    for line in sys.stdin:
        times = []
        for _ in range(REQUESTS):
            start = time.process_time()
            response = client.get(line.strip())
            times.append(time.process_time() - start)
        if response.status_code != 200:
            raise SystemExit(f"{line.strip()} answers {response.status_code}")
        print(median(times), flush=True)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        sites = Sites(folder)
        taken: dict[tuple[str, int], list[float]] = {}
        for number in range(ROUNDS + 1):
            for name, path in PAGES.items():
                for size in SIZES if number % 2 else reversed(SIZES):
                    seconds = sites.seconds(size, path.format(last=size // 10, last_of_tag=size * 3 // 100))
                    # The first round fills the caches.
                    if number:
                        taken.setdefault((name, size), []).append(seconds)
        for process in sites.processes.values():
            process.stdin.close()
            process.wait()
    lines = ["| page | " + " | ".join(f"{size:,}" for size in SIZES) + " | ratio |", "|---|" + "---:|" * 3]
    for name in PAGES:
        few, many = (median(taken[name, size]) * 1000 for size in SIZES)
        lines.append(f"| {name} | {few:.2f} | {many:.2f} | {many / few:.2f} |")
    table = "\n".join(lines) + "\n"
    print(table)
    (HERE / "LISTING.md").write_text(PREFACE + table)


if __name__ == "__main__":
    serve(int(sys.argv[2])) if sys.argv[1:2] == ["serve"] else main()
