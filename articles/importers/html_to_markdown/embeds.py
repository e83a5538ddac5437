"""What a page loads from elsewhere, and what only a page can hold: a link instead, or a note."""

import re
from urllib.parse import parse_qs, urlsplit

from .blocks import SPECIAL, blocks_in, line_in
from .context import Block, Context
from .figures import caption_below
from .marks import address_of
from .nodes import Element

YOUTUBE = re.compile(r"(?:https?:)?//(?:www\.)?(?:youtube(?:-nocookie)?\.com/(?:embed|v)/|youtu\.be/)([\w-]+)")
VIMEO = re.compile(r"(?:https?:)?//player\.vimeo\.com/video/(\d+)")
DAILYMOTION = re.compile(r"(?:https?:)?//(?:www\.|geo\.)?dailymotion\.com/embed/video/(\w+)")
GIST = re.compile(r"(https://gist\.github\.com/[\w./-]+?)\.js\b")
ADDRESS = re.compile(r"https?://\S+")

LOADED = {"iframe", "video", "audio", "embed", "object"}
DROPPED = {
    *("script", "style", "form", "button", "input", "select", "textarea", "svg", "math", "canvas", "map", "applet"),
    *("template", "link", "meta", "title", "xmp", "frame", "frameset"),
}
# Said without words: a copy for browsers that run no scripts.
SILENT = {"noscript", "wbr", "source", "track", "param", "col", "colgroup", "rp"}


def page_of(address: str) -> str:
    """Return the address of the page of what is embedded."""
    for pattern, page in (
        (YOUTUBE, "https://www.youtube.com/watch?v="),
        (VIMEO, "https://vimeo.com/"),
        (DAILYMOTION, "https://www.dailymotion.com/video/"),
    ):
        if match := pattern.match(address):
            return page + match[1]
    return f"https:{address}" if address.startswith("//") else address


def link_to(address: str, words: str = "") -> str:
    """Return a link to an address, with words or with itself as the words."""
    address = address_of(address)
    if words and words != address:
        return f"[{words}]({address})"
    return f"<{address}>" if re.match("https?:", address) else f"[{address.rpartition('/')[2] or address}]({address})"


def embedded(node: Element, context: Context) -> list[Block] | None:
    """Return a link instead of what is loaded from elsewhere; nothing, and a note, instead of what has no address."""
    if node.name in SILENT:
        return []
    if node.name in LOADED:
        return _linked(node, context)
    if node.name == "script" and (gist := GIST.search(node.get("src"))):
        context.findings.lose(node, "embedded, and a link now: script", gist[1])
        return [Block(link_to(gist[1]), node.line, "paragraph")]
    if node.name == "input" and node.get("type") == "checkbox":
        return []
    if node.name in DROPPED:
        is_data = node.name == "script" and node.get("type").endswith("json")
        if not is_data:
            context.findings.lose(node, f"left out: {node.name}", node.get("src") or node.get("action"))
        return []
    return None


def _linked(node: Element, context: Context) -> list[Block]:
    inner = node.first("source", "embed")
    address = node.get("src") or node.get("data-src") or node.get("data") or (inner.get("src") if inner else "")
    parameters = parse_qs(urlsplit(address).query) if "embed" in address and "url=" in address else {}
    address = page_of(parameters.get("url", [address])[0])
    if not address or address.startswith(("about:", "data:", "blob:", "javascript:")):
        context.findings.lose(node, f"left out: {node.name}", address[:60])
        return []
    context.findings.lose(node, f"embedded, and a link now: {node.name}", address)
    return [Block(link_to(address), node.line, "paragraph")]


def block_of_address(node: Element, context: Context) -> list[Block] | None:
    """WordPress's embeds: a figure around an address, or around what other sites say to embed."""
    if "wp-block-embed" not in node.classes:
        return None
    caption = node.first("figcaption")
    words = line_in(caption, context) if caption else ""
    if caption:
        caption.remove()
    if address := ADDRESS.fullmatch(node.text.strip()):
        context.findings.lose(node, "embedded, and a link now: block", address[0])
        return [Block(link_to(address[0]), node.line, "paragraph"), *caption_below(words, node)]
    return blocks_in(node, context) + caption_below(words, node)


def posted_elsewhere(node: Element, context: Context) -> list[Block] | None:
    """What Twitter, Instagram and others give to embed a post: the quotation stays, and its link in it."""
    if node.name != "blockquote" or not {"twitter-tweet", "instagram-media", "tiktok-embed"} & set(node.classes):
        return None
    address = node.get("data-instgrm-permalink") or node.get("cite")
    links = [each.get("href") for each in node.walk() if each.name == "a"]
    if not address and not links:
        return None
    address = address or links[-1]
    context.findings.lose(node, "embedded, and a quotation with a link now: post", address)
    words = blocks_in(node, context)
    if address not in links:
        words.append(Block(link_to(address), node.line, "paragraph"))
    text = "\n\n".join(block.words for block in words)
    return [Block("\n".join(f"> {line}" if line else ">" for line in text.split("\n")), node.line)]


SPECIAL += [embedded, block_of_address, posted_elsewhere]
