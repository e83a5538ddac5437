"""The site under load, beside what it is compared with: a bare application, nginx, Django alone, Wagtail.

Run as `./run bench serving`: it prints what came out and writes it to `bench/RESULTS.md`. With `--quick` it takes three
minutes and writes nothing. It takes 5 GB in the temporary folder for a while.
"""

import os
import signal
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
os.environ.setdefault("SECRET_KEY", "for the benchmark alone")

from bench.environments import environment
from bench.serving import comparison, growth, memory, report, site, wagtail
from bench.serving.prose import PARAGRAPHS
from bench.serving.report import Figure, ratio
from bench.serving.wrk import BROWSER, Request
from blog.tests.checkout import fresh_checkout

RESULTS = Path(__file__).resolve().parent.parent / "RESULTS.md"

# Of a worker that holds all stored pages to one of Wagtail.
MOST_MEMORY = 0.65
MOST_SECONDS_TO_FIRST_PAGE = 1.5
LEAST_SPEED_OF_MANY = 0.67


@dataclass(frozen=True)
class Plan:
    """How much is measured. `pages` are stored and asked for; `sizes` are numbers of articles."""

    rounds: int
    seconds: int
    pages: int
    pages_of_wagtail: int
    sizes: tuple[int, ...]


FULL = Plan(rounds=5, seconds=3, pages=10_000, pages_of_wagtail=200, sizes=(100, 10_000, 100_000))
QUICK = Plan(rounds=3, seconds=1, pages=1000, pages_of_wagtail=50, sizes=(100, 10_000))


def under_load(plan: Plan, place: comparison.Place) -> tuple[list[Figure], str, str]:
    """Return the ratios of everything that is compared, the table of what they are made of, and the commands."""
    with ExitStack() as servers:
        requests = comparison.start(servers, place)
        speeds = comparison.measure(requests, plan.rounds, plan.seconds)
    figures = [
        ratio(f"{target.request} / {target.other}", speeds[target.request], speeds[target.other], **target.wanted)
        for target in comparison.TARGETS
    ]
    return figures, report.table_of_speeds(speeds), report.list_of_commands(requests, plan.seconds)


def one_server(plan: Plan, place: comparison.Place) -> list[Figure]:
    """Return how soon the site's first page is there, and what its workers hold in the end."""
    print("Starting once more, and filling the memory", flush=True)
    ours, theirs = site.served(place.checkout), place.wagtail()
    seconds = memory.seconds_to_first_page(ours, plan.rounds)
    # A page is kept by the worker that is asked for it: in three turns, each worker has most of them.
    held = memory.after(Request(ours, site.paths(plan.pages), BROWSER), 3 * plan.pages)
    held_by_wagtail = memory.after(Request(theirs, wagtail.ARTICLES, BROWSER), plan.pages)
    return [
        Figure.of("seconds from the start to the first page", seconds, most=MOST_SECONDS_TO_FIRST_PAGE),
        ratio("memory of a worker (PSS) / Wagtail's", [held.pss], [held_by_wagtail.pss], most=MOST_MEMORY),
        ratio("memory of a worker (RSS) / Wagtail's", [held.rss], [held_by_wagtail.rss], most=MOST_MEMORY),
        Figure.of("MB of a worker (PSS)", [held.pss]),
        Figure.of("MB of a worker (RSS)", [held.rss]),
    ]


def with_many_articles(plan: Plan, place: comparison.Place) -> tuple[list[Figure], str]:
    """Return each page's speed among the most articles against that among the fewest, and the table of both."""
    print("Growing", flush=True)
    seconds = growth.measure(place.checkout, plan.sizes, plan.rounds)
    few, many = plan.sizes[0], plan.sizes[-1]
    figures = [
        ratio(f"{name}, {many:,} / {few:,}", by_size[few], by_size[many], least=LEAST_SPEED_OF_MANY)
        for name, by_size in seconds.items()
    ]
    return figures, report.table_of_growth(seconds, figures)


def measured(plan: Plan) -> str:
    programs = environment(wagtail.REQUIREMENTS)
    with tempfile.TemporaryDirectory() as name, fresh_checkout() as checkout:
        place = comparison.Place(checkout, Path(name), programs)
        print("Making the sites", flush=True)
        site.set_up(checkout, plan.pages // 2, PARAGRAPHS)
        wagtail.fill(programs, checkout, place.wagtail_data, plan.pages_of_wagtail)
        ratios, speeds, commands = under_load(plan, place)
        print(report.table(ratios), flush=True)
        alone = one_server(plan, place)
        print(report.table(alone), flush=True)
        ratios_of_growth, growing = with_many_articles(plan, place)
    return report.TEXT.format(
        plan=plan,
        machine=report.machine(),
        ratios=report.table(ratios),
        speeds=speeds,
        commands=commands,
        alone=report.table(alone),
        growth=growing,
        least_of_growth=LEAST_SPEED_OF_MANY,
        missed=report.list_of_missed([*ratios, *alone, *ratios_of_growth]),
    )


def main() -> None:
    # As Ctrl-C: what was started ends first.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    is_quick = "--quick" in sys.argv[1:]
    text = measured(QUICK if is_quick else FULL)
    print(text)
    if not is_quick:
        RESULTS.write_text(text)


if __name__ == "__main__":
    main()
