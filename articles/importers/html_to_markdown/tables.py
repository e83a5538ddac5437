"""Tables: which cells they have, and how Markdown writes them."""

import re
from dataclasses import replace

from .blocks import blocks_in, line_in
from .context import Block, Context
from .marks import altered
from .nodes import Element

# Wider ones are no tables to read.
MAX_COLUMNS = 40
NOT_IN_CELLS = ("table", "pre", "h1", "h2", "h3", "h4", "h5", "h6")
ALIGNED = re.compile(r"text-align:\s*(center|right)")
ALIGNMENT_CLASS = re.compile(r"has-text-align-(center|right)|align-?(center|right)")

Rows = list[list[Element | None]]


def table(node: Element, context: Context) -> list[Block]:
    return table_with(node, context, caption="")


def table_with(node: Element, context: Context, caption: str) -> list[Block]:
    """Return a table with a caption that stands elsewhere; its own comes first."""
    rows = _rows(node)
    if rows is None:
        context.findings.lose(node, "a table that only places things, or holds what no cell can, is taken apart")
        return blocks_in(node, context)
    words = [[_cell(cell, context, is_head=not number) for cell in row] for number, row in enumerate(rows)]
    own = next((child for child in node.children if isinstance(child, Element) and child.name == "caption"), None)
    caption = (line_in(own, context) if own else "") or caption
    if any(cell is None for row in rows for cell in row):
        context.findings.lose(node, "a cell that reaches over others stands alone, beside empty ones")
    rule = [{"center": ":-:", "right": "--:"}.get(alignment, "---") for alignment in _alignments(rows)]
    lines = [f"| {' | '.join(row)} |" for row in [words[0], rule, *words[1:]]]
    return [Block("\n".join(lines) + (f"\n\nTable: {caption}" if caption else ""), node.line)]


def _cell(cell: Element | None, context: Context, *, is_head: bool) -> str:
    if cell is None:
        return ""
    return line_in(cell, replace(altered(cell, context)), is_bold=is_head, line_break="<br>", always="|")


def _rows(node: Element) -> Rows | None:
    if node.get("role") == "presentation" or node.first(*NOT_IN_CELLS):
        return None
    tr = [element for element in node.walk() if element.name == "tr"]
    grid: list[dict[int, Element | None]] = [{} for _ in tr]
    for number, row in enumerate(tr):
        column = 0
        for cell in [child for child in row.children if isinstance(child, Element) and child.name in {"td", "th"}]:
            while column in grid[number]:
                column += 1
            below, beside = _span(cell, "rowspan", len(tr) - number), _span(cell, "colspan", MAX_COLUMNS)
            for down in range(below):
                for right in range(beside):
                    grid[number + down][column + right] = None if down or right else cell
            column += beside
            if column > MAX_COLUMNS:
                return None
    filled = [row for row in grid if any(row.values())]
    width = max((max(row) + 1 for row in filled), default=0)
    if width < 2 or (len(filled) < 2 and not node.first("th")):
        return None
    return [[row.get(column) for column in range(width)] for row in filled]


def _span(cell: Element, name: str, most: int) -> int:
    """As far as the table goes, whatever the cell says."""
    return min(int(cell.get(name)), most) if re.fullmatch(r"[1-9]\d{0,3}", cell.get(name)) else 1


def _alignments(rows: Rows) -> list[str]:
    """Return how the cells of each column are set, below the head: "center", "right" or ""."""
    body = rows[1:] or rows
    result = []
    for column in range(len(rows[0])):
        found = {_alignment(cell) for row in body if (cell := row[column]) and cell.text.strip()}
        result.append(found.pop() if len(found) == 1 else "")
    return result


def _alignment(cell: Element) -> str:
    styled, classed = ALIGNED.search(cell.get("style")), ALIGNMENT_CLASS.search(cell.get("class"))
    if styled:
        return styled[1]
    return (classed[1] or classed[2]) if classed else cell.get("data-align") or cell.get("align")
