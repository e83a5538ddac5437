"""A short code as it stands in a text, and the page of what it embeds."""

import re
from dataclasses import dataclass, field

LINKED = {
    "youtube",
    "youtubelite",
    "video",
    "audio",
    "vimeo",
    "vimeo_simple",
    "gist",
    "x",
    "tweet",
    "twitter",
    "x_simple",
    "twitter_simple",
}
LINKED |= {"instagram", "instagram_simple", "qr"}


@dataclass
class Tag:
    """A short code's own tag; `closing` is that of its end, where it has one."""

    match: re.Match
    name: str
    named: dict[str, str] = field(default_factory=dict)
    plain: list[str] = field(default_factory=list)
    closing: re.Match | None = None

    def get(self, *names: str, place: int | None = None) -> str:
        """Return a parameter by one of its names, or by its place among those without."""
        for name in names:
            if self.named.get(name):
                return self.named[name]
        return self.plain[place] if place is not None and place < len(self.plain) else ""


def embedded_address(tag: Tag, inner: str) -> str:
    """Return the address of the page of what a short code embeds; "" where it does not say what."""
    name, first = tag.name.removesuffix("_simple"), tag.get("id", place=0)
    if name in ("youtube", "youtubelite") and first:
        start = tag.get("start")
        return f"https://www.youtube.com/watch?v={first}" + (f"&t={start}s" if start.isdigit() else "")
    if name == "vimeo" and first:
        return f"https://vimeo.com/{first}"
    if name == "instagram" and first:
        return f"https://www.instagram.com/p/{first}/"
    if name in ("video", "audio"):
        return tag.get("src", place=0)
    if name == "gist" and len(tag.plain) > 1:
        return f"https://gist.github.com/{tag.plain[0]}/{tag.plain[1]}"
    if name in ("x", "tweet", "twitter") and first:
        return f"https://x.com/{tag.get('user') or 'i'}/status/{tag.get('id', place=len(tag.plain) - 1)}"
    if name == "qr":
        return next((words for words in (tag.get("text"), inner.strip()) if re.match(r"https?://\S+\Z", words)), "")
    return ""
