"""A Markdown body as its top-level blocks, cut where a writer left a line blank."""

import re

LINE = re.compile(r"[^\n]*\n|[^\n]+")
FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
# Inside a list item, a call-out and the like.
CONTINUED = re.compile(r" {2,}|\t")
KINDS = {
    "code": FENCE,
    "quote": re.compile(r">"),
    "list": re.compile(r"(?:[-*+]|\d{1,9}[.)])[ \t]"),
    "image": re.compile(r"!\["),
    "table": re.compile(r"\|"),
    "note": re.compile(r"\[\^"),
    "html": re.compile(r"<\w"),
}
HEADING = re.compile(r"(#{1,6})(?: |$)", re.MULTILINE)
UNDERLINED = re.compile(r"\n(?:=+|-+) *$")


def blocks(body: str) -> list[str]:
    """Return the blocks of a body, each with the blank lines that follow it; joined, they are the body again.

    A fence is one block up to its end, and an indented line belongs to what stands above it.
    """
    # Lines of each block, joined at the end: a block grows in as many steps as it has lines.
    found: list[list[str]] = []
    fence, is_open, is_begun = "", False, False
    for line in LINE.findall(body):
        is_blank = not line.strip()
        starts = not is_open and not is_blank and not (found and CONTINUED.match(line))
        # Blank lines at the very beginning belong to what follows them.
        if not found or (starts and is_begun and not fence):
            found.append([line])
        else:
            found[-1].append(line)
        is_begun = is_begun or not is_blank
        fence = _fence_after(line, fence)
        is_open = bool(fence) or not is_blank
    return ["".join(lines) for lines in found]


def kind_of(block: str) -> str:
    """Return what a block is, a key of KINDS or "text", from its first marks; of a heading these, like "##"."""
    text = block.strip("\n")
    if heading := HEADING.match(text):
        return heading[1]
    found = next((kind for kind, pattern in KINDS.items() if pattern.match(text)), "")
    return found or ("##" if UNDERLINED.search(text) else "text")


def _fence_after(line: str, fence: str) -> str:
    """Return the marks of the fence that is open below a line, "" where none is."""
    match = FENCE.match(line)
    if not match:
        return fence
    if not fence:
        # Backquotes in the words after a fence of backquotes make it code within a line.
        return "" if match[1][0] == "`" and "`" in line[match.end() :] else match[1]
    closes = match[1][0] == fence[0] and len(match[1]) >= len(fence) and not line[match.end() :].strip()
    return "" if closes else fence


def joined(parts: list[str]) -> str:
    """Return a body of blocks that may come from several: a blank line parts each from the next."""
    return "".join(part if part.endswith("\n\n") else part.rstrip("\n") + "\n\n" for part in parts)
