"""The addresses of Ghost's texts: as routes.yaml beside the export says, as old settings say, else /slug/.

https://ghost.org/docs/themes/routing/
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from articles.importers.front_matter import read_config

PLACES = ("routes.yaml", "content/settings/routes.yaml", "settings/routes.yaml", "content/data/routes.yaml")
CONDITION = re.compile(
    r"(tag|tags|primary_tag|author|primary_author|featured|visibility):(-?)(\[[^\]]*\]|'[^']*'|[\w-]+)"
)
FIELD = re.compile(r"\{(\w+)\}|:(\w+)")


@dataclass
class Collection:
    """Where texts stand that a filter takes; "" takes all."""

    permalink: str
    filter: str = ""


@dataclass
class Facts:
    """What filters and permalinks ask of a text."""

    id: str
    slug: str
    published_at: datetime | None
    # Slugs, in order, internal ones included.
    tags: list[str] = field(default_factory=list)
    public_tags: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)


def collections_in(folder: Path) -> list[Collection]:
    """Return what routes.yaml in a folder says; [] without one. Raise ImportProblems where it is broken."""
    path = next((folder / place for place in PLACES if (folder / place).is_file()), None)
    if path is None:
        return []
    routes = read_config(path)
    found = routes["collections"].value if "collections" in routes else None
    entries = found.values() if isinstance(found, dict) else []
    return [
        Collection(entry["permalink"], str(entry.get("filter") or ""))
        for entry in entries
        if isinstance(entry, dict) and isinstance(entry.get("permalink"), str)
    ]


def permalink(collections: list[Collection], facts: Facts) -> str:
    """Return the path of a text, "" where no collection has it."""
    for collection in collections:
        if _takes(collection.filter, facts):
            return _filled(collection.permalink, facts)
    return ""


def _takes(condition: str, facts: Facts) -> bool:
    # A comma in brackets lists tags; elsewhere it means "or", and a plus sign "and".
    alternatives = re.split(r",(?![^\[]*\])", condition.strip().strip("'\""))
    return any(all(_holds(each.strip(" ()"), facts) for each in one.split("+")) for one in alternatives)


def _holds(condition: str, facts: Facts) -> bool:
    match = CONDITION.fullmatch(condition)
    if match is None or match[1] in {"featured", "visibility"}:
        return not condition
    wanted = {name.strip(" '") for name in match[3].strip("[]").split(",")}
    if match[1].startswith("primary"):
        # An internal tag is never the primary one.
        has = set((facts.authors if "author" in match[1] else facts.public_tags)[:1])
    else:
        has = set(facts.authors if match[1] == "author" else facts.tags)
    return not wanted & has if match[2] else bool(wanted & has)


def _filled(pattern: str, facts: Facts) -> str:
    moment = facts.published_at
    values = {
        "slug": facts.slug,
        "id": facts.id,
        "primary_tag": facts.public_tags[0] if facts.public_tags else "all",
        "primary_author": facts.authors[0] if facts.authors else "",
        "author": facts.authors[0] if facts.authors else "",
        "year": f"{moment:%Y}" if moment else "",
        "month": f"{moment:%m}" if moment else "",
        "day": f"{moment:%d}" if moment else "",
    }
    return FIELD.sub(lambda name: values.get(name[1] or name[2], name[0]), pattern)
