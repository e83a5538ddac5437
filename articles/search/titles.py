"""Articles found by words of their titles or keys, live or not: for those who write."""

from articles import languages
from articles.models import Article

from .words import folded

# As many as somebody looks through.
MAX_FOUND = 20

# Characters of a query that are looked at.
MAX_LENGTH = 200


def articles_called(words: str) -> list[Article]:
    """Return the articles that have all the words in one title or in the key, each at least begun; best first.

    Titles of every language count. The rows are those of `for_references`.
    """
    sought = folded(words[:MAX_LENGTH])
    if not sought:
        return []
    titles = (languages.column("title", code) for code in languages.codes())
    ranked = []
    for pk, *names in Article.objects.kept().values_list("pk", *titles, "key"):
        ranks = [rank for name in names if name and (rank := _rank(sought, folded(name))) is not None]
        if ranks:
            ranked.append((min(ranks), -pk))
    found = [-pk for _, pk in sorted(ranked)[:MAX_FOUND]]
    articles = Article.objects.filter(pk__in=found).for_references()
    return sorted(articles, key=lambda article: found.index(article.pk))


def _rank(sought: str, name: str) -> int | None:
    """Return how far a name is from what is sought, None where it does not have all of it."""
    if name == sought:
        return 0
    if name.startswith(sought):
        return 1
    spaced = f" {name}"
    if f" {sought}" in spaced:
        return 2
    return 3 if all(f" {word}" in spaced for word in sought.split()) else None
