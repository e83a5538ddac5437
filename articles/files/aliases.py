"""The old addresses of an article in one language, which lead to it for good: `aliases` in its file's front matter."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from urllib.parse import unquote

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.urls import Resolver404, resolve
from django.utils.translation import override

from articles import languages
from articles.addresses import path_in
from articles.models import Article, Redirect, Revision
from articles.permissions import may_publish

from .problems import ImportProblems, Problem, require
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
    article: Article,
    language: str,
    paths: Iterable[str],
    problem: Problem,
    by: AbstractBaseUser | None = None,
    *,
    is_new: bool = False,
) -> list[Outcome]:
    """Let old addresses lead to an article; tell which are new, unless the whole article is, and which lead nowhere.

    No address is ever taken away: readers may still know it. Raise ImportProblems where one is no path, or leads to
    another article.
    """
    there = [] if is_new else aliases_of([article]).get((article.pk, language), [])
    new = [path for path in dict.fromkeys(paths) if path not in there]
    taken = {redirect.old_path: redirect for redirect in Redirect.objects.filter(old_path__in=new)}
    outcomes = []
    for path in new:
        if path in taken:
            outcomes.append((problem.path, _kept(taken[path], article, problem)))
            continue
        require(by is None or may_publish(by, article, language), problem, by)
        _check(Redirect(old_path=path, article=article, language=language), problem).save()
        if not is_new:
            outcomes.append((problem.path, f"alias {path} created"))
        if has_page(path):
            outcomes.append((problem.path, f"alias {path} leads nowhere: the site has a page of its own there"))
    return outcomes


def _kept(redirect: Redirect, article: Article, problem: Problem) -> str:
    other = redirect.article
    if other and other != article:
        reason = f"“{redirect.old_path}” is an old address of the article “{other.key}” already"
        raise ImportProblems([replace(problem, reason=reason)])
    return f"alias {redirect.old_path} kept: it leads elsewhere on the site"


def _check(redirect: Redirect, problem: Problem) -> Redirect:
    """Return a redirect that keeps to the rules; the article is there, and is not looked up once more."""
    path = redirect.old_path
    try:
        if not path.startswith("/"):
            raise ValidationError(f"“{path}” is no path: write one like /2020/01/hello/")
        redirect.clean_fields(exclude=["article"])
        redirect.clean()
    except ValidationError as error:
        raise ImportProblems([replace(problem, reason=" ".join(error.messages))]) from None
    return redirect


def has_page(path: str) -> bool:
    """Return whether the site surely has a page of its own at a path: there, redirects are not asked."""
    code = path.split("/")[1]
    try:
        with override(code if code in languages.codes() else None):
            match = resolve(path)
    except Resolver404:
        return False
    if match.view_name == "articles:article_detail":
        return Article.objects.published(code).filter(**{languages.column("slug", code): match.kwargs["slug"]}).exists()
    # Without a route it is the answer to every other address.
    return bool(match.route) and not match.kwargs and match.view_name != "articles:to_archive"
