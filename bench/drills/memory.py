"""Half a million requests: the memory of the workers stays as it is."""

from statistics import mean

from bench.drills import Drill
from bench.serving import site
from bench.serving.memory import megabytes
from bench.serving.programs import workers
from bench.serving.wrk import Request, ask
from blog.tests.checkout import fresh_checkout

# First of all, until the stores of both workers are full, and what Django keeps of words, dates and teasers.
WARM_UP, UNSTORED_WARM_UP = 40_000, 6_000
STORED, SHORT_STORED = 100_000, 10_000
STEPS = 5
# In each step as well: pages that no store keeps, each with a query of its own.
UNSTORED, SHORT_UNSTORED = 2_000, 200
# So few that the warm-up brings every page to both workers: connections and addresses take turns, and with more pages
# some reach the second worker late.
ARTICLES = 300
# What a worker may have more at the end than after the first step, in MB.
GROWTH = 4.0


def run(is_short: bool) -> Drill:
    stored, unstored = (SHORT_STORED, SHORT_UNSTORED) if is_short else (STORED, UNSTORED)
    with fresh_checkout() as checkout:
        site.set_up(checkout, ARTICLES, 10)
        server, paths = site.served(checkout), site.paths(2 * ARTICLES) + site.LISTS
        held = []
        with server.running() as process:
            ask(Request(server, paths), WARM_UP)
            ask(Request(server, [f"/en/?first={number}" for number in range(UNSTORED_WARM_UP)]), UNSTORED_WARM_UP)
            for step in range(STEPS):
                ask(Request(server, paths), stored)
                ask(Request(server, [f"/en/?{step}={number}" for number in range(unstored)]), unstored)
                held.append(mean(megabytes(pid, "Pss") for pid in workers(process)))
    growth = held[-1] - held[0]
    sentences = [
        f"First {WARM_UP + UNSTORED_WARM_UP:,} requests that fill what is kept.",
        f"Then {STEPS} times {stored:,} requests for {len(paths):,} pages that are stored, and "
        f"{unstored:,} for pages that Django makes.",
        f"A worker held {', '.join(f'{value:.1f}' for value in held)} MB after each (PSS, the mean of two).",
        f"That is {growth:+.1f} MB from the first to the last; wanted: {GROWTH:.0f} MB at most.",
    ]
    return Drill("memory", sentences, growth <= GROWTH)
