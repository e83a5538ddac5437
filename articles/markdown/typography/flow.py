"""The text of one block as the rules see it: whole, though markup cuts it into pieces and some of it is not theirs."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .rules import OBJECT, Edit, Typography, signs_in

# What stays as it is wherever it stands: each part is bounded or begins at a border, so that time grows with the text.
PROTECTED = re.compile(
    r"""
    (?<!\w) (?:                                                                        # Soon passed by in a word.
        (?<![+.-]) [a-zA-Z][\w+.-]{1,20}:// [^\s<>"«»“”]+ (?<![.,;:!?…'’)\]])          # https://example.org/a?b
      | (?<![.-]) (?:www\.|mailto:|tel:) [^\s<>"«»“”]+ (?<![.,;:!?…'’)\]])             # www.example.org
      | (?<![.+-]) \w[\w.+'-]{0,63} @ [\w-]{1,63} (?:\.[\w-]{1,63}){1,8}               # name@example.org
      | (?<!\\) [a-zA-Z]:\\ [^\s<>"«»“”]*                                              # C:\Users
      | (?<![^\s(\["'’«“]) (?:~|\.{1,2})?/ [\w.~@%+/-]+ (?<![.])                       # ./bin/run
      | (?<![.-]) (?:[\w-]{1,64}\.){1,8} [a-zA-Z][a-zA-Z0-9]{1,9} (?![\w-])            # settings.py
      | (?<!\S) [:;=][-'^]?[)(\]\[DPpOo/\\|*3] (?!\w)                                 # :-)
    )
    | </?[a-zA-Z!] [^<>\n]{0,200} >                                                    # <em class="x">
    | \{ [^{}\n]{0,200} \}                                                             # { color: red; }
    | & \#?\w{1,10} ;                                                                  # &nbsp;
    """,
    re.VERBOSE,
)

# One of these is in all of that but what begins with www., and they are soon looked for.
SIGN_OF_PROTECTED = re.compile(r"[:;=/@\\<{&]")
DOT_OF_PROTECTED = re.compile(r"\.[a-zA-Z]")

# What of a span lies in a piece: start and end there, and the span's number.
Cut = tuple[int, int, int]


@dataclass
class Piece:
    """A run of text; `stand_in` is what rules see instead where it is none of theirs.

    `key` names the source that the text is from; there is none where a piece stands for markup.
    """

    key: int | None
    text: str
    stand_in: str | None = None
    is_superscript: bool = False

    @property
    def may_be_raised(self) -> bool:
        return self.stand_in is None and not self.is_superscript


@dataclass
class Flow:
    """The pieces of one block in one language; `typeset` changes their texts."""

    typography: Typography
    pieces: list[Piece] = field(default_factory=list)
    is_changed: bool = False

    @property
    def view(self) -> str:
        return "".join([piece.text if piece.stand_in is None else piece.stand_in for piece in self.pieces])

    def typeset(self) -> None:
        view = self.view
        if not self.typography.rules or view.isspace():
            return
        self.protect(view)
        view = self.view
        signs = signs_in(view)
        for rule in self.typography.rules:
            if not rule.signs.isdisjoint(signs) and (edits := list(rule.find(view))):
                self.apply(edits)
                view = self.view
                signs.update(*(new for *_, new in edits))

    def protect(self, view: str) -> None:
        if not (SIGN_OF_PROTECTED.search(view) or DOT_OF_PROTECTED.search(view) or "www." in view):
            return
        spans = [found.span() for found in PROTECTED.finditer(view)]
        self.pieces = [part for piece, cuts in self.cut(spans) for part in _parted(piece, cuts)]

    def apply(self, edits: list[Edit]) -> None:
        """Change the pieces; of an edit across a border, all that is new goes to the first piece that may change."""
        self.is_changed = True
        news = [new for *_, new in edits]
        for piece, cuts in self.cut([(start, end) for start, end, _ in edits]):
            if piece.stand_in is None and cuts:
                parts, done = [], 0
                for start, end, number in cuts:
                    parts += piece.text[done:start], news[number]
                    news[number], done = "", end
                piece.text = "".join(parts) + piece.text[done:]

    def cut(self, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[Piece, list[Cut]]]:
        """Yield each piece with what of the spans lies in it."""
        spans = list(spans)
        number = offset = 0
        for piece in self.pieces:
            end, cuts = offset + len(piece.text if piece.stand_in is None else piece.stand_in), []
            while number < len(spans) and spans[number][0] < end:
                start, stop = spans[number]
                cuts.append((max(start - offset, 0), min(stop, end) - offset, number))
                if stop > end:
                    break
                number += 1
            yield piece, cuts
            offset = end

    def superscripts(self) -> Iterator[tuple[Piece, list[Cut]]]:
        """Return each piece with the parts of it to set as superscript; none where the text stays as it was."""
        pattern = self.typography.superscript
        found = [match.span(match.lastindex) for match in pattern.finditer(self.view)] if pattern else []
        return self.cut(found) if found or self.is_changed else iter(())


def _parted(piece: Piece, cuts: list[Cut]) -> Iterator[Piece]:
    if piece.stand_in is not None or not cuts:
        yield piece
        return
    done = 0
    for start, end, _ in cuts:
        yield Piece(piece.key, piece.text[done:start], None, piece.is_superscript)
        yield Piece(piece.key, piece.text[start:end], OBJECT, piece.is_superscript)
        done = end
    yield Piece(piece.key, piece.text[done:], None, piece.is_superscript)


def typeset_text(text: str, typography: Typography) -> str:
    flow = Flow(typography, [Piece(0, text)])
    flow.typeset()
    return "".join(piece.text for piece in flow.pieces)
