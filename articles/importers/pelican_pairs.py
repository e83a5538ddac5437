"""Texts of Pelican while they are read, and which of them are translations of each other.

https://docs.getpelican.com/en/latest/settings.html#translations
"""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import Any

from .front_matter import Entry
from .pelican_site import PelicanSite
from .post import Post


@dataclass
class Source:
    """A text while it is read: what its file, its path and the settings say, each file's own word first."""

    post: Post
    head: dict[str, Entry]
    told: dict[str, str]  # what its path says, and what the settings say of all
    file: str = ""  # its path in the content folder
    lang: str = ""
    status: str = ""
    category: str = ""
    fields: dict[str, Any] = field(default_factory=dict)

    def says(self, key: str) -> str:
        if key in self.head and isinstance(self.head[key].value, str):
            return " ".join(self.head[key].text().split())
        return self.told.get(key, "")

    def line(self, key: str) -> int:
        return self.head[key].line if key in self.head else 1


def pair(texts: list[Source], site: PelicanSite) -> None:
    """Name the pair of each text, and say which text of a pair is the original."""
    groups: dict[tuple, list[Source]] = defaultdict(list)
    for text in texts:
        keys = site.pair_keys(text.post.is_page)
        values = [text.post.slug if key == "slug" else text.says(key) for key in keys]
        own = () if values and all(values) else (text.file,)
        groups[text.post.is_page, *values, *own].append(text)
    taken: set[tuple[bool, str]] = set()
    for group in groups.values():
        originals = [text for text in group if text.says("translation").lower() in ("", "false")] or group
        originals = [text for text in originals if text.lang == site.default_lang] or originals
        group.sort(key=lambda text: text not in originals)
        first = group[0].post
        name = first.slug if (first.is_page, first.slug) not in taken else f"{first.slug} {group[0].file}"
        taken.add((first.is_page, first.slug))
        for text in group:
            text.post.pair = name
        if len(originals) == 1 and len(group) > 1:
            originals[0].post.is_original = True


def share_out_terms(texts: list[Source], site: PelicanSite) -> None:
    """Leave the page of each tag, which is one for all languages there, to one of them: the default one first."""
    owners: dict[str, str] = {}
    for text in sorted(texts, key=lambda text: text.lang != site.default_lang):
        language = text.post.language
        for place, term in enumerate(text.post.tags):
            own = tuple(path for path in term.addresses if owners.setdefault(path, language) == language)
            text.post.tags[place] = replace(term, addresses=own)
