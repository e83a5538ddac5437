"""What each element is in Markdown, but for paragraphs: blocks.py finds them."""

import re
from dataclasses import replace
from itertools import pairwise

from .blocks import ELEMENTS, blocks_in, joined, line_in
from .code import code
from .context import Block, Context
from .escapes import as_heading, as_paragraph
from .figures import figure
from .marks import altered
from .nodes import Element
from .tables import table

DASH = re.compile(r"^\s*(?:[—–―-]\s*)")
HEADING_ID = re.compile(r"(?!page_)[\w.:-]{1,200}")


def indented(words: str, width: int) -> str:
    return re.sub(r"\n(?=.)", "\n" + " " * width, words)


def heading(node: Element, context: Context) -> list[Block]:
    level = min(int(node.name[1]) + context.findings.lower, 6)
    words = line_in(node, context, is_bold=True)
    if not words:
        return []
    name = node.get("id")
    anchor = f" {{#{name}}}" if name in context.findings.targets and HEADING_ID.fullmatch(name) else ""
    return [Block(f"{'#' * level} {as_heading(words)}{anchor}", node.line)]


def listing(node: Element, context: Context) -> list[Block]:
    items: list[tuple[list[Block], str]] = []
    for child in (child for child in node.children if isinstance(child, Element)):
        is_list = ELEMENTS.get(child.name) is listing
        inside = altered(child, context)
        blocks = listing(child, inside.deeper(child)) if is_list else blocks_in(child, inside)
        if blocks and items and all(block.kind == "list" for block in blocks):
            # A list that no item holds belongs to the item above.
            items[-1][0].extend(blocks)
        elif blocks:
            items.append((blocks, _task(child)))
    first = int(node.get("start")) if re.fullmatch(r"\d{1,8}", node.get("start")) else 1
    words = [_item(*item, f"{first + index}." if node.name == "ol" else "-") for index, item in enumerate(items)]
    is_loose = any("\n\n" in each for each in words)
    return [Block(("\n\n" if is_loose else "\n").join(words), node.line, "list")] if words else []


def _item(blocks: list[Block], task: str, marker: str) -> str:
    words = blocks[0].words
    for above, block in pairwise(blocks):
        is_tight = block.kind == "list" and above.kind == "paragraph"
        words += ("\n" if is_tight else "\n\n") + block.words
    width = len(marker) + 1
    if blocks[0].kind != "paragraph":
        return f"{marker} {indented(words, width)}"
    first, end, rest = words.partition("\n")
    # Further in, a heading would be words.
    width = width if any(block.words.startswith("#") for block in blocks) else max(4, width)
    return f"{marker} {task}{indented(as_heading(first) + end + rest, width)}"


def _task(item: Element) -> str:
    """The sign of an item that can be ticked off."""
    box = item.first("input")
    if box is None or box.get("type") != "checkbox" or box.within("li") is not item:
        return ""
    return "[x] " if "checked" in box.attributes else "[ ] "


def quote(node: Element, context: Context) -> list[Block]:
    source = next(
        (child for child in node.children if isinstance(child, Element) and child.name in {"cite", "footer"}), None
    )
    words = line_in(source, context) if source else ""
    if source:
        source.remove()
    blocks = blocks_in(node, altered(node, context))
    if words:
        # The name of who is quoted goes without its slant and its dash.
        words = re.sub(r"^\*(?!\*)(.*[^*\\])\*$", r"\1", words)
        blocks.append(Block(f"— {DASH.sub('', words)}", node.line, "paragraph"))
    return [quoted(joined(blocks), node.line)] if blocks else []


def quoted(words: str, line: int) -> Block:
    return Block(re.sub(r"^$", ">", re.sub(r"^(?=.)", "> ", words, flags=re.MULTILINE), flags=re.MULTILINE), line)


def definitions(node: Element, context: Context) -> list[Block]:
    entries = [
        element
        for element in node.walk()
        if element.name in {"dt", "dd"} and element.within("dl") is node and element.within("dt", "dd", "dl") is node
    ]
    words, above = [], ""
    for entry in entries:
        if entry.name == "dt":
            line = as_paragraph(line_in(entry, context, is_bold=True))
            words += [("\n" if above == "dd" else "") + line] if line else []
        elif blocks := blocks_in(entry, altered(entry, context)):
            words.append(f": {indented(joined(blocks), 4)}")
        above = entry.name
    return [Block("\n".join(words), node.line)] if words else []


def details(node: Element, context: Context) -> list[Block]:
    summary = next((child for child in node.children if isinstance(child, Element) and child.name == "summary"), None)
    title = line_in(summary, context, is_bold=True) if summary else ""
    if summary:
        summary.remove()
    return disclosure(title, joined(blocks_in(node, context)), node.line, is_open="open" in node.attributes)


def disclosure(title: str, words: str, line: int, *, is_open: bool = False) -> list[Block]:
    """Return words that a reader opens under a title."""
    if not words:
        return [Block(title, line, "paragraph")] if title else []
    title = (title or "…").replace('"', "″")
    return [Block(f'{"???+" if is_open else "???"} "{title}"\n    {indented(words, 4)}', line)]


def rule(node: Element, context: Context) -> list[Block]:
    return [Block("---", node.line)]


def verse(node: Element, context: Context) -> list[Block]:
    return blocks_in(node, replace(context, keeps_lines=True))


def preformatted(node: Element, context: Context) -> list[Block]:
    return verse(node, context) if "wp-block-verse" in node.classes else code(node, context)


ELEMENTS |= {f"h{level}": heading for level in range(1, 7)}
ELEMENTS |= {"ul": listing, "ol": listing, "menu": listing, "dl": definitions, "blockquote": quote}
ELEMENTS |= {"pre": preformatted, "figure": figure, "details": details, "table": table, "hr": rule}
