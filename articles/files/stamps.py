"""Which saved text a file was made from: the number of its revision, and a check that another site's does not pass."""

import hashlib

from articles.models import Article, Revision
from articles.text import ArticleText


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
