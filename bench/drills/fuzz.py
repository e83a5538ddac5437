"""Twenty thousand requests at random over all addresses, methods, headers and forms, as each role."""

import json
import subprocess
import sys
from collections import Counter

from bench.drills import Drill
from bench.environments import INHERITED
from blog.tests.checkout import fresh_checkout

NUMBER, SHORT_NUMBER = 20_000, 1_400
SEED = 10
# In a process with a database of its own; the last line of its output is the result.
ASK = """
import json
from config.tests.fuzzed_site import fuzzed, make_site, served
people = make_site()
with served() as server:
    results = fuzzed(server, people, {number} // len(people) + 1, {seed})
print(json.dumps([[each.who, each.statuses, each.faults, each.crossed] for each in results]))
"""


def run(is_short: bool) -> Drill:
    number = SHORT_NUMBER if is_short else NUMBER
    results = _results(number)
    statuses = sum((Counter(counted) for _who, counted, _faults, _crossed in results), Counter())
    kinds = Counter({f"{status[0]}xx" if status.isdigit() else status: 0 for status in statuses})
    for status, count in statuses.items():
        kinds[f"{status[0]}xx" if status.isdigit() else status] += count
    faults = [fault for _who, _counted, found, _crossed in results for fault in found]
    crossed = [f"{who}: {line}" for who, _counted, _faults, lines in results for line in lines]
    sentences = [
        f"{sum(statuses.values()):,} requests at random (seed {SEED}) over all addresses, methods, headers and forms, "
        f"as {', '.join(who for who, *_ in results)}.",
        "Answers: " + ", ".join(f"{count:,} {kind}" for kind, count in sorted(kinds.items())) + ".",
        f"Faults (5xx, a secret, a stranger's header, script or address, an error in the log): {len(faults)}.",
        f"Changed without a right to it, in any table: {len(crossed)}.",
        *(line[:300] for line in (faults + crossed)[:60]),
    ]
    return Drill("fuzz", sentences, has_passed=not faults and not crossed)


def _results(number: int) -> list:
    variables = INHERITED | {"SECRET_KEY": "of a drill, and of nothing else"}
    with fresh_checkout() as checkout:

        def manage(*words: str) -> str:
            command = [sys.executable, "manage.py", *words]
            return subprocess.run(  # noqa: S603
                command, cwd=checkout, env=variables, check=True, stdout=subprocess.PIPE, text=True
            ).stdout

        manage("compilemessages")
        manage("collectstatic", "--no-input")
        manage("migrate")
        output = manage("shell", "--no-imports", "--command", ASK.format(number=number, seed=SEED))
    return json.loads(output.splitlines()[-1])
