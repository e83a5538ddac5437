"""What was measured, as Markdown: ratios with their spread, the targets, and what misses them."""

import os
import platform
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median

from bench.serving.wagtail import REQUIREMENTS
from bench.serving.wrk import COMMAND, Request

TEXT = """# The site under load

Made by `./run bench serving`. wrk asks with one thread and 16 connections on the machine that serves, and every server
has two workers. The figures are medians of {plan.rounds} rounds; each round measures everything that is compared for
{plan.seconds} seconds, every other one in reverse. An article is a page of 15 KB. The site has {plan.pages:,} of them,
half in each language, the one of Wagtail {plan.pages_of_wagtail}.

{machine}
## Speed

Stored pages come from the site as `./run` serves it, cold ones from the same with no room in its store. The bare
application gives the same bytes and headers on the same server. What a static generator makes of an article is the
file that nginx has.

{ratios}
{speeds}
{commands}
## One server

The first page is there when a new server has answered. Then browsers ask three times for each of {plan.pages:,} pages,
of which a worker keeps what it has room for, and {plan.pages:,} times for Wagtail's. Memory is the mean of two workers:
PSS shares among processes what they have in common, RSS counts it for each. Each site starts its workers as it is
documented: ours after loading the application once, Wagtail's each by itself.

{alone}
## Growth

Milliseconds of the processor for a cold page of Django alone, among more and more articles, and the speed among the
most of them against the speed among the fewest, which should be {least_of_growth} or more.

{growth}
## What misses its target

{missed}"""


@dataclass(frozen=True)
class Figure:
    """What came out, the lowest and the highest of single rounds, and what it should be at least or at most."""

    name: str
    value: float
    lowest: float
    highest: float
    least: float | None = None
    stretch: float | None = None
    most: float | None = None

    @classmethod
    def of(cls, name: str, rounds: Sequence[float], **target: float | None) -> "Figure":
        return cls(name, median(rounds), min(rounds), max(rounds), **target)

    @property
    def is_missed(self) -> bool:
        if self.least is not None:
            return self.value < self.least
        return self.most is not None and self.value > self.most

    @property
    def target(self) -> str:
        if self.least is not None:
            return f"≥ {self.least:g}" + (f", better {self.stretch:g}" if self.stretch else "")
        return "" if self.most is None else f"≤ {self.most:g}"

    @property
    def row(self) -> str:
        return f"| {self.name} | {shown(self.value)} | {self.spread} | {self.target} | {self.verdict} |"

    @property
    def spread(self) -> str:
        return f"{shown(self.lowest)} – {shown(self.highest)}" if self.lowest < self.highest else ""

    @property
    def verdict(self) -> str:
        return ("**missed**" if self.is_missed else "reached") if self.target else ""


def ratio(name: str, ours: Sequence[float], theirs: Sequence[float], **target: float | None) -> Figure:
    """Return the ratio of two medians; figures of the same round belong together."""
    rounds = [one / other for one, other in zip(ours, theirs, strict=True)]
    return Figure(name, median(ours) / median(theirs), min(rounds), max(rounds), **target)


def shown(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"


def table(figures: Sequence[Figure]) -> str:
    head = "| | of the medians | of single rounds | target | |\n|---|---:|---:|---:|---|\n"
    return head + "".join(f"{figure.row}\n" for figure in figures)


def table_of_speeds(speeds: dict[str, list[float]]) -> str:
    head = "| | requests a second | of single rounds |\n|---|---:|---:|\n"
    return head + "".join(
        f"| {name} | {median(rounds):,.0f} | {min(rounds):,.0f} – {max(rounds):,.0f} |\n"
        for name, rounds in speeds.items()
    )


def list_of_commands(requests: dict[str, Request], seconds: int) -> str:
    """Return how each server was started, and how it was asked."""
    servers = {name.partition(", ")[2]: request.server.shown for name, request in requests.items()}
    lines = [f"- {name}: `{command}`" for name, command in servers.items()]
    return "\n".join([*lines, f"- asked by `{' '.join(COMMAND)} -d{seconds} http://127.0.0.1:PORT/…`"]) + "\n"


def table_of_growth(seconds: dict[str, dict[int, list[float]]], figures: Sequence[Figure]) -> str:
    """Return a row for each page, with its figure, and a column for each number of articles."""
    sizes = [f"{size:,}" for size in next(iter(seconds.values()))]
    head = f"| | {' | '.join(sizes)} | speed | of single rounds | |\n|---|{'---:|' * (len(sizes) + 2)}---|\n"
    rows = []
    for (name, by_size), figure in zip(seconds.items(), figures, strict=True):
        medians = " | ".join(f"{median(rounds) * 1000:.1f}" for rounds in by_size.values())
        rows.append(f"| {name} | {medians} | {shown(figure.value)} | {figure.spread} | {figure.verdict} |\n")
    return head + "".join(rows)


def list_of_missed(figures: Sequence[Figure]) -> str:
    missed = [f"- {figure.name}: {shown(figure.value)}, {figure.target}" for figure in figures if figure.is_missed]
    return "\n".join(missed or ["No target."]) + "\n"


def machine() -> str:
    """Return what the figures depend on: the machine and the versions."""
    memory = int(re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())[1]) / 1024**2
    model = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    facts = [
        f"{os.cpu_count()} cores{f' ({model[1]})' if model else ''}, {memory:.0f} GB",
        f"Linux {platform.release()}",
        f"Python {platform.python_version()}",
        ", ".join(f"{name} {version(name)}" for name in ("django", "gunicorn", "uvloop"))
        + "; beside it "
        + ", ".join(REQUIREMENTS).replace("==", " "),
        *(_first_line(command) for command in (["nginx", "-v"], ["wrk", "-v"])),
    ]
    return "\n".join(f"- {fact}" for fact in facts) + "\n"


def _first_line(command: list[str]) -> str:
    run = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return (run.stdout + run.stderr).splitlines()[0]
