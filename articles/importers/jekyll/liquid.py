"""Liquid in the texts of Jekyll.

| there                                          | here                                                  |
|------------------------------------------------|-------------------------------------------------------|
| highlight                                      | a fence with its language, line numbers, marked lines |
| raw                                            | what it holds, as it is                               |
| comment                                        | nothing, and a note                                   |
| post_url, link                                 | a link to the article, or the address of the file     |
| include figure, image and their like           | an image with its caption                             |
| include youtube, video; youtube, vimeo, gist … | a link, and a note                                    |
| relative_url, absolute_url, site.url …         | the address                                           |
| page.title, site.title …                       | the value                                             |
| any other                                      | as it was typed, and a note                           |
"""

import re
from collections.abc import Callable, Iterator

from articles.importers.hugo.shortcodes import WORD
from articles.importers.lines import Change, Text

# What never ends reaches no further than the next one, and a tag has an end soon: else a long text takes minutes.
RAW = r"\{%-?\s*raw\s*-?%\}(?P<raw>(?:(?!\{%-?\s*raw\b).)*?)\{%-?\s*endraw\s*-?%\}"
HIGHLIGHT = (
    r"\{%-?\s*highlight\s+(?P<language>[\w.#+-]+)(?P<options>[^%]{0,300}?)-?%\}"
    r"(?P<code>(?:(?!\{%-?\s*highlight\b).)*?)\{%-?\s*endhighlight\s*-?%\}"
)
COMMENT = r"\{%-?\s*comment\s*-?%\}(?P<comment>(?:(?!\{%-?\s*comment\b).)*?)\{%-?\s*endcomment\s*-?%\}"
LINK = r"(?:\{\{[^{}]{0,100}\}\}\s?){0,3}\{%-?\s*(?P<link>post_url|link)\s+(?P<target>[^%\n]{0,300}?)\s*-?%\}"
TAG = r"\{%-?\s*(?P<name>\w+)(?P<words>(?:[^%{]|%(?!\})|\{(?!%)){0,2000}?)-?%\}"
OUTPUT = r"\{\{-?(?P<output>(?:[^{}]|\}(?!\})){0,500}?)-?\}\}"
LIQUID = re.compile("|".join((RAW, HIGHLIGHT, COMMENT, LINK, TAG, OUTPUT)), re.DOTALL)

FIGURES = re.compile(r"(?:^|[/_-])(?:figure|image|img|picture|responsive-image)s?(?:$|[._-])", re.IGNORECASE)
VIDEOS = re.compile(r"(?:^|[/_-])(youtube|vimeo|video)[\w-]*(?:\.\w+)?$", re.IGNORECASE)
PAGES = {
    "youtube": "https://www.youtube.com/watch?v={}",
    "vimeo": "https://vimeo.com/{}",
    "gist": "https://gist.github.com/{}",
}
NO_EQUIVALENT = "a Liquid tag without an equivalent, left as it is:"

Noting = Callable[[str, str, int], None]


