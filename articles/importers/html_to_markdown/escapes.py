"""Which characters of plain words Markdown would take as markup. Behind a backslash, each is itself."""

import re
from dataclasses import dataclass

ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>*]+", re.IGNORECASE)
SIGNS = re.compile(r"[\\*_~^=+`\[\]<&{|]")

# Two of a sign mark the words between them: how the first and the last can stand.
PAIRS = {
    "*": (re.compile(r"\*(?=\S)"), re.compile(r"(?<=\S)\*")),
    "_": (re.compile(r"(?<![^\W_])_(?=\S)"), re.compile(r"(?<=\S)_(?![^\W_])")),
    "~": (re.compile(r"~(?=\S)"), re.compile(r"(?<=\S)~")),
    "^": (re.compile(r"\^(?=\S)"), re.compile(r"(?<=\S)\^")),
    "=": (re.compile(r"==(?=\S)"), re.compile(r"(?<=\S)==")),
    "+": (re.compile(r"\+\+(?=[\w\"'-])"), re.compile(r"(?<=\S)\+\+")),
    "`": (re.compile(r"`"), re.compile(r"`")),
}

# With the space, which may be escaped within raised and lowered words.
PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~\s]")
BRACKETS = re.compile(r"\[(?:\^|.{0,400}?\][(\[{])", re.DOTALL)
ENTITY = re.compile(r"&(?:#\d+|#x[\da-f]+|[a-z][a-z\d]*);", re.IGNORECASE)

BEGINS_BLOCK = re.compile(
    "|".join(
        (
            *(r"#{1,6}(?:\s|$)", r"[-+*](?:\s|$)", ">", r":\s", "~~~", r"[|:]?[-:| ]*-[-:| ]*$", r"=+\s*$", r"!!!\s"),
            *(r"\?\?\?\+?\s", r"\[(?:[ xX]\]\s|![a-z]|TOC\]\s*$|[^\[\]]+\]:)", r"\{[^{}]*\}\s*$", r"\*\[[^\]]+\]:"),
        )
    ),
    re.IGNORECASE,
)
# Right below a table, this would be its caption.
CAPTION = re.compile(r"(table|tableau)(?=\s*:)", re.IGNORECASE)
NUMBER = re.compile(r"(\d{1,9})([.)])(?=\s|$)")


def is_letter(sign: str) -> bool:
    return sign.isalnum()


def paired_signs(words: str, marking: str = "") -> str:
    """Return the signs that stand in pairs in the words of a paragraph, or that mark some of them already."""
    return "".join(sign for sign in PAIRS if sign in marking or (sign in words and _is_paired(words, sign)))


def _is_paired(words: str, sign: str) -> bool:
    opening, closing = PAIRS[sign]
    first = opening.search(words)
    if first is None:
        return False
    return closing.search(words, first.end()) is not None


@dataclass(frozen=True)
class Place:
    """What stands around some words, "" at the ends of a paragraph, and which signs mean something there."""

    before: str = ""
    after: str = ""
    paired: str = ""
    always: str = ""


def escaped(words: str, place: Place) -> str:
    """Return words with what Markdown would misread behind backslashes. Bare addresses stay as they are."""
    result, start = [], 0
    for address in ADDRESS.finditer(words):
        # A sign of the words around would be taken for its end.
        is_open = address.end() == len(words) and place.after.strip() and address[0].startswith("http")
        result += [_plain(words, start, address.start(), place), f"<{address[0]}>" if is_open else address[0]]
        start = address.end()
    result.append(_plain(words, start, len(words), place))
    return "".join(result)


def _plain(words: str, start: int, end: int, place: Place) -> str:
    def sign_of(match: re.Match) -> str:
        sign, at = match[0], match.start()
        left = words[at - 1] if at else place.before
        right = words[at + 1] if at + 1 < len(words) else place.after
        if sign not in place.always and not _is_markup(words, at, left, right, place.paired):
            return sign
        # Behind a backslash it would still begin the name of a character.
        return "&amp;" if sign == "&" else f"\\{sign}"

    # Within the whole: what stands before and after decides.
    pieces, last = [], start
    for match in SIGNS.finditer(words, start, end):
        pieces += [words[last : match.start()], sign_of(match)]
        last = match.end()
    return "".join([*pieces, words[last:end]])


def _is_markup(words: str, at: int, left: str, right: str, paired: str) -> bool:
    sign = words[at]
    is_alone = not left.strip() and not right.strip()
    if sign == "\\":
        return bool(PUNCTUATION.match(right))
    if sign in "*~^":
        return sign in paired and not is_alone
    if sign == "_":
        return sign in paired and not is_alone and not (is_letter(left) and is_letter(right))
    if sign in "=+":
        return sign in paired and sign in (left, right)
    if sign == "`":
        return sign in paired
    if sign == "[":
        return bool(BRACKETS.match(words, at))
    if sign == "<":
        return bool(re.match(r"[a-zA-Z/!?]", right))
    if sign == "&":
        return bool(ENTITY.match(words, at))
    return sign == "{" and at == 0 and left == "*"


def as_paragraph(words: str) -> str:
    """Return the lines of a paragraph so that none begins another block."""
    return "\n".join(
        f"\\{line}"
        if BEGINS_BLOCK.match(line)
        else NUMBER.sub(r"\1\\\2", line, count=1)
        if NUMBER.match(line)
        else line
        for line in words.split("\n")
    )


def as_heading(words: str) -> str:
    """Return a line whose end is not taken for the signs that close a heading, or for attributes."""
    return re.sub(r"(\s|^)(?=\{[^{}]*\}$)", r"\1\\", re.sub(r"(\s)(?=#+$)", r"\1\\", words))
