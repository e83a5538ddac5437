"""What an article's languages share, as plain values: an import compares them, and each revision keeps them."""

from typing import Any

from .models import Article

FACTS = ("source_language", "source", "authors", "tags", "series", "part", "companions")


def fact(article: Article, name: str) -> Any:
    """Return one fact of an article: names of authors and keys of tags in alphabetical order, keys of companions in
    theirs, the key of the series or "".
    """
    if name == "authors":
        return sorted(article.authors.values_list("name", flat=True))
    if name == "tags":
        return sorted(article.tags.values_list("key", flat=True))
    if name == "series":
        return article.series.key if article.series else ""
    if name == "companions":
        return list(article.companion_links.values_list("companion__key", flat=True))
    return getattr(article, name)


def facts(article: Article) -> dict[str, Any]:
    return {name: fact(article, name) for name in FACTS}
