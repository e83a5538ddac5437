"""The cards of Ghost's editor and the blocks of WordPress's that are more than their elements, and call-outs."""

import re
from collections.abc import Callable

from .blocks import SPECIAL, blocks_in, joined, line_in
from .context import Block, Context
from .elements import disclosure, quoted
from .embeds import link_to
from .figures import caption_below, picture
from .nodes import Element

KINDS = {"💡": "TIP", "✅": "TIP", "⚠️": "WARNING", "⚠": "WARNING", "🚨": "CAUTION", "⛔": "CAUTION", "❗": "IMPORTANT"}
KINDS |= {"ℹ️": "NOTE", "ℹ": "NOTE", "📝": "NOTE"}
CALLOUT_CLASSES = {
    **dict.fromkeys(("alert-info", "notice-info", "callout-info", "info-box", "is-style-info"), "NOTE"),
    **dict.fromkeys(("alert-success", "notice-success", "tip-box", "is-style-success"), "TIP"),
    **dict.fromkeys(
        ("alert-warning", "notice-warning", "callout-warning", "warning-box", "is-style-warning"), "WARNING"
    ),
    **dict.fromkeys(("alert-danger", "alert-error", "notice-error", "danger-box", "is-style-error"), "CAUTION"),
}


def line_of(node: Element, name: str, context: Context) -> str:
    """Return the words of the part of a card that has a class, "" without one."""
    part = node.classed(name)
    return line_in(part, context, is_bold=True) if part else ""


def callout(node: Element, context: Context) -> list[Block]:
    emoji = node.classed("kg-callout-emoji")
    sign = emoji.text.strip() if emoji else ""
    body = node.classed("kg-callout-text") or node
    words = joined(blocks_in(body, context.deeper(node)))
    kind = KINDS.get(sign)
    return (
        [quoted(f"[!{kind or 'NOTE'}]\n{words if kind or not sign else f'{sign} {words}'}", node.line)] if words else []
    )


def toggle(node: Element, context: Context) -> list[Block]:
    content = node.classed("kg-toggle-content")
    words = joined(blocks_in(content, context.deeper(node))) if content else ""
    return disclosure(line_of(node, "kg-toggle-heading-text", context), words, node.line)


def bookmark(node: Element, context: Context) -> list[Block]:
    link = node.classed("kg-bookmark-container") or node.first("a")
    if link is None or not link.get("href"):
        return []
    lines = [link_to(link.get("href"), line_of(node, "kg-bookmark-title", context))]
    lines += filter(None, [line_of(node, "kg-bookmark-description", context)])
    caption = node.first("figcaption")
    context.findings.lose(node, "a card of another page is a link now:", link.get("href"))
    return [
        Block("\\\n".join(lines), node.line, "paragraph"),
        *caption_below(line_in(caption, context) if caption else "", node),
    ]


def gallery(node: Element, context: Context) -> list[Block]:
    captions = [each for each in node.walk() if each.name == "figcaption"]
    pictures = [each for each in node.walk() if each.name == "img"]
    blocks = []
    for each in pictures:
        holder = each.within("figure", "li")
        own = (
            holder.first("figcaption")
            if holder is not None and holder is not node and _is_below(holder, node)
            else None
        )
        blocks += picture(each, context, line_in(own, context) if own else "")
    common = [each for each in captions if each.within("figure", "li") is node or each.parent is node]
    return blocks + [block for each in common for block in caption_below(line_in(each, context), node)]


def _is_below(element: Element, node: Element) -> bool:
    while element is not None and element is not node:
        element = element.parent
    return element is node


def recording(node: Element, context: Context) -> list[Block]:
    """A file to play or to load: a link to it, by its title."""
    media = node.first("audio", "video")
    link = node.classed("kg-file-card-container") or node.first("a")
    address = (media.get("src") if media else "") or (link.get("href") if link else "")
    if not address:
        return blocks_in(node, context)
    title = line_of(node, "kg-audio-title", context) or line_of(node, "kg-file-card-title", context)
    if not title and link and not media:
        title = line_in(link, context.marked(f"link {address}"))
        title = re.sub(r"^\[(.*)\]\(.*\)$", r"\1", title)
    caption = node.first("figcaption")
    description = line_of(node, "kg-file-card-caption", context)
    context.findings.lose(node, "a card of a file is a link now:", address)
    words = description or (line_in(caption, context) if caption else "")
    return [Block(link_to(address, title), node.line, "paragraph"), *caption_below(words, node)]


def call_to_sign_up(node: Element, context: Context) -> list[Block]:
    context.findings.lose(node, "left out: a card to sign up, to buy or to subscribe")
    return []


def called(node: Element, context: Context) -> list[Block]:
    context.findings.lose(node, "a card that asks to do something: its words, picture and links alone are kept")
    return blocks_in(node, context)


def rated(node: Element, context: Context) -> list[Block]:
    context.findings.lose(node, "a card of a product: its words, picture and link alone are kept", once=True)
    return blocks_in(node, context)


CARDS: dict[str, Callable[[Element, Context], list[Block]]] = {
    "kg-callout-card": callout,
    "kg-toggle-card": toggle,
    "kg-bookmark-card": bookmark,
    "kg-gallery-card": gallery,
    "wp-block-gallery": gallery,
    "blocks-gallery-grid": gallery,
    "tiled-gallery": gallery,
    "kg-audio-card": recording,
    "kg-video-card": recording,
    "kg-file-card": recording,
    "wp-block-file": recording,
    "kg-signup-card": call_to_sign_up,
    "wp-block-jetpack-subscriptions": call_to_sign_up,
    "kg-email-cta-card": call_to_sign_up,
    "kg-product-card": rated,
    "kg-cta-card": called,
}


def card(node: Element, context: Context) -> list[Block] | None:
    names = set(node.classes)
    if names & {"screen-reader-text", "kg-product-card-rating", "kg-audio-duration"}:
        return []
    for name in names & CARDS.keys():
        return CARDS[name](node, context)
    kinds = [CALLOUT_CLASSES[name] for name in node.classes if name in CALLOUT_CLASSES]
    if kinds and node.name in {"div", "aside", "p"}:
        words = joined(blocks_in(node, context.deeper(node)))
        return [quoted(f"[!{kinds[0]}]\n{words}", node.line)] if words else []
    return None


SPECIAL.insert(0, card)
