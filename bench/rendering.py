"""The slowest inputs that are known, against their size: each must render within two seconds or be refused.

Run as `.venv/bin/python bench/rendering.py`; it prints a Markdown table and writes it to `bench/RENDERING.md`.
"""

import os
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("SECRET_KEY", "for the benchmark alone")

import django  # noqa: E402

django.setup()

from articles.markdown import BodyRefused  # noqa: E402
from articles.markdown.limits import check  # noqa: E402
from articles.markdown.process import RendererProcess  # noqa: E402

# Characters, which are bytes as well in all inputs but that of combining marks.
SIZES = (12_500, 25_000, 50_000, 100_000)

PREFACE = """# The slowest inputs

Seconds for each size, and why the text is refused where it is. Made by `bench/rendering.py`.

"""

# So that a name shows as it stands in the table.
ESCAPES = {ord(sign): f"\\{sign}" for sign in "\\`*_[]<>&~^!#|"}

# Repeated until the size is reached.
REPEATED = {
    "words": "Plain words in a long line, and nothing else. ",
    "paragraphs": "Some *words* with `code` and a [link](article:key).\n\n",
    "one letter": "a\n\n",
    "[": "[",
    "[ on lines of their own": "[\n\n",
    "[a](": "[a](",
    "![": "![",
    "![a](": "![a](",
    "[a][": "[a][",
    "[x](<": "[x](<",
    '[x](y "': '[x](y "',
    "[^1": "[^1",
    "[^1]": "[^1]",
    "<": "<",
    "<a ": "<a ",
    '<a b="': '<a b="',
    "<!--": "<!--",
    "<![": "<![",
    "<?": "<?",
    "</": "</",
    "<http://": "<http://",
    "http://a.": "http://a.",
    "a@": "a@",
    "www.": "www.",
    "*": "*",
    "*a": "*a ",
    "**a*": "**a*",
    "_a": "_a ",
    "~a^b": "~a^b ",
    "==a": "==a ",
    "++a": "++a ",
    "`": "`",
    "`a``": "`a``",
    "&": "&",
    "backslashes": "\\",
    "> ": "> ",
    "> lines": "> > a\n",
    "lists on one line": "- ",
    "list items": "- a\n",
    "numbered items": "1. a\n\n",
    "definitions": "a\n: b\n\n",
    "headings": "# a\n",
    "headings with attributes": "# a {#b .c}\n",
    "{: on lines": "a\n{: #b }\n\n",
    "fences without an end": "```a\n",
    "fences alone": "```\n\n",
    "headings that open a list": "#<ul>\n\n",
    "fences in lists": "- ```\n  a\n",
    "tilde fences": "~~~~\n~~~\n",
    "call-outs": "> [!NOTE]\n> a\n\n",
    "??? details": "??? note\n    a\n\n",
    "!!! call-outs": "!!! note\n",
    "<div markdown>": '<div markdown="1">\n',
    "<div>": "<div>",
    "<b title>": "<b title=a><p>",
    "unclosed <script": "<script ",
    "tabs": "\t",
    "line ends": "\n",
    "table rows": "| a | `b` |\n",
    "combining marks": "e\u0301\u0301 ",
}


def footnotes(size: int) -> str:
    count = size // 22
    return "".join(f"a[^{n}]\n\n" for n in range(count)) + "".join(f"[^{n}]: b\n\n" for n in range(count))


def references(size: int) -> str:
    count = size // 20
    return "".join(f"[a][{n}] " for n in range(count)) + "\n\n" + "".join(f"[{n}]: b\n" for n in range(count))


def one_long_reference(size: int) -> str:
    return "[a] " * (size // 8) + "\n\n[a]: " + "b" * (size // 2)


def one_long_abbreviation(size: int) -> str:
    return "a " * (size // 4) + "\n\n*[a]: " + "b" * (size // 2)


def abbreviations(size: int) -> str:
    count = size // 14
    return "".join(f"*[k{n}]: b\n" for n in range(count)) + "\n" + "k1 " * (size // 4)


def table_of_backticks(size: int) -> str:
    return "| a | b |\n|---|---|\n" + "| `a | b` |\n" * (size // 12)


def wide_table(size: int) -> str:
    count = size // 12
    return "| a " * count + "|\n" + "|---" * count + "|\n" + "| b " * count + "|\n"


def deep_list(size: int) -> str:
    return "".join(f"{'  ' * (n % 400)}- a\n" for n in range(size // 405))


def deep_quotes(size: int) -> str:
    return "".join(f"{'>' * (n % 400)} a\n\n" for n in range(size // 205))


def different_bold(size: int) -> str:
    return "".join(f"<b title={n}>" for n in range(size // 28)) + "<p>" * (size // 6)


def opened_then_closed(size: int) -> str:
    return "*a " * (size // 6) + "a* " * (size // 6)


def spans(size: int) -> str:
    return "[" * (size // 72) + "a" + "]{.b}" * (size // 72)


BUILT = (
    opened_then_closed,
    spans,
    footnotes,
    references,
    one_long_reference,
    one_long_abbreviation,
    abbreviations,
    table_of_backticks,
    wide_table,
    deep_list,
    deep_quotes,
    different_bold,
)


def inputs(size: int) -> dict[str, str]:
    """Return the text of each pattern, not longer than `size`."""
    texts = {name: (piece * (size // len(piece) + 1))[:size] for name, piece in REPEATED.items()}
    return texts | {build.__name__.replace("_", " "): build(size)[:size] for build in BUILT}


def measured(process: RendererProcess, body: str) -> str:
    """Return the seconds that a body takes, and why it is refused where it is."""
    start, outcome = time.perf_counter(), ""
    try:
        check(body)
        process.render(body, "en")
    except BodyRefused as refusal:
        outcome = f" {refusal.reason}"
    return f"{time.perf_counter() - start:.2f}{outcome}"


def main() -> None:
    process = RendererProcess()
    process.render("Start the process.", "en")
    rows = [f"| input | {' | '.join(f'{size / 1000:g} KB' for size in SIZES)} |", "|---" + "|--:" * len(SIZES) + "|"]
    print("\n".join(rows))
    texts = [inputs(size) for size in SIZES]
    for name in texts[0]:
        cells = (measured(process, of_size[name]) for of_size in texts)
        rows.append(f"| {name.translate(ESCAPES)} | {' | '.join(cells)} |")
        print(rows[-1], flush=True)
    process.stop()
    (HERE / "RENDERING.md").write_text(PREFACE + "\n".join(rows) + "\n")


if __name__ == "__main__":
    main()
