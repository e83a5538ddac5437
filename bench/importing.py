"""How long an import of thousands of articles in two languages takes, and how much memory.

Run as `.venv/bin/python -m bench.importing`; it prints a Markdown table and writes it to `bench/IMPORTING.md`.
"""

import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from bench.serving.prose import sections

HERE = Path(__file__).resolve().parent
SIZES = (1000, 5000)
LANGUAGES = ("en", "fr")
TAGS, AUTHORS = 50, 5

PREFACE = """# The import of many articles

`import_articles` with a folder of new articles, English and French, each text unique and of 5 to 10 KB: headings, prose
with links and emphasis, a list, a quote, a note, a table and code. Into an empty database of SQLite, all in one
transaction. Memory is the most that the importing process held at a time; processor is the time of all processes
together. Made by `bench/importing.py` on a machine of two processors.
"""

PROSE = {
    "en": 'It\'s "quoted" -- with *words*, `code` and [a link](https://example.org/{number}) in it; 10-20 km. {text}',
    "fr": 'C\'est "cité" - avec *des mots*, `du code` et [un lien](https://example.org/{number}) : 12 000 km ! {text}',
}
CODE = """```python
def number_{number}(values: list[int]) -> int:
    \"\"\"Return the {word} of some values.\"\"\"
    return sum(value * {number} for value in values if value)
```"""
TABLE = "| {word} | {number} |\n|---|---|\n| a | 1 |\n| b | {number} |"


def body(number: int, language: str) -> str:
    """Return Markdown of 5 to 10 KB; no two numbers and languages have a sentence in common."""
    seed = number * len(LANGUAGES) + LANGUAGES.index(language)
    source = random.Random(seed)  # noqa: S311
    paragraphs = source.randint(7, 13)
    blocks = []
    for section in sections(seed, paragraphs):
        word = section.heading.rpartition(" ")[2]
        prose = (PROSE[language].format(number=seed, text=paragraph) for paragraph in section.paragraphs)
        blocks += [f"## {section.heading} {seed}", *prose]
        extras = [
            CODE.format(number=seed, word=word),
            TABLE.format(number=seed, word=word),
            f"- {word}\n- **{seed}**\n- another",
            f"> {word} {seed}",
            f"A note.[^{word}]\n\n[^{word}]: Of {seed}.",
        ]
        blocks.append(source.choice(extras))
    return "\n\n".join(blocks) + "\n"


def write(folder: Path, size: int) -> float:
    """Write so many articles; return the mean size of a text in bytes."""
    folder.mkdir()
    names = "".join(f"t{tag}: {{en: Tag {tag}, fr: Mot {tag}}}\n" for tag in range(TAGS))
    (folder / "tags.yaml").write_text(names)
    total = 0
    for number in range(size):
        (folder / f"article-{number}").mkdir()
        tags = ", ".join(f"t{(number * step) % TAGS}" for step in (1, 7, 11))
        shared = f"source_language: en\nauthors: [Author {number % AUTHORS}]\ntags: [{tags}]\n"
        for code in LANGUAGES:
            head = f"title: Title {number}\nsummary: What article {number} says.\npublished_at: 2024-05-01\n"
            text = f"---\n{head}{shared if code == 'en' else ''}---\n\n{body(number, code)}"
            total += (folder / f"article-{number}" / f"index.{code}.md").write_text(text)
    return total / (size * len(LANGUAGES))


class Run(NamedTuple):
    size: int
    text_bytes: float
    seconds: float
    processor: float
    memory: int

    @property
    def row(self) -> str:
        texts = self.size * len(LANGUAGES)
        cells = [f"{self.size:,}", f"{self.text_bytes / 1000:.1f} KB", f"{self.seconds:.0f} s"]
        cells += [f"{1000 * self.seconds / texts:.1f} ms", f"{1000 * self.processor / texts:.1f} ms"]
        return "| " + " | ".join([*cells, f"{self.memory / 1e6:.0f} MB"]) + " |"


def measure(size: int) -> Run:
    """Import so many articles into a database of their own, by the command."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        text_bytes = write(folder / "articles", size)
        environment = os.environ | {
            "DATABASE_URL": f"sqlite:///{name}/db.sqlite3",
            "DATA_DIR": name,
            "SECRET_KEY": "for the benchmark alone",
        }
        manage = [sys.executable, str(HERE.parent / "manage.py")]
        subprocess.run([*manage, "migrate", "--verbosity", "0"], env=environment, check=True)  # noqa: S603
        start = time.monotonic()
        command = [*manage, "import_articles", str(folder / "articles")]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603
        _pid, status, used = os.wait4(process.pid, 0)
        if status:
            raise RuntimeError("The import failed.")
        # The renderers are waited for by the importing process, so their time is in here.
        processor = used.ru_utime + used.ru_stime
        return Run(size, text_bytes, time.monotonic() - start, processor, used.ru_maxrss * 1024)


def main() -> None:
    table = "| articles | a text | import | for each text | processor for each | memory |\n" + "|" + " --- |" * 6
    for size in SIZES:
        table += "\n" + measure(size).row
        # The next one takes a while.
        (HERE / "IMPORTING.md").write_text(f"{PREFACE}\n{table}\n")
    print(table)


if __name__ == "__main__":
    main()
