"""WordPress's short codes: those with an equivalent as HTML, the others as notes; and what blocks say in comments."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

from articles.importers.html_to_markdown import Loss

CODE = re.compile(
    r"""<pre\b[^<>]*>|<code\b[^<>]*>|<!--|\[(\[?)(/?)([a-zA-Z][\w-]*)((?:[\s=:][^\[\]]*)?)\](\]?)""", re.IGNORECASE
)
ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'\]]+))|"([^"]*)"|(\S+)""")
PICTURE = re.compile(r"\s*((?:<a\b[^>]*>)?\s*<img\b[^>]*>\s*(?:</a>)?)(.*)", re.DOTALL | re.IGNORECASE)
NUMBERS = re.compile(r"\d+")

# SyntaxHighlighter's, each a code of its own.
LANGUAGES = {
    *("bash", "shell", "c", "cpp", "csharp", "css", "diff", "html", "java", "javascript", "js", "json", "perl", "php"),
    *("python", "py", "ruby", "sql", "xml", "yaml", "go", "r", "scala", "swift", "plain", "text", "powershell"),
}
CODES = {"code", "sourcecode", "highlight", "cc", "pastacode", "prism", "crayon", *LANGUAGES}
NOTES = {"efn_note", "footnote", "ref", "fn", "note_footnote", "mfn"}
VIDEOS = {"youtube": "https://www.youtube.com/watch?v=", "vimeo": "https://vimeo.com/"}
MEDIA = {"video": ("src", "mp4", "m4v", "webm", "ogv"), "audio": ("src", "mp3", "m4a", "ogg", "wav", "flac")}

BLOCK = re.compile(r"<!--\s+wp:([\w/-]+)\s+(?:(\{[^<>]*\})\s+)?(/?)-->")
BLOCK_CODE = re.compile(r"(<!--\s+wp:[\w/-]{0,60}?code[\w/-]*\s+(\{[^<>]*\})\s+-->\s*<pre)\b", re.IGNORECASE)
# Galleries of some versions, which name their pictures alone.
BARE_GALLERY = re.compile(r"(<!--\s+wp:gallery\s+(\{[^<>]*\})\s+-->\s*<figure\b[^<>]*>)\s*(?=</figure>)")
SILENT_BLOCKS = {"footnotes", "separator", "spacer", "more", "nextpage", "post-title", "paragraph"}
MAX_REUSED = 3
# What one short code holds.
MAX_INNER = 100_000


@dataclass
class Attachment:
    """A file of the old site, with what its page says of it."""

    address: str
    alternative: str = ""
    caption: str = ""


@dataclass
class Expansion:
    """What short codes and blocks may name, and what could not be carried."""

    attachments: dict[str, Attachment] = field(default_factory=dict)
    reused: dict[str, str] = field(default_factory=dict)
    losses: list[Loss] = field(default_factory=list)


def with_blocks(html: str, expansion: Expansion) -> str:
    """Return HTML of the block editor with reused blocks in their places and languages at their code."""
    for _ in range(MAX_REUSED):
        changed = BLOCK.sub(lambda block: _reused(block, expansion), html)
        if changed == html or len(changed) > 4_000_000:
            break
        html = changed
    html = BARE_GALLERY.sub(lambda block: _with_pictures(block, expansion), html)
    for block in BLOCK.finditer(html):
        name = block[1].removeprefix("core/")
        if block[3] and name not in SILENT_BLOCKS:
            line = html.count("\n", 0, block.start()) + 1
            expansion.losses.append(Loss(line, "left out: the block", name))
    return BLOCK_CODE.sub(_with_language, html)


def _reused(block: re.Match, expansion: Expansion) -> str:
    if block[1] != "block" or not block[3]:
        return block[0]
    number = str(_settings(block[2]).get("ref", ""))
    # On one line: the lines below keep their numbers.
    return expansion.reused.get(number, block[0]).replace("\n", " ")


def _with_pictures(block: re.Match, expansion: Expansion) -> str:
    numbers = _settings(block[2]).get("ids", [])
    pictures = [expansion.attachments.get(str(number)) for number in (numbers if isinstance(numbers, list) else [])]
    return block[1] + "".join(as_figure(each) for each in pictures if each)


def _with_language(block: re.Match) -> str:
    settings = _settings(block[2])
    language = str(settings.get("language") or settings.get("lang") or "")
    return f'{block[1]} data-language="{escape(language)}"' if re.fullmatch(r"[\w+#-]+", language) else block[0]


def _settings(text: str | None) -> dict:
    try:
        settings = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return settings if isinstance(settings, dict) else {}


def expanded(html: str, expansion: Expansion) -> str:
    """Return HTML with each short code as what it stands for; no line end is lost or added."""
    return _Expander(html, expansion).result()


def attributes_of(text: str) -> dict[str, str]:
    """Return the attributes of a short code; those without a name by their number."""
    found: dict[str, str] = {}
    for number, match in enumerate(ATTRIBUTE.finditer(text.strip().strip("/"))):
        name = match[1].lower() if match[1] else str(number)
        found.setdefault(name, next((value for value in match.groups()[1:] if value), ""))
    return found


