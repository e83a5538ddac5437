"""What an import tells of itself: a line for each file, what is in conflict, and how much became what."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from .problems import Problem, printable
from .subjects import Outcome
from .three_way import DECIDED

KINDS = ("created", "updated", "unchanged", "kept", "left alone")
# "created", "tags updated", "part kept: changed on the site since": the last of these words before a colon.
KIND = re.compile(rf"(?:.* )?({'|'.join(KINDS)})(?::.*)?", re.DOTALL)


def lines(outcomes: Iterable[Outcome]) -> Iterator[str]:
    for path, outcome in outcomes:
        yield f"{printable(path)}: {printable(outcome)}"


def summary(outcomes: Iterable[Outcome]) -> str:
    """Return how many files and facts became what, and how many of them --prefer decided."""
    words = [outcome for _path, outcome in outcomes]
    count = Counter(match[1] for outcome in words if (match := KIND.fullmatch(outcome)))
    told = [f"{kind} {count[kind]}" for kind in KINDS if count[kind] or kind != "left alone"]
    conflicts = sum(DECIDED in outcome for outcome in words)
    changes = count["created"] + count["updated"]
    return f"{', '.join([*told, f'conflicts {conflicts}']).capitalize()}. Changes: {changes}."


def problem_lines(problems: Iterable[Problem]) -> Iterator[str]:
    """Yield each problem, a conflict with what either side changed."""
    for problem in problems:
        yield str(problem)
        yield from ("    " + printable(line, kept="\t") for line in problem.diff.splitlines())


def problem_summary(problems: list[Problem], is_dry: bool) -> str:
    conflicts = sum(bool(problem.diff) for problem in problems)
    told = f"Nothing {'would be' if is_dry else 'was'} imported. Problems: {len(problems)}."
    if conflicts:
        told += f" Conflicts among them: {conflicts}; --prefer folder or --prefer site says which side wins."
    return told
