"""The old addresses of an article in one language, which lead to it for good: `aliases` in its file's front matter."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from urllib.parse import unquote

from django.contrib.auth.models import AbstractBaseUser

from articles import languages
from articles.addresses import path_in
from articles.models import Article, Redirect, Revision
from articles.permissions import may_publish

from .problems import ImportProblems, Problem, checked, require
from .subjects import Outcome


def aliases_of(articles: Iterable[Article]) -> Mapping[tuple[int, str], list[str]]:
    """Return the old addresses of some articles, by primary key and language, in alphabetical order.

    They are what authors and imports noted, and the addresses at which readers once found a text that has another now.
    """
    by_pk = {article.pk: article for article in articles}
    found: dict[tuple[int, str], set[str]] = defaultdict(set)
    redirects = Redirect.objects.filter(article__in=by_pk).values_list("article", "language", "old_path")
    for pk, language, path in redirects:
        found[pk, language].add(path)
    once = Revision.objects.once_live().filter(article__in=by_pk).exclude(slug=None)
    for pk, language, slug in once.order_by().values_list("article", "language", "slug").distinct():
        if slug != getattr(by_pk[pk], languages.column("slug", language)):
            found[pk, language].add(unquote(path_in(language, "articles:article_detail", slug=slug)))
    return {place: sorted(paths) for place, paths in found.items()}


def save(
    article: Article, language: str, paths: Iterable[str], problem: Problem, by: AbstractBaseUser | None = None
) -> list[Outcome]:
    """Let old addresses lead to an article; return those that lead elsewhere, and do so still.

    No address is ever taken away: readers may still know it. Raise ImportProblems where one is no path.
    """
    there = aliases_of([article]).get((article.pk, language), [])
    new = [path for path in dict.fromkeys(paths) if path not in there]
    taken = {redirect.old_path: redirect for redirect in Redirect.objects.filter(old_path__in=new)}
    outcomes = [(problem.path, f"alias {path} kept: it leads elsewhere on the site") for path in new if path in taken]
    for path in new:
        if path not in taken:
            require(by is None or may_publish(by, article, language), problem, by)
            if not path.startswith("/"):
                raise ImportProblems([replace(problem, reason=f"“{path}” is no path: write one like /2020/01/hello/")])
            checked(Redirect(old_path=path, article=article, language=language), problem).save()
    return outcomes
