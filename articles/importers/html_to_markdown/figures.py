"""Figures: an image with its caption, several images, and what else has a caption."""

from .blocks import blocks_in, line_in
from .context import Block, Context
from .marks import link_of
from .nodes import Element
from .pictures import image
from .tables import table_with


def figure(node: Element, context: Context) -> list[Block]:
    caption = next((each for each in node.walk() if each.name == "figcaption" and each.within("figure") is node), None)
    words = line_in(caption, context) if caption else ""
    if caption:
        caption.remove()
    pictures = [each for each in node.walk() if each.name == "img"]
    other = node.first("table", "pre", "blockquote", "iframe", "video", "audio", "figure")
    if len(pictures) == 1 and other is None and not node.text.strip():
        return picture(pictures[0], context, words)
    if pictures and other is None and not node.text.strip():
        return [block for each in pictures for block in picture(each, context)] + caption_below(words, node)
    if (table := node.first("table")) and words:
        return table_with(table, context, words)
    if (quotation := node.first("blockquote")) and words:
        # Who is quoted.
        quotation.children.append(Element("footer", {}, node.line, quotation, caption.children))
        words = ""
    return blocks_in(node, context) + caption_below(words, node)


def caption_below(words: str, node: Element) -> list[Block]:
    """Return a caption as a paragraph, for what Markdown gives none."""
    return [Block(words, node.line, "paragraph")] if words else []


def picture(element: Element, context: Context, caption: str = "") -> list[Block]:
    """Return an image as a paragraph of its own, with the link around it."""
    shown = image(element, context, caption)
    if not shown:
        return [Block(caption, element.line, "paragraph")] if caption else []
    link = element.within("a")
    address = link_of(link, context) if link else ""
    return [Block(f"[{shown}]({address})" if address else shown, element.line)]
