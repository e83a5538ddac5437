"""Tables of kramdown as this site reads them. https://kramdown.gettalong.org/syntax.html#tables

There a table needs no head, and lines of dashes part its bodies and its foot. Here it has one head and one body.
"""

import re
from collections.abc import Iterator

from articles.importers.lines import Change, Text, prose

TABLE = re.compile(r"(?<![^\n]\n)(?:^ {0,3}\|[^\n]*(?:\n|\Z))+", re.MULTILINE)
LINE = re.compile(r" {0,3}\|[ \t|:+=-]*[-=][ \t|:+=-]*")
CELL = re.compile(r"(?<!\\)\|")


def with_heads(text: Text) -> Iterator[Change]:
    for match in TABLE.finditer(prose(text.body)):
        # What stands in code within a cell is blank in prose alone.
        rows = text.body[match.start() : match.end()].splitlines(keepends=True)
        parting = [number for number, row in enumerate(rows) if LINE.fullmatch(row.rstrip())]
        if len(parting) == len(rows) or (parting == [1] and len(rows) > 1):
            continue
        has_head = 1 in parting and 0 not in parting
        at = match.start()
        if not has_head:
            columns = max(
                len(CELL.findall(row.strip().strip("|"))) + 1 for row in rows if not LINE.fullmatch(row.rstrip())
            )
            yield at, at, "|" + "  |" * columns + "\n|" + " --- |" * columns + "\n"
        for number, row in enumerate(rows):
            if number in parting and not (has_head and number == 1):
                yield at, at + len(row), ""
            at += len(row)
