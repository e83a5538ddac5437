"""A tree of elements as blocks of Markdown. Elements that are more than paragraphs are written in elements.py."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from .context import Block, Context, Loss
from .escapes import CAPTION, as_paragraph
from .marks import altered, leaf_runs
from .nodes import Comment, Element, Text
from .tree import BLOCKS
from .words import Run, written

INVISIBLE = re.compile("[\u200b\ufeff\u00ad]")
ANCHOR = re.compile(r"[\s#¶§🔗]*")
MORE = re.compile(r"more\b", re.IGNORECASE)

# Functions of an element and its context that return blocks, by the element's name; elements.py fills it.
ELEMENTS: dict[str, Callable[[Element, Context], list[Block]]] = {}
# The same for any element, asked first; None where they have nothing to say. Cards and embedded things are here.
SPECIAL: list[Callable[[Element, Context], list[Block] | None]] = []


@dataclass
class _Found:
    blocks: list[Block] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    line: int = 0


def blocks_in(element: Element, context: Context) -> list[Block]:
    found = _Found(line=element.line)
    _walk(element, replace(context, is_line=False), found)
    _end_paragraph(found)
    return found.blocks


def joined(blocks: list[Block]) -> str:
    """Return blocks below each other; a list that goes on in the next one, as editors write it, is one."""
    return "".join(space_before(blocks, at) + block.words for at, block in enumerate(blocks))


def space_before(blocks: list[Block], at: int) -> str:
    if not at:
        return ""
    above, block = blocks[at - 1], blocks[at]
    goes_on = above.kind == block.kind == "list" and (above.words[0] == "-") == (block.words[0] == "-")
    return "\n" if goes_on else "\n\n"


def line_in(
    element: Element, context: Context, *, is_bold: bool = False, line_break: str = " ", always: str = ""
) -> str:
    """Return the words of an element as one line, whatever blocks it has.

    Where they are bold by themselves, as those of headings, nothing says so; nor does a link that is the sign of its
    place.
    """
    found = _Found()
    _walk(element, replace(context, is_line=True), found)
    runs = found.runs
    if is_bold:
        runs = [run for run in runs if not _is_anchor(run)]
        if all("strong" in run.marks or run.is_blank for run in runs):
            runs = [replace(run, marks=tuple(mark for mark in run.marks if mark != "strong")) for run in runs]
    return written(_without_outer_breaks(runs), line_break, always)


def _is_anchor(run: Run) -> bool:
    return any(mark.startswith("link ") for mark in run.marks) and bool(ANCHOR.fullmatch(run.words))


def _walk(parent: Element, context: Context, found: _Found) -> None:
    for node in parent.children:
        if isinstance(node, Text):
            _add_words(node, context, found)
        elif isinstance(node, Comment):
            _add_comment(node, context, found)
        else:
            _walk_element(node, context, found)


def _add_words(node: Text, context: Context, found: _Found) -> None:
    words = INVISIBLE.sub("", node.words)
    if not found.runs or all(run.is_blank for run in found.runs):
        found.line = node.line + len(words[: len(words) - len(words.lstrip())].split("\n")) - 1
    if not context.keeps_lines or "\n" not in words:
        found.runs.append(Run("text", words, context.marks))
        return
    if found.runs and found.runs[-1].kind == "break" and words.startswith("\n"):
        # A break that the author wrote stands for the end of its line as well.
        words = words[1:]
    for number, line in enumerate(words.split("\n")):
        found.runs += [Run("break")] if number else []
        found.runs += [Run("text", line, context.marks)] if line else []


def _add_comment(node: Comment, context: Context, found: _Found) -> None:
    if MORE.match(node.words) and not context.is_line:
        _end_paragraph(found)
        found.blocks.append(Block("<!-- more -->", node.line))
    elif node.words.lower() == "nextpage":
        context.findings.losses.append(Loss(node.line, "left out: a page break; the text is one page here"))


def _walk_element(node: Element, context: Context, found: _Found) -> None:
    write, runs = ELEMENTS.get(node.name), leaf_runs(node, context)
    special = (
        None
        if runs is not None
        else next((each for write in SPECIAL if (each := write(node, context)) is not None), None)
    )
    if runs is not None:
        found.line = found.line if found.runs else node.line
        found.runs += runs
    elif context.is_line:
        if special is not None:
            found.runs += [run for block in special for run in (Run("break"), Run("raw", block.words), Run("break"))]
        elif node.name == "q":
            _quoted(node, context, found)
        elif write or node.name in BLOCKS:
            found.runs.append(Run("break"))
            _walk(node, altered(node, context), found)
            found.runs.append(Run("break"))
        else:
            _walk(node, altered(node, context), found)
    elif special is not None or write:
        _end_paragraph(found)
        found.blocks += special if special is not None else write(node, context.deeper(node))
    elif node.name in BLOCKS:
        _end_paragraph(found)
        found.line = node.line
        _walk(node, altered(node, context), found)
        _end_paragraph(found)
    elif node.name == "q":
        _quoted(node, context, found)
    else:
        _walk(node, altered(node, context), found)


def _quoted(node: Element, context: Context, found: _Found) -> None:
    found.runs.append(Run("text", '"', context.marks))
    _walk(node, altered(node, context), found)
    found.runs.append(Run("text", '"', context.marks))


def _end_paragraph(found: _Found) -> None:
    runs, found.runs = found.runs, []
    for part in _paragraphs(runs):
        if words := as_paragraph(written(_without_outer_breaks(part))):
            if found.blocks and found.blocks[-1].words.startswith("|"):
                words = CAPTION.sub(r"\1&#8203;", words, count=1) if CAPTION.match(words) else words
            found.blocks.append(Block(words, found.line, "paragraph"))
        found.line += sum(run.kind == "break" for run in part) + 1


def _paragraphs(runs: list[Run]) -> list[list[Run]]:
    """Two breaks of a line, and more, part paragraphs."""
    parts, breaks = [[]], 0
    for run in runs:
        breaks = breaks + 1 if run.kind == "break" else breaks if run.is_blank else 0
        if breaks == 2:
            parts.append([])
        else:
            parts[-1].append(run)
    return parts


def _without_outer_breaks(runs: list[Run]) -> list[Run]:
    said = [index for index, run in enumerate(runs) if not run.is_blank]
    inner = runs[said[0] : said[-1] + 1] if said else []
    kept: list[Run] = []
    for run in inner:
        if run.kind == "break" and kept and kept[-1].kind == "break":
            continue
        if run.kind == "break" or run.words:
            kept.append(run)
    return kept
