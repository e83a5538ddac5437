"""What the address of an article tells where none is live: where it leads now, where else it can be read, or nothing.

An address means the article that was live there once; else the one that is or was live at this slug in another
language, in the order of the languages. What was never live, a draft or a scheduled text, no address tells.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from . import languages
from .models import Article, Revision
from .redirects import redirect_to
from .teasers import with_tags

RELATED = 3


def answer(request: HttpRequest, slug: str) -> HttpResponse:
    """Return a redirect, the page of a missing translation (404), or that of a deleted article (410).

    Raise Http404 where readers never found an article by this slug, or where they can read it in no language now.
    """
    language = languages.active()
    for slug_language, article in _once_at(slug, language):
        addresses = article.addresses()
        if addresses[language]:
            return redirect_to(request, addresses[language])
        if any(addresses.values()):
            return _untranslated(request, article, addresses)
        if article.deleted_at and slug_language == language:
            response = render(request, "410.html", status=410)
            # Browsers keep this answer for good (RFC 9110, section 15.5.11), but the article can be restored.
            response.headers["Cache-Control"] = "no-cache"
            return response
    raise Http404


def slug_languages(slug: str) -> set[str]:
    """Return the languages in which readers could ever find an article at a slug."""
    return set(Revision.objects.once_live_at(slug).values_list("language", flat=True))


def _untranslated(request: HttpRequest, article: Article, addresses: dict[str, str | None]) -> HttpResponse:
    language = languages.active()
    newest = Article.objects.published().newest_first().for_listing()
    context = {
        "article": article,
        "alternates": addresses,
        "language_names": [languages.name_in_sentence(code) for code, address in addresses.items() if address],
        "related": with_tags(list(newest.related_to(article)[:RELATED] or newest[:RELATED]), language),
    }
    return render(request, "articles/article_untranslated.html", context, status=404)


def _once_at(slug: str, language: str) -> list[tuple[str, Article]]:
    """Return the articles that were live at a slug, in the order in which it means them, with the slug's language."""
    found = set(Revision.objects.once_live_at(slug).values_list("language", "article").distinct())
    articles = Article.objects.for_references().in_bulk({pk for _, pk in found})

    def rank(place: tuple[str, int]) -> tuple:
        code, pk = place
        return code != language, languages.codes().index(code), pk

    return [(code, articles[pk]) for code, pk in sorted(found, key=rank)]
