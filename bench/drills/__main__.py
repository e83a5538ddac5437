"""Run as `./run drill`: all drills, or those that are named; with `--short` each takes less than a minute.

What came out is printed. In full length, it takes the place of what `bench/DRILLS.md` says of the drill.
"""

import importlib
import os
import pkgutil
import re
import sys
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
os.environ.setdefault("SECRET_KEY", "for the drills alone")

from bench import drills
from bench.drills import Drill
from bench.serving.report import machine

RESULTS = Path(__file__).resolve().parent.parent / "DRILLS.md"
TITLE = """# Drills

Made by `./run drill`: the site with two workers, as `./run` serves it, attacked, overloaded and broken on purpose.

"""


def names() -> list[str]:
    """Return the names of all drills: of the modules with a function `run`."""
    modules = (module.name for module in pkgutil.iter_modules(drills.__path__) if module.name != "__main__")
    return [name for name in modules if hasattr(importlib.import_module(f"bench.drills.{name}"), "run")]


def told(drill: Drill) -> str:
    lines = "\n".join(f"- {sentence}" for sentence in drill.sentences)
    return f"## {drill.name}\n\n{'Passed.' if drill.has_passed else '**Failed.**'}\n\n{lines}\n"


def write(drill: Drill) -> None:
    """Put the section of a drill in the place of the one that is there, the sections in the order of their names."""
    text = RESULTS.read_text() if RESULTS.exists() else ""
    sections = dict(re.findall(r"^(## (?:.*)\n)((?:(?!## ).*\n?)*)", text, re.MULTILINE))
    section = told(drill)
    title, _, rest = section.partition("\n")
    sections[f"{title}\n"] = rest
    bodies = "\n".join(name + sections[name].strip("\n").join("\n\n") for name in sorted(sections))
    RESULTS.write_text(f"{TITLE}{machine()}\n{bodies}")


def main(words: list[str]) -> int:
    is_short = "--short" in words
    wanted = [word for word in words if word != "--short"] or names()
    if unknown := set(wanted) - set(names()):
        print(f"There is no drill {', '.join(sorted(unknown))}. There are: {', '.join(names())}.", file=sys.stderr)
        return 2
    has_passed = True
    for name in wanted:
        print(f"Drill: {name}", flush=True)
        drill = importlib.import_module(f"bench.drills.{name}").run(is_short)
        print(told(drill), flush=True)
        if not is_short:
            write(drill)
        has_passed = has_passed and drill.has_passed
    return 0 if has_passed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
