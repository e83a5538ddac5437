"""What is compared with what: the servers, the requests to them, and how their figures should relate."""

import contextlib
from dataclasses import dataclass, replace
from pathlib import Path

from bench.serving import nginx, site, wagtail
from bench.serving.answers import answer_to, record
from bench.serving.programs import Server
from bench.serving.wrk import BROWSER, Request, requests_a_second


@dataclass(frozen=True)
class Target:
    """The least that one request's speed should be of another's, both by name; None: a figure to know."""

    request: str
    other: str
    least: float | None = None
    stretch: float | None = None

    @property
    def wanted(self) -> dict[str, float | None]:
        return {"least": self.least, "stretch": self.stretch}


TARGETS = [
    Target("article, stored", "article, bare application", 0.85),
    Target("list, stored", "list, bare application", 0.85),
    Target("304, stored", "304, bare application", 0.85),
    Target("article, stored", "article, nginx with a file", 0.30, 0.45),
    Target("article, stored, behind nginx", "article, nginx with a file", 0.8),
    Target("articles, cold", "articles, Django under gthread", 0.9),
    Target("lists, cold", "lists, Django under gthread", 0.9),
    Target("article, stored", "articles, Wagtail", 60),
    Target("article, stored", "article, Wagtail with Django's cache", 6),
    Target("articles, cold", "articles, Wagtail", 1.5),
    Target("lists, cold", "lists, Wagtail", 1.5, 2),
    Target("article to a browser, stored", "article to a browser, bare application", 0.85),
    Target("article, stored, gthread", "article, bare application, gthread"),
]


@dataclass(frozen=True)
class Place:
    """Where the copy of the project is, where all else is written, and where the programs of Wagtail are."""

    checkout: Path
    folder: Path
    programs: Path

    @property
    def wagtail_data(self) -> Path:
        return self.folder / "wagtail"

    def wagtail(self, is_cached: bool = False) -> Server:
        return wagtail.server(self.programs, self.checkout, self.wagtail_data, is_cached)


def start(servers: contextlib.ExitStack, place: Place) -> dict[str, Request]:
    """Start all servers, and return the requests to compare by their names."""
    checkout, folder = place.checkout, place.folder

    def started(server: Server) -> Server:
        servers.enter_context(server.running())
        return server

    stored = requests_to_site(started(site.served(checkout)))
    in_threads = started(site.served(checkout, [*site.GTHREAD, "config.wsgi:application"]))
    answers = {f"/{number}": answer_to(request) for number, request in enumerate(stored.values())}
    record(answers, folder / "answers.json")
    bare = started(site.bare(checkout, folder / "answers.json"))
    bare_in_threads = started(site.bare(checkout, folder / "answers.json", is_asgi=False))
    cold = started(site.served(checkout, PAGE_STORE_MEGABYTES="0"))
    django = started(site.served(checkout, [*site.GTHREAD, "bench.serving.without_store:application"]))
    behind, front = site.behind_nginx(checkout)
    started(behind)
    files = started(nginx.server(folder / "nginx", answers["/0"].body, front, behind.port))
    uncached, cached = started(place.wagtail()), started(place.wagtail(is_cached=True))
    requests = {}
    # What is compared stands side by side, and is measured so.
    for path, (name, request) in zip(answers, stored.items(), strict=True):
        requests[f"{name}, stored"] = request
        requests[f"{name}, bare application"] = Request(bare, [path], request.headers)
    return requests | {
        "article, stored, gthread": Request(in_threads, site.ARTICLES[:1]),
        "article, bare application, gthread": Request(bare_in_threads, ["/0"]),
        "article, nginx with a file": Request(files, [files.path]),
        "article, stored, behind nginx": Request(replace(files, port=front), site.ARTICLES[:1]),
        "article, Wagtail with Django's cache": Request(cached, wagtail.ARTICLES[:1]),
        "articles, Wagtail": Request(uncached, wagtail.ARTICLES),
        "articles, cold": Request(cold, site.ARTICLES),
        "articles, Django under gthread": Request(django, site.ARTICLES),
        "lists, Wagtail": Request(uncached, wagtail.LISTS),
        "lists, cold": Request(cold, site.LISTS),
        "lists, Django under gthread": Request(django, site.LISTS),
    }


def requests_to_site(server: Server) -> dict[str, Request]:
    """Return what readers ask of the site, the plain article first."""
    article = Request(server, site.ARTICLES[:1])
    return {
        "article": article,
        "list": Request(server, site.LISTS[:1]),
        "304": Request(server, site.ARTICLES[:1], {"If-None-Match": answer_to(article).headers["etag"]}),
        "article to a browser": Request(server, site.ARTICLES[:1], BROWSER),
    }


def measure(requests: dict[str, Request], rounds: int, seconds: int) -> dict[str, list[float]]:
    """Return the requests a second of each, one figure for each round; every other round goes backwards."""
    speeds: dict[str, list[float]] = {name: [] for name in requests}
    for request in requests.values():
        requests_a_second(request, 1)
    for number in range(rounds):
        print(f"Round {number + 1} of {rounds}", flush=True)
        for name in list(requests) if number % 2 else reversed(requests):
            speeds[name].append(requests_a_second(requests[name], seconds))
    return speeds
