"""What an element says of the words in it: strong, a link, code …; by its name, or by its style."""

import re
from html import escape

from articles.markdown.sanitising import SCHEMES, UNREAD

from .context import Context
from .nodes import Element
from .pictures import image
from .words import Run

MARKS = {
    **dict.fromkeys(("b", "strong"), "strong"),
    **dict.fromkeys(("i", "em", "cite", "dfn", "var"), "em"),
    **dict.fromkeys(("s", "strike", "del"), "del"),
    **{name: name for name in ("ins", "mark", "sup", "sub")},
    **{name: f"<{name}>" for name in ("kbd", "small", "u")},
}
# Their look goes without saying: what the style of the element itself says of weight is no mark of the author's.
BOLD_BY_NATURE = {"h1", "h2", "h3", "h4", "h5", "h6", "th", "dt", "summary", "caption"}
LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{1,8})*")
UNSAFE = re.compile(r"[\s<>\"\\^`{|}]")
SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
BOLD = re.compile(r"font-weight\s*:\s*(bold|[6-9]00)")
SLANTED = re.compile(r"font-style\s*:\s*(italic|oblique)")
STRUCK = re.compile(r"text-decoration(-line)?\s*:[^;]*line-through")


def altered(element: Element, context: Context) -> Context:
    """Return the context of what is inside an element."""
    name, style = element.name, element.get("style").lower()
    marks = [MARKS[name]] if name in MARKS else []
    if style and name not in BOLD_BY_NATURE:
        marks += ["strong"] if BOLD.search(style) else []
        marks += ["em"] if SLANTED.search(style) else []
        marks += ["del"] if STRUCK.search(style) else []
    if name == "abbr" and element.get("title"):
        marks.append(f'<abbr title="{escape(element.get("title"))}">')
    elif name == "span" and LANGUAGE.fullmatch(element.get("lang")):
        marks.append(f'<span lang="{element.get("lang")}">')
    elif name == "time" and element.get("datetime"):
        marks.append(f'<time datetime="{escape(element.get("datetime"))}">')
    if name == "a" and not any(mark.startswith("link ") for mark in context.marks):
        marks += [f"link {address}"] if (address := link_of(element, context)) else []
    return context.marked(*marks)


def link_of(link: Element, context: Context) -> str:
    """Return where a link leads, with its title, as Markdown has it; "" where readers could not follow."""
    written = UNREAD.sub("", link.get("href")).strip()
    if not written:
        return ""
    scheme = SCHEME.match(written)
    if scheme and scheme[1].lower() not in SCHEMES["href"]:
        context.findings.lose(link, "a link that this site does not allow is plain words:", written[:80])
        return ""
    if written.startswith("#") and written[1:] not in context.findings.targets:
        context.findings.lose(link, "a link to a place in the text that is no heading leads nowhere:", written)
    title = " ".join(link.get("title").split())
    said = title and title not in (written, " ".join(link.text.split()))
    return address_of(written) + (' "{}"'.format(title.replace('"', '\\"')) if said else "")


def address_of(written: str) -> str:
    """Return an address so that Markdown reads it as one."""
    depth = lowest = 0
    for sign in written:
        depth += (sign == "(") - (sign == ")")
        lowest = min(lowest, depth)
    unsafe = re.compile(UNSAFE.pattern[:-1] + "()]") if depth or lowest < 0 else UNSAFE
    return unsafe.sub(lambda sign: "".join(f"%{byte:02X}" for byte in sign[0].encode()), written)


def leaf_runs(element: Element, context: Context) -> list[Run] | None:
    """Return the runs of an element that is one sign or one piece of code; None for every other element."""
    marks = context.marks
    if element.name == "br":
        return [Run("break")]
    if element.name == "img":
        return [Run("raw", words, marks)] if (words := image(element, context)) else []
    if element.name in {"code", "samp", "tt"}:
        words = re.sub(r"[\s\u00a0]+", " ", element.text).strip()
        return [Run("code", words, marks)] if words else []
    if element.name == "footnote-reference":
        return [Run("raw", f"[^{element.get('name')}]")]
    return None
