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
    """Return the facts that a folder was exported with, where a revision of the article has kept them."""
    versions = {file.version.partition("-")[2] for file in source.files} - {""}
    if not versions:
        return None
    kept = article.revisions.order_by("-pk").values_list("shared", flat=True)
    return next((shared for shared in kept.iterator(chunk_size=50) if facts_version(shared) in versions), None)
