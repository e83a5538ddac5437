"""Links as Pelican writes them, by the files of the blog: {filename}other.md, {static}/images/a.png, {tag}django.

https://docs.getpelican.com/en/latest/content.html#linking-to-internal-content
"""

import posixpath
import re
from collections.abc import Mapping
from urllib.parse import quote, unquote

from .lines import Text, prose
from .pelican_site import PelicanSite
from .post import Note, Post

# Where an address can begin: in a link, in angle brackets, in an attribute, after the name of a reference.
LINK = re.compile(
    r"(?<=[(<\"'=\s])(?:[{|]|%7B)(?P<what>filename|static|attach|category|tag|author|index)(?:[|}]|%7D)"
    r"(?P<name>(?:[^\s()<>\"']|\([^\s()]*\)|[ ](?=[^\n\"'()]*\)))*)"
)
# https://github.com/pelican-plugins/summary
END_OF_SUMMARY = re.compile(r"<!--\s*PELICAN_END_SUMMARY\s*-->")


def with_addresses(post: Post, file: str, targets: Mapping[str, str], site: PelicanSite) -> list[Note]:
    """Write the addresses of the old site into a post's body; return a note for each link that leads nowhere.

    `file` is its path in the folder of the content, `targets` the addresses of the texts by such paths.
    """
    body, changes, notes = Text(post.body, post.lines), [], []
    for found in LINK.finditer(prose(post.body)):
        name, mark, rest = re.match(r"([^?#]*)([?#]?)(.*)", found["name"], re.DOTALL).groups()
        address = _address(found["what"], unquote(name), file, targets, site)
        if address is None:
            number = body.number_at(found.start())
            notes.append(post.note("leads to nothing that is here: the link", found[0], number=number))
        else:
            changes.append((found.start(), found.end(), quote(address, safe="/:@!$&*+,;=~") + mark + rest))
    changed = body.changed(changes).replaced(END_OF_SUMMARY, lambda found, number: "<!-- more -->")
    post.body, post.lines = changed.body, changed.lines
    return notes


def _address(what: str, name: str, file: str, targets: Mapping[str, str], site: PelicanSite) -> str | None:
    if what == "index":
        return site.prefix
    if what in ("category", "tag", "author"):
        return site.paths_of_term(what.upper(), name)[0]
    here = "" if name.startswith("/") else posixpath.dirname(file)
    path = posixpath.normpath(posixpath.join(here, name.lstrip("/")))
    if what == "filename" and path in targets:
        return targets[path]
    return site.prefix + path if not path.startswith("..") and site.old.inside(site.content / path) else None
