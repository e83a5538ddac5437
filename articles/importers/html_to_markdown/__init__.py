"""The HTML of other systems turned into clean Markdown of this site, with a note of all that Markdown cannot say.

It writes what articles/static/articles/editor/paste writes of what authors paste.
"""

from dataclasses import dataclass, field

from . import cards, elements, embeds  # noqa: F401, they register what they write
from .blocks import blocks_in, joined, space_before
from .context import Block, Context, Findings, Loss
from .elements import indented
from .tidying import tidied
from .tree import HtmlRefused, parsed

__all__ = ["HtmlRefused", "Loss", "Written", "html_to_markdown"]


@dataclass
class Written:
    """Markdown, the line of the HTML that each of its lines comes from, and what could not be carried."""

    markdown: str
    lines: list[int] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)


def html_to_markdown(html: str, *, keeps_lines: bool = False, notes: dict[str, str] | None = None) -> Written:
    """Return HTML as Markdown; raise HtmlRefused where it is too long or nested too deeply.

    `keeps_lines` is for texts in which line ends are breaks and blank lines part paragraphs. `notes` are footnotes that
    stand elsewhere, as HTML, by the id that `data-fn` names. The time is in proportion to the length.
    """
    findings = Findings()
    root = parsed(html)
    footnotes = tidied(root, findings, notes or {})
    context = Context(findings, keeps_lines=keeps_lines)
    blocks = blocks_in(root, context)
    for name, note in footnotes:
        words = joined(blocks_in(note, context))
        blocks.append(Block(f"[^{name}]: {indented(words, 4)}", note.line))
    lines: list[int] = []
    for at, block in enumerate(blocks):
        # The blank line between two blocks belongs to the one above.
        lines += lines[-1:] * (len(space_before(blocks, at)) - 1)
        lines += [block.line] * (block.words.count("\n") + 1)
    return Written(joined(blocks), lines or [1], sorted(set(findings.losses)))