class Liquid:
    """Rewrites the body of one text. `value` gives what page.title, site.url and their like say, "" for nothing."""

    def __init__(self, base: str, url: str, value: Callable[[str], str], note: Noting) -> None:
        self.base, self.url, self.value, self.note = base, url, value, note

    def rewritten(self, text: Text) -> Text:
        return text.changed(self._changes(text))

    def _changes(self, text: Text) -> Iterator[Change]:
        for match in LIQUID.finditer(text.body):
            line, (start, end) = text.line_at(match.start()), match.span()
            if match["raw"] is not None:
                # The lines in between keep their numbers.
                yield start, match.start("raw"), ""
                yield match.end("raw"), end, ""
            elif match["language"]:
                yield from self._highlight(match, text.body)
            elif match["comment"] is not None:
                self.note("a comment, left out:", match["comment"].strip()[:60], line)
                yield start, end, ""
            elif match["link"]:
                yield start, end, self._link(match["link"], match["target"].strip())
            else:
                instead = self._tag(match, line) if match["name"] else self._output(match["output"])
                if instead is None:
                    self.note(NO_EQUIVALENT, re.sub(r"\s+", " ", match[0])[:80], line)
                else:
                    yield start, end, instead

    def _highlight(self, match: re.Match, body: str) -> Iterator[Change]:
        options, code = match["options"], match["code"]
        marked = re.search(r"(?:mark_lines|hl_lines)\s*=\s*\"([\d\s-]+)\"", options)
        wanted = ['linenums="1"'] if "linenos" in options else []
        wanted += [f'hl_lines="{marked[1]}"'] if marked else []
        marks = "`" * max([3, *(len(run) + 1 for run in re.findall(r"`{3,}", code))])
        opening = f"{marks}{match['language']}" + (f" {{{' '.join(wanted)}}}" if wanted else "")
        yield match.start(), match.start("code"), opening if code.startswith("\n") else f"{opening}\n"
        # Raw signs within code are for Liquid alone.
        for inner in re.finditer(r"\{%-?\s*(?:end)?raw\s*-?%\}\n?", code):
            yield match.start("code") + inner.start(), match.start("code") + inner.end(), ""
        yield match.end("code"), match.end(), marks if re.search(r"\n[ \t]*\Z", code) else f"\n{marks}"

    def _link(self, kind: str, target: str) -> str:
        target = target.strip("\"' /")
        if kind == "post_url" or re.search(r"(?:^|/)_\w+/|\.(?:md|markdown|html)$", target):
            return f"ref:{target}"
        return f"{self.base}/{target}"

    def _tag(self, match: re.Match, line: int) -> str | None:
        name, words = match["name"].lower(), match["words"].strip()
        if name == "include":
            return self._include(words, line)
        plain = words.split()[:1]
        if name in PAGES and plain:
            return self._embedded(name, plain[0].strip("\"'"), line)
        if name in ("tweet", "twitter", "instagram", "spotify") and re.match(r"[\"']?https?://", words):
            self.note("embedded, and a link now:", f"{name} {words}", line)
            return f"<{plain[0].strip(chr(34) + chr(39))}>"
        if name in ("toc", "seo", "feed_meta"):
            self.note("left out, since pages have it by themselves:", name, line)
            return ""
        return None

    def _embedded(self, name: str, identifier: str, line: int) -> str:
        address = identifier if "://" in identifier else PAGES[name].format(identifier)
        self.note("embedded, and a link now:", f"{name} {address}", line)
        return f"<{address}>"

    def _include(self, words: str, line: int) -> str | None:
        file, _space, rest = words.partition(" ")
        said = {key: quoted or raw or bare for key, quoted, raw, bare in WORD.findall(rest.replace("'", '"')) if key}
        said = {key: self._filled(value) for key, value in said.items()}
        if FIGURES.search(file):
            return _figure(said, self.base)
        if (video := VIDEOS.search(file)) and said.get("id"):
            name = said.get("provider", video[1]).lower()
            return self._embedded(name, said["id"], line) if name in PAGES else None
        if re.search(r"\btoc\b", file):
            self.note("left out, since pages show their contents by themselves:", file, line)
            return ""
        return None

    def _filled(self, value: str) -> str:
        """Return the value of a parameter, which may be a variable."""
        if re.fullmatch(r"(?:page|site)\.[\w.]+", value):
            return self.value(value) or value
        return value

    def _output(self, words: str) -> str | None:
        """Return what a variable with its filters says, None where that is not known here."""
        first, *filters = (part.strip() for part in words.split("|"))
        quoted = re.fullmatch(r"\"([^\"]*)\"|'([^']*)'", first)
        if quoted:
            found = quoted[1] if quoted[1] is not None else quoted[2]
        elif first == "site.baseurl":
            found = self.base
        elif first == "site.url":
            found = self.url
        else:
            found = self.value(first)
            if not found:
                return None
        for each in filters:
            name, _colon, argument = (part.strip() for part in each.partition(":"))
            if name == "relative_url":
                found = self._below(found)
            elif name == "absolute_url":
                found = found if "://" in found else self.url + self._below(found)
            elif name in ("prepend", "append"):
                other = self._output(argument)
                if other is None:
                    return None
                found = other + found if name == "prepend" else found + other
            elif name not in ("escape", "strip", "uri_escape", "xml_escape"):
                return None
        return found

    def _below(self, path: str) -> str:
        return path if "://" in path else f"{self.base}/{path.lstrip('/')}"


def _figure(said: dict[str, str], base: str) -> str | None:
    """Return the image of an include, whose template puts the site's own path in front."""
    names = ("src", "image_path", "path", "file", "url", "image", "img", "image_url", "filename", "name")
    source = next((said[name] for name in names if said.get(name)), "")
    if not source:
        return None
    if source.startswith("/") and not source.startswith(("//", f"{base}/")):
        source = base + source
    caption = said.get("caption") or said.get("title") or ""
    alt = (said.get("alt") or caption).replace("[", "(").replace("]", ")")
    address = f"<{source}>" if re.search(r"[\s()]", source) else source
    title = ' "{}"'.format(caption.replace('"', "&quot;")) if caption else ""
    size = "".join(f' {key}="{said[key]}"' for key in ("width", "height") if said.get(key, "").isdigit())
    return f"![{alt}]({address}{title})" + (f"{{:{size}}}" if size else "")
