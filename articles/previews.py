"""An article as it will look once its text is published, for whoever has a secret address of it."""

import re
from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from . import languages
from .addresses import path_in
from .article_page import page_of
from .markdown import BodyRefused
from .markdown import render as render_body
from .models import Article, PreviewLink, Rendering
from .text import ArticleText
from .validation import with_slug

TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")

# The address is the secret: it goes to no other site, into no index and onto no disk.
HEADERS = {
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}


@require_safe
def article_preview(request: HttpRequest, token: str) -> HttpResponse:
    """Show an article in the language of the address with the text that is in work, else the one that stands.

    A link that has ended, for whatever reason, says no more than that (410).
    """
    link = PreviewLink.objects.filter(token=token).first() if TOKEN.fullmatch(token) else None
    if link is None:
        raise Http404
    if PreviewLink.objects.open().filter(pk=link.pk).exists():
        response = _shown(request, link)
    else:
        response = render(request, "articles/preview_ended.html", status=410)
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response


def preview_paths(link: PreviewLink) -> dict[str, str]:
    """Return the path of a link in each language."""
    return {code: path_in(code, "articles:article_preview", token=link.token) for code in languages.codes()}


def _shown(request: HttpRequest, link: PreviewLink) -> HttpResponse:
    language = languages.active()
    article = Article.objects.get(pk=link.article_id)
    about = {"link": link, "state": article.state_in(language).value}
    copy = article.working_copy(language)
    text = copy.content if copy else article.text_in(language)
    if not text.is_started:
        written = {code: path for code, path in preview_paths(link).items() if article.in_work(code)}
        return render(request, "articles/preview_unavailable.html", about | {"written": written}, status=404)
    try:
        shown = page_to_be(article, text)
    except BodyRefused as refusal:
        return render(request, "articles/preview_unavailable.html", about | {"refusal": refusal}, status=422)
    return render(request, "articles/article_preview.html", shown | about | {"is_working_copy": copy is not None})


def page_to_be(article: Article, text: ArticleText) -> dict:
    """Return what the page of an article shows in the active language once a text is published there.

    The article is not to be saved afterwards. Raise BodyRefused.
    """
    language = languages.active()
    rendering = _rendering(article, language, text)
    return page_of(_as_published(article, language, text), rendering)


def _as_published(article: Article, language: str, text: ArticleText) -> Article:
    """Return the article, not to be saved, as it is once a text is published: with its own date, else from now on."""
    now = timezone.now()
    if not text.reads_like(article.text_in(language)):
        setattr(article, languages.column("updated_at", language), now)
    text = with_slug(article, language, replace(text, published_at=text.published_at or now))
    for field in ArticleText.FIELDS:
        setattr(article, languages.column(field, language), getattr(text, field))
    return article


def _rendering(article: Article, language: str, text: ArticleText) -> Rendering:
    """Return an unsaved rendering of a text; raise BodyRefused."""
    return Rendering.of(article, language, render_body(text.body, language))
