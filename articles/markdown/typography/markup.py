"""Walk through safe HTML and gather the text of each block into flows, one for each language in it."""

import re
from collections.abc import Callable, Iterable
from itertools import groupby
from typing import NamedTuple

from ..safe_html import INLINE, VOID, Token, escape
from .flow import Cut, Flow, Piece, typeset_text
from .rules import LINE_BREAK, OBJECT, Typography

# Elements whose text is none of typography's, nor that of anything of these classes.
OPAQUE = {"code", "kbd", "pre", "samp", "var"}
OPAQUE_CLASSES = {"filename", "linenos"}

STAND_INS = {"br": LINE_BREAK, "img": OBJECT}

PROSE_ATTRIBUTE = re.compile(r'( (?:alt|title|aria-label)=")([^"]+)')


class Element(NamedTuple):
    """An open element: where its text goes, and what is special about it."""

    flow: Flow
    is_block: bool = False
    is_opaque: bool = False
    is_superscript: bool = False


class Walk:
    """One pass over a text; `typography_of` gives the rules of a language code."""

    def __init__(self, language: str, typography_of: Callable[[str], Typography]) -> None:
        self.typography_of = typography_of
        self.sources: list[str] = []
        self.open = [Element(Flow(typography_of(language)), is_block=True)]
        # The flows of the block that is being read.
        self.flows: list[Flow] = []

    def typeset(self, parts: Iterable[Token]) -> str:
        for token in parts:
            self.sources.append(token.source)
            if not token.name:
                self.add(token.text)
            elif token.is_closing:
                self.leave()
            else:
                self.enter(token)
        self.end_block()
        return "".join(self.sources)

    def add(self, text: str, stand_in: str | None = None) -> None:
        """Give a run of text, or what stands in for markup, to the flow of the innermost element."""
        element = self.open[-1]
        if element.is_opaque:
            return
        if not element.flow.pieces:
            self.flows.append(element.flow)
        key = None if stand_in else len(self.sources) - 1
        element.flow.pieces.append(Piece(key, text, stand_in, element.is_superscript))

    def enter(self, token: Token) -> None:
        parent = self.open[-1]
        if parent.is_opaque:
            if token.name not in VOID:
                self.open.append(parent)
            return
        typography = self.typography(token)
        if not token.is_sign:
            self.sources[-1] = _with_prose_attributes(token.source, typography)
        if token.name in STAND_INS:
            self.add("", STAND_INS[token.name])
        elif token.name in INLINE:
            self.enter_inline(token, typography)
        else:
            self.enter_block(token, typography)

    def enter_block(self, token: Token, typography: Typography) -> None:
        self.end_block()
        if token.name not in VOID:
            self.open.append(Element(Flow(typography), is_block=True, is_opaque=_is_opaque(token)))

    def enter_inline(self, token: Token, typography: Typography) -> None:
        flow, is_opaque = self.open[-1].flow, _is_opaque(token)
        if is_opaque or typography is not flow.typography:
            self.add("", OBJECT)
        if typography is not flow.typography:
            flow = Flow(typography)
        is_superscript = token.name == "sup" or self.open[-1].is_superscript
        self.open.append(Element(flow, False, is_opaque or token.is_sign, is_superscript))

    def leave(self) -> None:
        if len(self.open) > 1 and self.open.pop().is_block and not self.open[-1].is_opaque:
            self.end_block()

    def typography(self, token: Token) -> Typography:
        language = token.attributes.get("lang") if " lang=" in token.source else None
        return self.open[-1].flow.typography if language is None else self.typography_of(language)

    def end_block(self) -> None:
        for flow in self.flows:
            # Between two blocks, mostly.
            if all(piece.text.isspace() for piece in flow.pieces):
                flow.pieces.clear()
                continue
            flow.typeset()
            for key, parts in groupby(flow.superscripts(), lambda part: part[0].key):
                if key is not None:
                    self.write(key, list(parts))
            flow.pieces.clear()
            flow.is_changed = False
        self.flows.clear()

    def write(self, key: int, parts: list[tuple[Piece, list[Cut]]]) -> None:
        text = "".join(piece.text for piece, _ in parts)
        is_raised = any(cuts and piece.may_be_raised for piece, cuts in parts)
        if is_raised or text != Token(self.sources[key]).text:
            self.sources[key] = "".join(_with_superscripts(piece, cuts) for piece, cuts in parts)


def _is_opaque(token: Token) -> bool:
    return token.name in OPAQUE or bool(OPAQUE_CLASSES & token.classes)


def _with_prose_attributes(source: str, typography: Typography) -> str:
    def typeset(attribute: re.Match) -> str:
        text = Token(attribute[2]).text
        new = typeset_text(text, typography)
        return attribute[0] if new == text else attribute[1] + escape(new).replace('"', "&quot;")

    return PROSE_ATTRIBUTE.sub(typeset, source)


def _with_superscripts(piece: Piece, cuts: list[Cut]) -> str:
    if not piece.may_be_raised:
        return escape(piece.text)
    parts, done = [], 0
    for start, end, _ in cuts:
        parts += escape(piece.text[done:start]), f"<sup>{escape(piece.text[start:end])}</sup>"
        done = end
    return "".join(parts) + escape(piece.text[done:])
