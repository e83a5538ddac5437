"""Which saved text a file was made from.

A pair of files names the number of its revision, with a check that another site's does not pass. An exported file
names what the site said, and not where: two sites with the same text write the same file.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from articles.models import Article, Revision
from articles.shared_facts import FACTS
from articles.text import ArticleText


def version(text: ArticleText, facts: Mapping[str, Any] | None = None) -> str:
    """Return the `version` of an exported file, like 9f86d081884c: of its text with its date.

    With the facts of shared_facts.py, where the file says what the languages share, it is 9f86d081884c-60303ae22b99.
    An import finds by it the very revision that the folder was exported from: a date alone, or a tag, is one as well.
    """
    date = text.published_at and text.published_at.astimezone(UTC).isoformat()
    said = [text.title, text.slug, text.summary, text.body, date]
    return _short(said) if facts is None else f"{_short(said)}-{facts_version(facts)}"


def facts_version(facts: Mapping[str, Any]) -> str:
    """Return the second half of such a version."""
    return _short([facts.get(name) for name in FACTS])


def _short(said: list[Any]) -> str:
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()[:12]


def stamp(revision: Revision | None) -> str:
    """Return what a file says of a revision, like 41-9f86d081884c; "" of none."""
    return f"{revision.pk}-{digest(revision.content)}" if revision else ""


def stamped(article: Article, language: str, words: str) -> Revision | None:
    """Return the revision of an article and a language that a file names, None where it is none of these."""
    number = words.partition("-")[0]
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    kinds = (Revision.Kind.SAVED, Revision.Kind.WORKING_COPY)
    revision = article.revisions.filter(language=language, kind__in=kinds, pk=int(number)).first()
    return revision if revision and stamp(revision) == words else None


def digest(text: ArticleText) -> str:
    """Return what is the same on every site for the same words at the same address."""
    said = "\0".join(str(getattr(text, field)) for field in ("title", "slug", "summary", "body"))
    return hashlib.sha256(said.encode()).hexdigest()[:12]
