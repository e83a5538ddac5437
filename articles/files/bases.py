"""What a folder was last known to say: the revision that a file was exported from, or the one that an import saw.

The later of the two counts, since a file that is imported keeps the stamp of its export.
"""

from collections.abc import Mapping
from typing import Any

from articles.models import Article, Revision

from .native import ArticleFolder, LanguageFile
from .stamps import facts_version, version

# Where Article.imported keeps the primary keys of what an import saw, by language.
SEEN, SEEN_COPIES = "revisions", "copies"
# And what it saw of what the languages share, with the article's last revision then.
SEEN_FACTS, SEEN_FACTS_AT = "facts", "facts_at"


def seen_by_import(article: Article, file: LanguageFile) -> int | None:
    """Return the primary key of the revision that the last import of a language saw."""
    return article.imported.get(seen_key(file), {}).get(file.language)


def seen_key(file: LanguageFile) -> str:
    return SEEN_COPIES if file.is_working_copy else SEEN


def base_of(article: Article, file: LanguageFile) -> Revision | None:
    """Return the revision that a file was last known to say, None where there is none of this article."""
    kind = Revision.Kind.WORKING_COPY if file.is_working_copy else Revision.Kind.SAVED
    revisions = article.revisions.filter(language=file.language, kind=kind).order_by("-pk")
    seen = seen_by_import(article, file)
    text_version = file.version.partition("-")[0]
    # None before the one that the last import saw is asked for.
    later = revisions.filter(pk__gt=seen) if seen else revisions
    exported = (each for each in later.iterator(chunk_size=50) if version(each.content) == text_version)
    return (next(exported, None) if text_version else None) or (revisions.filter(pk=seen).first() if seen else None)


def facts_exported_from(article: Article, source: ArticleFolder) -> Mapping[str, Any] | None:
    """Return the facts that a folder was exported with, where a revision since the last import has kept them."""
    versions = {file.version.partition("-")[2] for file in source.files} - {""}
    if not versions:
        return None
    later = article.revisions.filter(pk__gt=article.imported.get(SEEN_FACTS_AT, 0))
    kept = later.order_by("-pk").values_list("shared", flat=True)
    return next((shared for shared in kept.iterator(chunk_size=50) if facts_version(shared) in versions), None)
