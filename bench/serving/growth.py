"""Cold pages on sites of 100, 10,000 and 100,000 articles: each kind of page that readers have."""

import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from statistics import median
from wsgiref.util import setup_testing_defaults

from django.core.handlers.wsgi import WSGIHandler

from bench.environments import INHERITED

# So many for each figure, unless they take more than a second.
REQUESTS, PATIENCE = 5, 1
# Enough for a list to have teasers, and for a database of 100,000 not to fill the disk.
PARAGRAPHS = 3
# As in blog/listed_pages.py, which cannot be loaded without a site.
ARTICLES_OF_A_FILE = 1000
# Behind a path: before each request something is written, so that nothing that is kept holds.
CHANGED = " changed"

VARIABLES = {"DJANGO_SETTINGS_MODULE": "config.settings", "SECRET_KEY": "for the benchmark alone"}

PAGES = {
    "article": "/en/articles/article-{middle}/",
    "article in a series": "/en/articles/article-7/",
    "article, its Markdown": "/en/articles/article-{middle}.md",
    "home": "/en/",
    "home, page 2": "/en/?page=2",
    "home, the middle page": "/en/?page={middle_page}",
    "home, the last page": "/en/?page={last}",
    "home, the last page, after a change": "/en/?page={last}",
    "archive": "/en/archive/",
    "archive, after a change": "/en/archive/",
    "year": "/en/archive/2024/",
    "month": "/en/archive/2024/05/",
    "tag on 30 % of all": "/en/tags/tag-0/",
    "tag on 30 % of all, page 2": "/en/tags/tag-0/?page=2",
    "tag on 30 % of all, the middle page": "/en/tags/tag-0/?page={middle_of_tag}",
    "tag on 30 % of all, the last page": "/en/tags/tag-0/?page={last_of_tag}",
    "tag on 30 % of all, the last page, after a change": "/en/tags/tag-0/?page={last_of_tag}",
    "tag on ten": "/en/tags/tag-199/",
    "author of 20 % of all": "/en/authors/author-0/",
    "series": "/en/series/series-0/",
    "search, a word of every text": "/en/search/?q=word",
    "search, a rare word": "/en/search/?q=rare000003",
    "feed": "/en/feed.xml",
    "feed of a tag": "/en/tags/tag-0/feed.xml",
    "JSON feed": "/en/feed.json",
    "feed of all languages": "/feed.xml",
    "sitemap": "/sitemap.xml",
    # A long one is an index of files.
    "sitemap, the first articles, for each 100 KB": "/{first_articles}",
}


class Site:
    """A process with a database of so many articles, which tells what its pages cost."""

    def __init__(self, checkout: Path, size: int) -> None:
        self.size = size
        self.process = subprocess.Popen(  # noqa: S603, this very module
            [checkout / ".venv/bin/python", "-m", "bench.serving.growth", str(size)],
            cwd=checkout,
            env=INHERITED | VARIABLES | {"DATABASE_URL": f"sqlite:///{checkout}/var/{size}.sqlite3"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> "Site":
        return self

    def __exit__(self, *exception: object) -> None:
        self.process.kill()
        self.process.wait()

    def seconds(self, name: str) -> float:
        """Return the processor's time for a page, the median of some requests."""
        path = PAGES[name].format(
            middle=self.size // 2,
            middle_page=self.size // 20,
            last=self.size // 10,
            middle_of_tag=self.size * 3 // 200 + 1,
            last_of_tag=self.size * 3 // 100,
            first_articles="sitemap-articles-1.xml" if self.size > ARTICLES_OF_A_FILE else "sitemap.xml",
        )
        self.process.stdin.write(f"{path}{CHANGED if 'after a change' in name else ''}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit(f"The site of {self.size:,} articles failed at {path}.")
        seconds, length = answer.split()
        return float(seconds) / (int(length) / 100_000 if "for each 100 KB" in name else 1)


def measure(checkout: Path, sizes: Iterable[int], rounds: int) -> dict[str, dict[int, list[float]]]:
    """Return the seconds of each page on each size of site, one figure for each round."""
    taken = {name: {size: [] for size in sizes} for name in PAGES}
    with ExitStack() as stack:
        sites = [stack.enter_context(Site(checkout, size)) for size in sizes]
        for number in range(rounds + 1):
            for name in PAGES:
                for site in sites if number % 2 else reversed(sites):
                    seconds = site.seconds(name)
                    # The first round fills the caches.
                    if number:
                        taken[name][site.size].append(seconds)
    return taken


def serve(size: int) -> None:
    """Answer each path on the standard input with the processor's seconds for the page and its length."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    from bench.serving.articles import fill
    from blog.models import Site

    call_command("migrate", verbosity=0)
    Site.current()
    fill(size, PARAGRAPHS)
    # Without the store in front.
    application = get_wsgi_application()
    for line in sys.stdin:
        print(*asked(application, line.strip()), flush=True)


def asked(application: WSGIHandler, address: str) -> tuple[float, int]:
    """Return the processor's seconds for a page, the median of some requests, and its length."""
    from blog.changes import note

    is_changed = address.endswith(CHANGED)
    path, _, query = address.removesuffix(CHANGED).partition("?")
    times = []
    while len(times) < REQUESTS and sum(times) < PATIENCE:
        environ = {"PATH_INFO": path, "QUERY_STRING": query, "wsgi.input": BytesIO()}
        setup_testing_defaults(environ)
        if is_changed:
            note()
        start = time.process_time()
        response = application(environ, lambda *answer: None)
        body = b"".join(response)
        response.close()
        times.append(time.process_time() - start)
    if response.status_code != 200:
        raise SystemExit(f"{address} answers {response.status_code}")
    return median(times), len(body)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
