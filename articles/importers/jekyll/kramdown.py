"""What kramdown reads otherwise than this site does: https://kramdown.gettalong.org/syntax.html."""

import re
from collections.abc import Callable, Iterator

from articles.importers.lines import Change, Text, prose

from .tables import with_heads

CONTENTS = re.compile(
    r"^[ \t]*(?:[-*+]|\d+\.)[ \t]+[^\n]*\n(?:\{:[^}\n]*\}\n)*[ \t]*\{:[ \t]*[^}\n]*\btoc\b[^}\n]*\}[ \t]*$\n?",
    re.MULTILINE,
)
LISTS = re.compile(r"^[ \t]*\{:(?!:)([^}\n]*)\}[ \t]*$\n?", re.MULTILINE)
SPAN_LISTS = re.compile(r"(?<=[)\]*_`])\{:(?!:)([^}\n]*)\}")
EXTENSIONS = re.compile(
    r"\{::comment\}(?P<comment>(?:(?!\{::comment).)*?)\{:/(?:comment)?\}|\{::comment[^}\n]*/\}|\{::(?P<kept>nomarkdown|markdown)[^}\n]*\}"
    r"|\{::(?P<options>options)[^}\n]*/\}|\{:/(?:nomarkdown|markdown)?\}",
    re.DOTALL,
)
END_OF_BLOCK = re.compile(r"^\^[ \t]*$", re.MULTILINE)
# What the page does by itself, or what attribute lists of this site say as well.
HARMLESS = re.compile(
    r"(?:target|rel|loading)=(?:\"[^\"]*\"|'[^']*'|\S+)|(?:width|height)=\"?\d+\"?|#[\w-]+|\.align-(?:left|center|right)"
)

Noting = Callable[[str, str, int], None]


def translated(text: Text, note: Noting) -> Text:
    for step in (_extensions, _contents, _lists, _span_lists, _ends):
        text = text.changed(list(step(text, note)))
    return text.changed(with_heads(text))


def _extensions(text: Text, note: Noting) -> Iterator[Change]:
    for match in EXTENSIONS.finditer(prose(text.body)):
        line = text.line_at(match.start())
        if match["comment"] is not None:
            note("a comment, left out:", match["comment"].strip()[:60], line)
        elif match["options"]:
            note("options of kramdown, left out:", match[0], line)
        yield match.start(), match.end(), ""


def _contents(text: Text, note: Noting) -> Iterator[Change]:
    for match in CONTENTS.finditer(prose(text.body)):
        line = text.line_at(match.start())
        note("left out, since pages show their contents by themselves:", "{:toc}", line)
        yield match.start(), match.end(), ""


def _lists(text: Text, note: Noting) -> Iterator[Change]:
    """Take lists of attributes that stand below a block away; the id of a heading goes to its line."""
    for match in LISTS.finditer(prose(text.body)):
        said, rest = match[1], match[1]
        above = text.body[: match.start()].rstrip("\n").rpartition("\n")[2]
        own = re.search(r"#([\w-]+)", said)
        language = re.search(r"\.language-([\w.+#-]+)", said)
        at = len(text.body[: match.start()].rstrip("\n"))
        if own and re.match(r" {0,3}#{1,6} ", above):
            yield at, at, f" {{#{own[1]}}}"
            rest = rest.replace(own[0], "")
        elif language and (opening := _opening_of(text.body, at, above)):
            yield opening, opening, language[1]
            rest = rest.replace(language[0], "")
        elif re.search(r"\)\s*$", above) and "![" in above and re.search(r"width|height", said):
            yield at, at, "{:" + " ".join(re.findall(r"(?:width|height)=\"?\d+\"?", said)) + "}"
            rest = re.sub(r"(?:width|height)=\"?\d+\"?", "", rest)
        if rest.strip():
            note("attributes of a block, left out:", match[0].strip(), text.line_at(match.start()))
        yield match.start(), match.end(), ""


def _opening_of(body: str, at: int, above: str) -> int | None:
    """Return where the first line of the fence ends whose last line is `above`, where it names no language."""
    if not re.fullmatch(r" {0,3}(?:`{3,}|~{3,})[ \t]*", above):
        return None
    start = body.rfind(f"{above.strip()}\n", 0, at - len(above))
    is_bare = start >= 0 and body[:start].rpartition("\n")[2].strip() == ""
    return start + len(above.strip()) if is_bare else None


def _span_lists(text: Text, note: Noting) -> Iterator[Change]:
    for match in SPAN_LISTS.finditer(prose(text.body)):
        kept = HARMLESS.findall(match[1])
        rest = HARMLESS.sub("", match[1]).strip()
        if rest:
            note("attributes, left out:", match[0], text.line_at(match.start()))
            kept = [word for word in kept if not word.startswith(("target", "rel", "loading"))]
            yield match.start(), match.end(), f"{{:{' '.join(kept)}}}" if kept else ""


def _ends(text: Text, _note: Noting) -> Iterator[Change]:
    for match in END_OF_BLOCK.finditer(prose(text.body)):
        yield match.start(), match.end(), ""
