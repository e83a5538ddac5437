"""Words in a line, with what marks them, as Markdown."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from .escapes import Place, escaped, paired_signs

SIGNS = {"strong": "**", "em": "*", "del": "~~", "ins": "^^", "mark": "==", "sup": "^", "sub": "~"}
# Where a sign would stand between a letter and punctuation, it marks nothing (CommonMark, section 6.2), but an element.
ELEMENTS = {"**": "strong", "*": "em", "~~": "del", "^^": "ins", "==": "mark"}
NO_BREAK = re.compile("[\u00a0\u202f]")
SPACES = re.compile("[ \t\r\n\f\u00a0\u202f]+")
PARTS = re.compile(r"(\s*)(.*?)(\s*)", re.DOTALL)
BEFORE_NO_BREAK = re.compile("[;:!?»%€]")


@dataclass(slots=True)
class Run:
    """A piece of a line: "text", "code", "raw" (which is Markdown already) or "break".

    Marks are names as in SIGNS, "link ADDRESS", or "<abbr …>": the start tag of an element that stays one.
    """

    kind: str
    words: str = ""
    marks: tuple[str, ...] = ()
    left: str = ""
    right: str = ""
    before: str = ""
    after: str = ""

    @property
    def is_space(self) -> bool:
        return self.kind == "text" and not self.words.strip()

    @property
    def is_blank(self) -> bool:
        return self.kind == "break" or self.is_space

    @property
    def outer(self) -> str:
        return {"break": "\n", "code": f"`{self.words}`"}.get(self.kind, self.words)


def written(runs: list[Run], line_break: str = "\\\n", always: str = "") -> str:
    """Return one Markdown text; `always` are signs that the place does not bear."""
    parts = _with_spaces_outside(_merged(_trimmed(runs)))
    # What lies between is no space, and no letter.
    plain = "\0".join(run.words for run in parts if run.kind == "text")
    marking = "".join({SIGNS.get(mark, "") for run in parts for mark in run.marks})
    marking += "`" if any(run.kind == "code" for run in parts) else ""
    paired = paired_signs(plain, marking)
    for index, run in enumerate(parts):
        before = parts[index - 1] if index else None
        after = parts[index + 1] if index + 1 < len(parts) else None
        run.left, run.right = (before.outer[-1:] if before else ""), (after.outer[:1] if after else "")
        run.before = run.left if run.marks == (before.marks if before else ()) else "*"
        run.after = run.right if run.marks == (after.marks if after else ()) else "*"
    return _Nesting(paired, always, line_break).nested(parts, frozenset())


def _trimmed(runs: Iterable[Run]) -> list[Run]:
    """Collapse white space as a browser shows it.

    A no-break space stays where it does what it is for; in a row of spaces it was there for the looks.
    """
    runs, kept, before = list(runs), [], "\n"
    for index, run in enumerate(runs):
        if run.kind == "break":
            _trim_end(kept)
            before = "\n"
            kept.append(run)
            continue
        words = run.words
        if run.kind == "text":
            following = runs[index + 1].words[:1] if index + 1 < len(runs) else "\n"
            words = _collapsed(words, before, following or "\n")
        if words:
            kept.append(replace(run, words=words))
            before = words[-1]
    _trim_end(kept)
    return kept


def _collapsed(words: str, before: str, following: str) -> str:
    def space(match: re.Match) -> str:
        left = words[match.start() - 1] if match.start() else before
        right = words[match.end()] if match.end() < len(words) else following
        if left.isspace():
            return ""
        sign = NO_BREAK.search(match[0])
        is_meant = sign and (len(match[0]) == 1 or left == "«" or BEFORE_NO_BREAK.match(right))
        return sign[0] if is_meant else " "

    return SPACES.sub(space, words)


def _trim_end(runs: list[Run]) -> None:
    while runs and runs[-1].kind == "text":
        runs[-1].words = runs[-1].words.rstrip()
        if runs[-1].words:
            return
        runs.pop()


def _with_spaces_outside(runs: list[Run]) -> list[Run]:
    """Part the spaces at the ends of each run from it: a space is marked only where the words on both sides are."""
    parts = []
    for run in runs:
        if run.kind != "text":
            parts.append(run)
            continue
        stripped = run.words.strip()
        start = run.words.find(stripped) if stripped else len(run.words)
        pieces = run.words[:start], stripped, run.words[start + len(stripped) :]
        parts += [replace(run, words=piece) for piece in pieces if piece]
    left: tuple[str, ...] = ()
    for index, run in enumerate(parts):
        if run.is_space:
            right = parts[index + 1].marks if index + 1 < len(parts) else ()
            run.marks = tuple(mark for mark in left if mark in right)
        left = run.marks
    return parts


def _merged(runs: list[Run]) -> list[Run]:
    result: list[Run] = []
    for run in runs:
        last = result[-1] if result else None
        if last and last.kind == run.kind and run.kind in {"text", "code"} and last.marks == run.marks:
            last.words += run.words
        else:
            result.append(replace(run))
    return result


@dataclass
class _Nesting:
    """Writes the mark that reaches furthest around those within it."""

    paired: str
    always: str
    line_break: str

    def nested(self, runs: list[Run], done: frozenset[str]) -> str:
        result, at = [], 0
        while at < len(runs):
            marks = () if runs[at].is_space else [mark for mark in runs[at].marks if mark not in done]
            if not marks:
                result.append(self.leaf(runs[at], done))
                at += 1
                continue
            ends = [(self.reach(runs, at, mark), -index) for index, mark in enumerate(marks)]
            end, index = max(ends)
            mark = marks[-index]
            inner = self.nested(runs[at:end], done | {mark})
            result.append(marked(mark, inner, runs[at].left, runs[end - 1].right))
            at = end
        return "".join(result)

    @staticmethod
    def reach(runs: list[Run], start: int, mark: str) -> int:
        end = start
        while end < len(runs) and mark in runs[end].marks:
            end += 1
        while end > start + 1 and runs[end - 1].is_space:
            end -= 1
        return end

    def leaf(self, run: Run, done: frozenset[str]) -> str:
        if run.kind == "break":
            return self.line_break
        if run.kind == "code":
            return code_span(run.words)
        link = next((mark for mark in done if mark.startswith("link ")), "")
        if run.kind == "raw" or (link and is_address_of(run.words, link[5:])):
            return run.words
        always = f"{self.always}[]" if link else self.always
        return escaped(run.words, Place(run.before, run.after, self.paired, always))


def code_span(words: str) -> str:
    fence = "`" * (1 + max((len(signs) for signs in re.findall("`+", words)), default=0))
    space = " " if len(fence) > 1 else ""
    return f"{fence}{space}{words}{space}{fence}"


def is_address_of(words: str, address: str) -> bool:
    return address in (words, f"{words}/", f"mailto:{words}") and not re.search(r"\s", words)


def marked(mark: str, words: str, left: str, right: str) -> str:
    if mark.startswith("link "):
        address = mark[5:]
        if is_address_of(words, address) and re.match("https?:|mailto:", address):
            return f"<{words}>"
        return f"[{words}]({address})"
    if mark.startswith("<"):
        return f"{mark}{words}</{re.match(r'<([a-z]+)', mark)[1]}>"
    if mark in {"sup", "sub"} and re.search(r"[\s~^]", words):
        return f"<{mark}>{words}</{mark}>"
    sign, core = SIGNS[mark], words.strip("*~^=")
    if sign in ELEMENTS and (_is_stuck(core[:1], left) or _is_stuck(core[-1:], right)):
        return f"<{ELEMENTS[sign]}>{words}</{ELEMENTS[sign]}>"
    return f"{sign}{words}{sign}"


def _is_stuck(inside: str, outside: str) -> bool:
    """Whether punctuation inside would meet a letter outside."""
    return bool(inside and outside) and not (inside.isalnum() or inside.isspace()) and outside.isalnum()
