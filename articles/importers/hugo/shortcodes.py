"""Hugo's short codes, and what of its Markdown this site writes otherwise.

| there                                    | here                                                     |
|------------------------------------------|----------------------------------------------------------|
| highlight                                | a fence with its language, line numbers, marked lines    |
| figure, image, img                       | an image with its caption, or a `figure` element         |
| ref, relref                              | a link to the article                                    |
| youtube, vimeo, gist, x, video, qr …     | a link, and a note                                       |
| details                                  | the same element                                         |
| param                                    | its value, where the text or the configuration says it   |
| comment                                  | nothing, and a note                                      |
| notice, alert, hint, callout, admonition | a call-out                                               |
| mermaid                                  | a block of code, and a note                              |
| rawhtml, raw, html, lead                 | what they hold                                           |
| {{</* any */>}}                          | the short code as an example, without the signs          |
| any other                                | as it was typed, and a note                              |
"""

import posixpath
import re
from collections.abc import Callable, Iterator
from html import escape

from articles.importers.lines import Change, Text

from .fences import fence_attributes
from .tag import LINKED, Tag, embedded_address

TAG = re.compile(
    r"\{\{(?P<open>[<%])(?:/\*(?P<escaped>(?:(?!\{\{).)*?)\*/|\s*(?P<closing>/?)\s*(?P<name>[\w./-]+?)"
    r"(?P<words>(?:\s(?:\"(?:\\.|[^\"\\\n])*\"|`[^`]*`|[^\"`{}])*?)?)\s*(?P<single>/?)\s*)[>%]\}\}",
    re.DOTALL,
)
WORD = re.compile(r"(?:([\w-]+)\s*=\s*)?(?:\"((?:\\.|[^\"\\])*)\"|`([^`]*)`|([^\s\"`=]+))")

CALLOUTS = {
    **dict.fromkeys(("note", "info", "primary", "secondary", "abstract", "quote", "example", "question"), "NOTE"),
    **dict.fromkeys(("tip", "success", "hint"), "TIP"),
    "important": "IMPORTANT",
    **dict.fromkeys(("warning", "attention", "exclamation"), "WARNING"),
    **dict.fromkeys(("caution", "danger", "error", "failure", "bug"), "CAUTION"),
}
# The last word of triangle-exclamation or circle-info.
ICON_WORDS = re.compile(r"-(\w+)\Z")
CALLOUT_TAGS = {"notice", "alert", "hint", "callout", "admonition", "note", "tip", "warning", "info", "important"}
PASSED_THROUGH = {"rawhtml", "raw", "html", "unsafe", "lead"}
FIGURES = {"figure", "image", "img"}
NO_EQUIVALENT = "a short code without an equivalent, left as it is:"


# Takes a sentence, what it is about, and the line of the source.
Noting = Callable[[str, str, int], None]


