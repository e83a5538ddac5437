"""The body of a text of Ghost: the HTML that it rendered, or what its editors keep."""

import json
import re
from html import escape
from typing import Any

from .export import Row, text_in

SIZED = re.compile(r"(/content/images/)size/w\d+(?:h\d+)?/(?:format/\w+/)?")
MEMBERS_ONLY = "<!--members-only-->"


def html_of(post: Row) -> tuple[str, str]:
    """Return the HTML of a text, and what must be noted about where it is from."""
    html = text_in(post, "html")
    words = ""
    if not html.strip():
        html, words = _from_editor(post)
    html = html.replace("__GHOST_URL__", "").replace("%5F%5FGHOST%5FURL%5F%5F", "")
    return SIZED.sub(r"\1", html), words


def lead_of(post: Row, meta: Row, html: str) -> str:
    """Return the image of a text as a figure; "" without one, and where its HTML shows it already."""
    address = text_in(post, "feature_image") or text_in(post, "image")
    address = SIZED.sub(r"\1", address.replace("__GHOST_URL__", ""))
    if not address or address in html:
        return ""
    caption = text_in(meta, "feature_image_caption") or text_in(post, "feature_image_caption")
    alternative = text_in(meta, "feature_image_alt") or text_in(post, "feature_image_alt")
    caption = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f'<figure><img src="{escape(address)}" alt="{escape(alternative)}">{caption}</figure>'


def _from_editor(post: Row) -> tuple[str, str]:
    for name, read in (("lexical", _lexical), ("mobiledoc", _mobiledoc)):
        try:
            document = json.loads(text_in(post, name) or "null")
        except (ValueError, RecursionError):
            continue
        if html := read(document):
            return html, "Ghost has not rendered it: its words are kept, without its cards"
    if text_in(post, "plaintext").strip():
        paragraphs = re.split(r"\n{2,}", text_in(post, "plaintext"))
        return "".join(
            f"<p>{escape(each)}</p>" for each in paragraphs
        ), "Ghost has not rendered it: its plain text is kept"
    return "", ""


def _lexical(document: Any) -> str:
    """Return the words of the editor's tree: headings, lists, quotes and paragraphs."""
    root = document.get("root") if isinstance(document, dict) else None
    children = root.get("children") if isinstance(root, dict) else None
    return "".join(filter(None, map(_lexical_block, children if isinstance(children, list) else [])))


NAMES = {
    "heading": "h2",
    "extended-heading": "h2",
    "quote": "blockquote",
    "extended-quote": "blockquote",
    "aside": "blockquote",
}


def _lexical_block(node: Any) -> str:
    words = escape(_lexical_words(node)).strip()
    if not words:
        return ""
    tag = node.get("tag") if isinstance(node, dict) else None
    name = tag if tag in {"h2", "h3", "h4", "h5", "h6"} else NAMES.get(str(node.get("type")), "p")
    return f"<{name}>{words}</{name}>"


def _lexical_words(node: Any) -> str:
    parts, waiting = [], [node]
    while waiting:
        each = waiting.pop()
        if not isinstance(each, dict):
            continue
        if each.get("type") in {"linebreak", "listitem"}:
            parts.append(" ")
        if isinstance(each.get("text"), str):
            parts.append(each["text"])
        if isinstance(each.get("children"), list):
            waiting += reversed(each["children"])
    return "".join(parts)


def _mobiledoc(document: Any) -> str:
    """Return the paragraphs of the older editor; its markers are [0, [], 0, words]."""
    sections = document.get("sections") if isinstance(document, dict) else None
    paragraphs = []
    for section in sections if isinstance(sections, list) else []:
        if isinstance(section, list) and len(section) > 2 and section[0] == 1 and isinstance(section[2], list):
            words = "".join(str(each[3]) for each in section[2] if isinstance(each, list) and len(each) > 3)
            name = section[1] if section[1] in {"h1", "h2", "h3", "h4", "blockquote"} else "p"
            paragraphs.append(f"<{name}>{escape(words)}</{name}>" if words else "")
    return "".join(paragraphs)
