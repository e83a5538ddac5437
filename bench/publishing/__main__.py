"""How long it takes to publish a blog as static files, beside Pelican and Nikola, of the same Markdown files.

Run as `./run bench publishing`; `--articles` and `--rounds` change the size. The other two are installed in an
environment of their own outside the project, once. It prints a Markdown table and writes it to `bench/PUBLISHING.md`.
"""

import argparse
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench.environments import environment

from .systems import REQUIREMENTS, Ours, System, systems_in
from .texts import LANGUAGES, TAGS, Text

RESULTS = Path(__file__).resolve().parents[1] / "PUBLISHING.md"
ARTICLES, ROUNDS = 200, 3

PREFACE = """# Publishing a blog as static files

{articles} articles in two languages, which make {texts} article pages: the same Markdown files for all ({size} on
average: headings, links, and a list, a quotation, a table or code in each section), three of {tags} tags each.
All three write index pages of ten articles, pages of tags, and feeds; Pelican and Nikola with the themes that they come
with. Wall-clock seconds, start of the programs included, median of {rounds} rounds that alternate; {cores} cores.
Made by `bench/publishing/` with
{versions}.

- *new*: the whole site where there was none. Pelican and Nikola make HTML of the Markdown then; this site does so when
  an article is saved, and `export_site` writes what it has. Of the same files, `import_articles` makes the site's
  articles once, in {imported:.1f} s, with their revisions and the index of its search.
- *nothing changed*, *one text changed*: the same command again; here `import_articles` and `export_site` where a file
  changed. Pelican reads from its own cache then (`LOAD_CONTENT_CACHE`), which it is given beforehand.
- *article page* is the time of *new* by article pages; *page* by all HTML files that were written, which are not the
  same on the three: this site and Nikola have index pages, tags and an archive for each language, Pelican has one for
  both, and this site pages of the months as well. Besides, this site writes a copy of each article as Markdown, an
  image of each article for social media, and a feed of each tag in two forms.
- *compressed*: this site always writes each text for servers that send it compressed as well, with gzip and brotli.
  Pelican does so by its plugin, on all cores, at the highest level of brotli, the only one that it knows; Nikola by its
  setting, with gzip alone.
- *processors* is the time that all processes used for *new* together, and by HTML files. It says more than the clock
  does where the machine has other work.
"""


@dataclass
class Figures:
    """The seconds of each round: by the clock, and those that processors worked."""

    new: list[float] = field(default_factory=list)
    processors: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)
    changed: list[float] = field(default_factory=list)
    pages: int = 0


def measure(systems: list[System], rounds: int) -> dict[str, Figures]:
    figures = {system.name: Figures() for system in systems}
    for number in range(rounds):
        for system in systems if number % 2 == 0 else reversed(systems):
            print(f"Round {number + 1}: {system.name}", flush=True)
            _measure_once(system, figures[system.name], number)
    return figures


def _measure_once(system: System, figures: Figures, number: int) -> None:
    system.fresh()
    used = _processor_seconds()
    figures.new.append(_timed(system.build))
    figures.processors.append(_processor_seconds() - used)
    figures.pages = system.pages()
    system.prepare_again()
    figures.again.append(_timed(system.build))
    text = system.texts[len(system.texts) // 2]
    system.write(text, f"{text.body}\nOne sentence more, in round {number}.\n")
    figures.changed.append(_timed(system.take_in) + _timed(system.build))
    system.write(text, text.body)


def _timed(work: Callable[[], None]) -> float:
    start = time.monotonic()
    work()
    return time.monotonic() - start


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def rows(figures: dict[str, Figures], texts: int) -> Iterator[str]:
    heads = ("", "new", "nothing changed", "one text changed", "article page", "HTML files", "page")
    yield "| " + " | ".join([*heads, "processors", "processors, a page"]) + " |"
    yield "|---" + "|--:" * (len(heads) + 1) + "|"
    for name, found in figures.items():
        new, again, changed, processors = (
            statistics.median(seconds) for seconds in (found.new, found.again, found.changed, found.processors)
        )
        cells = [f"{new:.1f} s", f"{again:.1f} s", f"{changed:.1f} s"]
        cells += [f"{1000 * new / texts:.1f} ms", f"{found.pages}", f"{1000 * new / found.pages:.1f} ms"]
        cells += [f"{processors:.1f} s", f"{1000 * processors / found.pages:.1f} ms"]
        yield f"| {' | '.join([name, *cells])} |"


def main() -> None:
    parser = argparse.ArgumentParser(description="Publish a blog with this site, Pelican and Nikola.")
    parser.add_argument("--articles", type=int, default=ARTICLES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    wanted = parser.parse_args()
    texts = [Text(number, language) for number in range(wanted.articles) for language in LANGUAGES]
    with tempfile.TemporaryDirectory() as folder:
        systems = systems_in(Path(folder), texts, environment(REQUIREMENTS))
        figures = measure(systems, wanted.rounds)
    table = "\n".join(rows(figures, len(texts)))
    preface = PREFACE.format(
        articles=wanted.articles,
        texts=len(texts),
        tags=TAGS,
        rounds=wanted.rounds,
        cores=os.cpu_count(),
        imported=statistics.median(system.import_seconds for system in systems if isinstance(system, Ours)),
        size=f"{statistics.mean(len(text.body) for text in texts) / 1000:.1f} KB",
        versions=", ".join(REQUIREMENTS).replace("==", " "),
    )
    RESULTS.write_text(f"{preface}\n{table}\n")
    print(table)


if __name__ == "__main__":
    main()