class ShortCodes:
    """Rewrites the body of one text. `folder` is that of its file below the content; `params` gives values by name."""

    def __init__(self, folder: str, params: Callable[[str], str], note: Noting) -> None:
        self.folder, self.params, self.note = folder, params, note
        self.body = ""

    def rewritten(self, text: Text) -> Text:
        self.body = text.body
        changes: list[Change] = []
        for tag in _tags(text.body):
            changes += self._changes(tag, text)
        return text.changed(_apart(changes))

    def _changes(self, tag: Tag, text: Text) -> Iterator[Change]:
        start, end = tag.match.span()
        if tag.match["escaped"] is not None:
            sign = tag.match["open"]
            yield start, end, "{{" + sign + tag.match["escaped"] + (">" if sign == "<" else "%") + "}}"
            return
        line = text.line_at(start)
        if tag.name == "highlight" and tag.closing:
            yield from self._highlight(tag)
        elif tag.name in FIGURES and tag.get("src", place=0) and not tag.closing:
            yield from self._around(tag, self._figure(tag), "")
        elif tag.name in ("ref", "relref"):
            yield start, end, self._reference(tag)
        elif tag.name in LINKED and (address := embedded_address(tag, self._inner(tag))):
            self.note("embedded, and a link now:", f"{tag.name} {address}", line)
            # What a qr holds is the address itself.
            linked = f"<{address}>" if "://" in address else f"[{address}](<{address}>)"
            yield start, tag.closing.end() if tag.closing else end, linked
        elif tag.name == "details" and tag.closing:
            opened = " open" if tag.get("open") == "true" else ""
            summary = escape(tag.get("summary", "title", place=0) or "Details")
            opening = f"<details{opened}>\n<summary>{summary}</summary>\n"
            yield from self._around(tag, opening, "\n</details>")
        elif tag.name == "comment" and tag.closing:
            self.note("a comment, left out:", self._inner(tag).strip()[:60], line)
            yield start, tag.closing.end(), ""
        elif tag.name == "param" and (value := self.params(tag.get("name", place=0))):
            yield start, end, value
        elif tag.name in CALLOUT_TAGS and tag.closing:
            yield from self._callout(tag)
        elif tag.name == "mermaid" and tag.closing:
            self.note("a drawing, shown as its code:", tag.name, line)
            yield from self._around(tag, "```mermaid", "```")
        elif tag.name in PASSED_THROUGH and tag.closing:
            yield from self._around(tag, "", "")
        elif tag.name in ("toc", "table-of-contents"):
            self.note("left out, since pages show their contents by themselves:", tag.name, line)
            yield start, end, ""
        else:
            self.note(NO_EQUIVALENT, tag.name, line)

    def _inner(self, tag: Tag) -> str:
        return self.body[tag.match.end() : tag.closing.start()] if tag.closing else ""

    def _around(self, tag: Tag, opening: str, closing: str) -> Iterator[Change]:
        yield (*tag.match.span(), opening)
        if tag.closing:
            yield (*tag.closing.span(), closing)

    def _highlight(self, tag: Tag) -> Iterator[Change]:
        inner = self._inner(tag)
        options = " ".join([*tag.plain[1:], *(f"{key}={value}" for key, value in tag.named.items())])
        language = tag.get("lang", "type", place=0)
        if "hl_inline=true" in options.replace(" ", ""):
            yield from self._around(tag, "`", "`")
            return
        marks = "`" * max(3, *(len(run) + 1 for run in re.findall(r"`{3,}", inner)), 3)
        opening = f"{marks}{language}{fence_attributes(options)}"
        line_start = self.body.rfind("\n", 0, tag.match.start()) + 1
        indentation = re.match(r"[ \t]*", self.body[line_start : tag.match.start()])[0]
        yield from self._around(
            tag,
            opening if inner.startswith("\n") else f"{opening}\n{indentation}",
            marks if re.search(r"\n[ \t]*\Z", inner) else f"\n{indentation}{marks}",
        )

    def _figure(self, tag: Tag) -> str:
        source, alt = tag.get("src", place=0), tag.get("alt") or _plain(tag.get("caption"))
        caption = ": ".join(filter(None, [tag.get("title"), tag.get("caption")]))
        by = tag.get("attr")
        if by:
            by = f"[{by}]({tag.get('attrlink')})" if tag.get("attrlink") else by
            caption = f"{caption} {by}".strip()
        size = "".join(f' {key}="{tag.get(key)}"' for key in ("width", "height") if tag.get(key).isdigit())
        address = f"<{source}>" if re.search(r"[\s()]", source) else source
        attributes = f"{{:{size}}}" if size else ""
        image = f"![{alt.replace('[', '(').replace(']', ')')}]({address}"
        if not caption or re.search(r"[\[\]*_`<>]", caption) or tag.get("link"):
            image = f"{image}){attributes}"
            image = f"[{image}]({tag.get('link')})" if tag.get("link") else image
            return _figure_element(image, caption) if caption else image
        title = caption.replace('"', "&quot;")
        return f'{image} "{title}"){attributes}'

    def _reference(self, tag: Tag) -> str:
        path = tag.get("path", place=0)
        path, mark, fragment = path.partition("#")
        if path.startswith("."):
            path = posixpath.normpath(posixpath.join("/", self.folder, path))
        # An anchor alone is one of the text itself.
        address = f"ref:{path.lower()}" if path else ""
        if tag.get("lang") and path:
            address += f"?lang={tag.get('lang').lower()}"
        address += mark + fragment
        before = self.body[: tag.match.start()][-2:]
        is_in_link = before[-1:] in ('"', "'", "=", "<") or before in ("](", "]:", ": ")
        return address if is_in_link else f"[]({address})"

    def _callout(self, tag: Tag) -> Iterator[Change]:
        said = tag.get("type", "icon", "context", "color", place=0)
        word = next((each for each in (said, *ICON_WORDS.findall(said), tag.name) if each.lower() in CALLOUTS), "")
        # An alert names its icon first, if anything.
        place = None if tag.name == "alert" else 1 if tag.plain and tag.plain[0] == word else 0
        title = tag.get("title", "heading", place=place)
        title = "" if title == word else title
        start, end = tag.match.end(), tag.closing.start()
        opening = f"> [!{CALLOUTS.get(word.lower(), 'NOTE')}] {title}".rstrip()
        yield (*tag.match.span(), opening if self.body[start : start + 1] == "\n" else f"{opening}\n> ")
        # Every line but the tags' own is quoted.
        for match in re.finditer(r"\n", self.body[start:end]):
            at = start + match.end()
            if self.body[at:end].strip():
                yield at, at, "> "
        yield (*tag.closing.span(), "")


def _tags(body: str) -> list[Tag]:
    """Return all short codes of a body, each with its closing tag where there is one."""
    tags: list[Tag] = []
    opened: list[Tag] = []
    for match in TAG.finditer(body):
        if match["escaped"] is not None:
            tags.append(Tag(match, ""))
        elif match["closing"]:
            name = match["name"].removesuffix(".html").lower()
            at = next((place for place in reversed(range(len(opened))) if opened[place].name == name), None)
            if at is not None:
                opened[at].closing = match
                del opened[at:]
        else:
            tag = Tag(match, match["name"].removesuffix(".html").lower())
            for key, quoted, raw, bare in WORD.findall(match["words"] or ""):
                value = quoted.replace('\\"', '"') or raw or bare
                if key:
                    tag.named[key.lower()] = value
                else:
                    tag.plain.append(value)
            tags.append(tag)
            if not match["single"]:
                opened.append(tag)
    return tags


def _apart(changes: list[Change]) -> list[Change]:
    """Return the changes without those inside of what another one replaces."""
    kept: list[Change] = []
    for change in sorted(changes, key=lambda change: (change[0], change[1] > change[0], -change[1])):
        if not kept or change[0] >= kept[-1][1]:
            kept.append(change)
    return kept


def _plain(markdown: str) -> str:
    return re.sub(r"[*_`]|\[([^\]]*)\]\([^)]*\)", r"\1", markdown)


def _figure_element(image: str, caption: str) -> str:
    return f'<figure markdown="1">\n\n{image}\n\n<figcaption markdown="span">{caption}</figcaption>\n</figure>'