class _Expander:
    """Goes through a text once. Nothing is expanded within code and comments."""

    def __init__(self, html: str, expansion: Expansion) -> None:
        self.html, self.expansion = html, expansion
        # Where each closing sign stands last: what has none is not looked for again and again.
        self.lower = html.lower()
        self.known_last: dict[str, int] = {}
        self.known_first: dict[str, int] = {}

    def result(self) -> str:
        parts, at = [], 0
        while match := CODE.search(self.html, at):
            parts.append(self.html[at : match.start()])
            words, at = self.one(match)
            parts.append(words)
        return "".join([*parts, self.html[at:]])

    def one(self, match: re.Match) -> tuple[str, int]:
        """Return what stands for a match, and where to go on."""
        if not match[3]:
            closing = "-->" if match[0] == "<!--" else f"</{match[0][1:5].rstrip('> ').lower()}"
            end = self.after(closing, match.end())
            return self.html[match.start() : end], end
        if match[1] and match[5]:
            # [[a short code]] that is to be seen.
            return f"&#91;{match[2]}{match[3]}{match[4]}]", match.end()
        name, start = match[3].lower(), match.end() - len(match[5])
        opening = match[1] or ""
        if match[2]:
            return self.closing(match, name, opening, start)
        has_end = self.last(f"[/{name}]") >= start and not match[4].rstrip().endswith("/")
        write = HANDLERS.get("code" if name in CODES and has_end else name)
        inner_end = self.lower.find(f"[/{name}]", start, start + MAX_INNER) if write and has_end else -1
        inner = self.html[start:inner_end] if inner_end >= 0 else ""
        end = inner_end + len(name) + 3 if inner_end >= 0 else start
        words = write(self, name, attributes_of(match[4]), inner, match.start()) if write else None
        if words is None:
            return self.unknown(match, name, start, has_end=has_end)
        missing = self.html.count("\n", match.start(), end) - words.count("\n")
        return opening + words + "\n" * (missing if "pre" in words[:4] else 0), end

    def after(self, closing: str, start: int) -> int:
        if self.last(closing) < start:
            return start
        return self.lower.index(closing, start) + len(closing)

    def last(self, closing: str) -> int:
        if closing not in self.known_last:
            self.known_last[closing] = self.lower.rfind(closing)
        return self.known_last[closing]

    def lose(self, at: int, text: str, about: str) -> None:
        self.expansion.losses.append(Loss(self.html.count("\n", 0, at) + 1, text, about))

    def unknown(self, match: re.Match, name: str, start: int, *, has_end: bool) -> tuple[str, int]:
        """A code nobody knows goes, and what it holds stays; words that only look like one stay."""
        is_code = has_end or "=" in match[4] or "-" in name or "_" in name or match[4].rstrip().endswith("/")
        if not is_code:
            return match[0], match.end()
        self.lose(match.start(), "left out: the short code", name)
        return match[1] or "", start

    def closing(self, match: re.Match, name: str, opening: str, start: int) -> tuple[str, int]:
        # The end of a code whose beginning went.
        first = self.known_first.setdefault(name, self.lower.find(f"[{name}"))
        return (opening, start) if 0 <= first < match.start() else (match[0], match.end())


def _caption(expander: _Expander, name: str, attributes: dict, inner: str, at: int) -> str | None:
    match = PICTURE.match(inner)
    if match is None:
        return None
    words = match[2].strip(" ") or escape(attributes.get("caption", ""))
    return f"<figure>{match[1]}<figcaption>{words}</figcaption></figure>"


def _code(expander: _Expander, name: str, attributes: dict, inner: str, at: int) -> str | None:
    if not inner:
        return None
    language = attributes.get("lang") or attributes.get("language") or ("" if name in CODES - LANGUAGES else name)
    # The editor has written signs of HTML as entities, or not, as the author liked.
    words = inner if re.search(r"&(?:lt|gt|amp|quot|#\d+);", inner) else escape(inner, quote=False)
    attribute = f' data-language="{escape(language)}"' if language else ""
    return f"<pre{attribute}>{words}</pre>"


def _gallery(expander: _Expander, name: str, attributes: dict, inner: str, at: int) -> str | None:
    numbers = NUMBERS.findall(attributes.get("ids") or attributes.get("include") or "")
    found = [expander.expansion.attachments.get(number) for number in numbers]
    if not numbers or not all(found):
        missing = ", ".join(number for number, each in zip(numbers, found, strict=True) if not each)
        expander.lose(at, "left out: pictures of a gallery that the export does not hold:", missing or "gallery")
    return "".join(as_figure(each) for each in found if each)


def as_figure(each: Attachment) -> str:
    words = " ".join(each.caption.split())
    caption = f"<figcaption>{words}</figcaption>" if words else ""
    return f'<figure><img src="{escape(each.address)}" alt="{escape(each.alternative)}">{caption}</figure>'


def _embed(expander: _Expander, name: str, attributes: dict, inner: str, at: int) -> str | None:
    address = inner.strip() or attributes.get("src") or attributes.get("url") or attributes.get("0", "")
    if name in VIDEOS and not address.startswith("http"):
        number = attributes.get("id") or address
        address = VIDEOS[name] + number if re.fullmatch(r"[\w-]+", number) else ""
    if not address.startswith(("http://", "https://")):
        return None
    expander.lose(at, "embedded, and a link now: short code", address)
    return f'<p><a href="{escape(address)}">{escape(address)}</a></p>'


def _media(expander: _Expander, name: str, attributes: dict, inner: str, at: int) -> str | None:
    address = next((attributes[key] for key in MEDIA[name] if attributes.get(key)), "")
    return f'<{name} src="{escape(address)}"></{name}>' if address else inner if "<" in inner else None


def _note(expander: _Expander, name: str, attributes: dict, inner: str, at: int) -> str | None:
    return f"<footnote-text>{inner}</footnote-text>" if inner.strip() else None


HANDLERS: dict[str, Callable[[_Expander, str, dict, str, int], str | None]] = {
    **dict.fromkeys(("caption", "wp_caption"), _caption),
    **dict.fromkeys(("embed", "youtube", "vimeo", "soundcloud", "twitter", "tweet", "gist", "instagram"), _embed),
    **dict.fromkeys(("video", "audio"), _media),
    **dict.fromkeys(NOTES, _note),
    "code": _code,
    "gallery": _gallery,
}
