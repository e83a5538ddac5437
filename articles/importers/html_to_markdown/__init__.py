"""The HTML of other systems turned into clean Markdown of this site, with a note of all that Markdown cannot say.

It writes what articles/static/articles/editor/paste writes of what authors paste.
"""

from dataclasses import dataclass, field

from . import cards, elements, embeds  # noqa: F401, they register what they write
from .blocks import blocks_in
from .context import Context, Findings, Loss
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
    blocks = [(block.words, block.line) for block in blocks_in(root, context)]
    for name, note in footnotes:
        words = "\n\n".join(block.words for block in blocks_in(note, context))
        blocks.append((f"[^{name}]: {indented(words, 4)}", note.line))
    lines: list[int] = []
    for words, line in blocks:
        # The blank line between two blocks belongs to the one above.
        lines += [line] * (words.count("\n") + 2)
    return Written("\n\n".join(words for words, _ in blocks), lines[:-1] or [1], sorted(set(findings.losses)))
