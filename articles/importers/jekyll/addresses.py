"""At which address Jekyll put a text: https://jekyllrb.com/docs/permalinks/."""

import re
from dataclasses import dataclass, field
from datetime import datetime

STYLES = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}
TOKEN = re.compile(r":([a-z_]+)")


@dataclass(frozen=True)
class Place:
    """A text as addresses see it. `name` is that of its file, without date and ending; `path` leads to its folder."""

    name: str
    path: str = ""
    slug: str = ""
    date: datetime | None = None
    categories: list[str] = field(default_factory=list)
    collection: str = ""


def slugified(words: str, *, is_cased: bool = False) -> str:
    """Return words as Jekyll's own "pretty" mode has them."""
    slug = re.sub(r"[^\w._~!$&'()+,;=@-]+|[ -]+", "-", words).strip("-")
    return slug if is_cased else slug.lower()


def post_address(template: str, place: Place) -> str:
    """Return the path of a post by its style or its template."""
    return _expanded(STYLES.get(template, template) or STYLES["date"], place)


def page_address(template: str, place: Place) -> str:
    """Return the path of a page, whose ending follows from the style of the posts' addresses."""
    folder = f"/{place.path}".rstrip("/")
    if place.name == "index":
        return f"{folder}/"
    style = STYLES.get(template, template)
    return f"{folder}/{place.name}/" if style.endswith("/") else f"{folder}/{place.name}.html"


def _expanded(template: str, place: Place) -> str:
    title = slugified(place.slug or place.name, is_cased=True)
    values = {
        "title": title,
        "slug": slugified(place.slug or place.name),
        "name": slugified(place.name, is_cased=True),
        "categories": "/".join(category.lower().strip() for category in place.categories),
        "slugified_categories": "/".join(map(slugified, place.categories)),
        "output_ext": ".html",
        "path": "/".join(filter(None, (place.path, place.name))),
        "collection": place.collection,
    }
    if date := place.date:
        values |= {
            "year": f"{date:%Y}",
            "short_year": f"{date:%y}",
            "month": f"{date:%m}",
            "i_month": str(date.month),
            "short_month": f"{date:%b}",
            "long_month": f"{date:%B}",
            "day": f"{date:%d}",
            "i_day": str(date.day),
            "y_day": f"{date:%j}",
            "hour": f"{date:%H}",
            "minute": f"{date:%M}",
            "second": f"{date:%S}",
            "week": f"{date:%V}",
            "w_year": f"{date:%G}",
            "w_day": f"{date:%u}",
            "short_day": f"{date:%a}",
            "long_day": f"{date:%A}",
        }

    def value(match: re.Match) -> str:
        # :title_ and :titles are no tokens, but :title:output_ext are two.
        name = next((name for name in sorted(values, key=len, reverse=True) if match[1].startswith(name)), "")
        return values[name] + match[1].removeprefix(name) if name else ""

    return re.sub(r"/{2,}", "/", "/" + TOKEN.sub(value, template).lstrip("/"))


def as_served(address: str) -> list[str]:
    """Return an address with the other one that servers give for the same file: with or without .html."""
    if address.endswith(".html"):
        return [address] if address.endswith("/index.html") else [address, address.removesuffix(".html")]
    return [address] if address.endswith("/") else [address, f"{address}.html"]
