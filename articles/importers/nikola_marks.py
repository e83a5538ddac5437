"""What Nikola reads in a body besides Markdown: the end of a teaser, links by name, short codes of its own.

https://getnikola.com/handbook.html#teasers, …#links and …#shortcodes
"""

import re
from collections.abc import Callable
from urllib.parse import quote, unquote

from .lines import Text, prose
from .post import Post

TEASER = re.compile(r"<!--\s*(?:TEASER_END|END_TEASER)(?::[^>]*?)?\s*-->", re.IGNORECASE)
LINK = re.compile(r"link://(?P<kind>[a-z_]+)(?:/(?P<name>[^\s)>\"'#]*))?", re.IGNORECASE)
DOC = re.compile(
    r"\{\{%\s*doc(?:\s+title=(?P<quote>[\"']?)(?P<title>[^%]*?)(?P=quote))?\s*%\}\}\s*(?P<slug>[^{]*?)\s*\{\{%\s*/doc\s*%\}\}"
)
THUMBNAIL = re.compile(r"(?P<address>\(?[^\s()\"']*)\.thumbnail(?P<ending>\.\w{3,4})\b")

# The address that a link by name means: its kind, its name, the language of the text. None: it is not here.
Resolve = Callable[[str, str, str], str | None]


def rewritten(post: Post, resolve: Resolve) -> list[tuple[int, str]]:
    """Write what Nikola alone reads as this site reads it; return the lines and the links that lead to nothing."""
    text, lost = Text(post.body, post.lines), []
    text = _outside_code(text, TEASER, lambda found, number: "<!-- more -->")
    text = _outside_code(text, DOC, lambda found, number: _doc(found, post, resolve))

    def link(found: re.Match, number: int) -> str | None:
        address = resolve(found["kind"].lower(), unquote(found["name"] or ""), post.language)
        if address is None:
            lost.append((number, found[0]))
            return None
        return quote(address, safe="/:@!$&*+,;=~")

    def original(found: re.Match, number: int) -> str | None:
        """Nikola made the small images itself; the large one is what there is."""
        name = found["address"] + found["ending"]
        is_here = post.local_file(name.lstrip("(")) and not post.local_file(found[0].lstrip("("))
        return name if is_here else None

    text = _outside_code(text, LINK, link)
    text = _outside_code(text, THUMBNAIL, original)
    post.body, post.lines = text.body, text.lines
    return lost


def _outside_code(text: Text, pattern: re.Pattern, words: Callable[[re.Match, int], str | None]) -> Text:
    # Comments are as blank as code there, and a teaser's end is one.
    shown = text.body if pattern is TEASER else prose(text.body)
    found = ((match, words(match, text.number_at(match.start()))) for match in pattern.finditer(shown))
    return text.changed((match.start(), match.end(), instead) for match, instead in found if instead is not None)


def _doc(found: re.Match, post: Post, resolve: Resolve) -> str | None:
    slug = re.sub(r"^.*<(.*)>$", r"\1", found["slug"]).strip()
    address = resolve("slug", slug, post.language)
    title = found["title"] or (found["slug"].partition("<")[0].strip() if "<" in found["slug"] else "")
    return f"[{title or slug}]({quote(address)})" if address else None
