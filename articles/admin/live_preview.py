"""An article as it will look with what stands on its form: beside it while it is typed, and as a whole page."""

import threading

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.log import log_response
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from articles import languages, previews
from articles.markdown import BodyRefused
from articles.markdown.limits import MAX_LENGTH
from articles.models import Article, Tag
from articles.reading_time import word_count
from articles.references import lost_in
from articles.slugs import slugify
from articles.text import ArticleText
from articles.text_fields import WRITTEN, DateAndTimeField

from .keys import key_in
from .refusals import refusal, wants_json

# At once in each process, and the seconds that others wait: what authors type must not hold all threads, for which
# readers would wait.
RENDERING = threading.BoundedSemaphore(2)
PATIENCE, PATIENCE_FOR_PAGE = 0.5, 10

# Of an article that is not saved yet: a key that no row has, so that nothing belongs to it.
NO_ROW = 0


class TypedFactsForm(forms.ModelForm):
    """What languages share, as it stands on a form; where that breaks a rule, what is saved is shown."""

    class Meta:
        model = Article
        fields = ["source", "authors", "tags", "series", "part"]


class LivePreviewMixin:
    """The part of the articles' admin that shows the page of a text in any state. Nothing is saved."""

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.live_preview)
        return [
            path("add/preview/<language>/", view, name="articles_article_preview_new"),
            path("<int:pk>/preview/<language>/", view, name="articles_article_preview"),
            *super().get_urls(),
        ]

    @method_decorator([never_cache, require_http_methods(["GET", "POST"])])
    def live_preview(self, request: HttpRequest, language: str, pk: int = NO_ROW) -> HttpResponse:
        """Answer with the page of a language: of what is in work on GET, of what a form holds on POST.

        A script that accepts JSON gets the page in it, how long the text is, and what of it leads nowhere; where the
        body cannot be rendered, why, and the line (422). Where others are rendering for long: 503 with Retry-After.
        """
        if language not in languages.codes() or (pk == NO_ROW and request.method == "GET"):
            raise Http404
        article = get_object_or_404(Article, pk=pk) if pk else Article(pk=NO_ROW, source_language=language)
        if not (self.has_view_permission(request, article) if pk else self.has_add_permission(request)):
            raise PermissionDenied
        about = {"state": "typed" if request.method == "POST" else article.state_in(language).value}
        about["alternates"] = _alternates(article)
        if request.method == "POST":
            about |= _shared_facts(article, request.POST, language)
        if languages.column("body", language) in request.POST:
            text = _typed(request.POST, language, article.text_in(language))
        else:
            # Who may not write it does not send it.
            text = _in_work(article, language)
            if text is None and request.method == "GET":
                raise Http404
        is_page = not wants_json(request)
        if not RENDERING.acquire(timeout=PATIENCE_FOR_PAGE if is_page else PATIENCE):
            return _busy(request, language, about, is_page)
        try:
            return (_page if is_page else _answer)(request, article, language, text or ArticleText(), about)
        finally:
            RENDERING.release()


def _busy(request: HttpRequest, language: str, about: dict, is_page: bool) -> HttpResponse:
    if is_page:
        with override(language):
            words = [_("The site is busy. Try again in a moment.")]
            if request.method == "POST":
                words.append(_("Go back in your browser: what you typed is still in the form."))
            context = about | {"refusal": " ".join(words)}
            response = render(request, "articles/preview_unavailable.html", context, status=503)
    else:
        response = refusal(_("The site is busy. Try again in a moment."), status=503)
    response.headers["Retry-After"] = "1"
    # Expected, and over in a second: no event for Django's log of errors.
    log_response("No turn for a preview.", response=response, request=request, level="debug")
    return response


def _in_work(article: Article, language: str) -> ArticleText | None:
    revision = article.in_work(language)
    return revision and revision.content


def preview_address(article: Article | None, language: str) -> str:
    """Return where the form of an article, or of a new one, asks for the page in a language."""
    if article is None:
        return reverse("admin:articles_article_preview_new", args=[language])
    return reverse("admin:articles_article_preview", args=[article.pk, language])


def _alternates(article: Article) -> dict[str, str | None]:
    """Return where the preview in each language is; None where nothing is saved."""
    is_there = {code: article.pk != NO_ROW and article.in_work(code) for code in languages.codes()}
    return {code: preview_address(article, code) if there else None for code, there in is_there.items()}


def _typed(data: QueryDict, language: str, standing: ArticleText) -> ArticleText:
    """Return a text as a form sends it. What cannot be shown yet stands as it is saved, or as saving will make it."""
    # One character more than may be rendered, so that too long a text is refused.
    sent = {field: data.get(languages.column(field, language), "")[: MAX_LENGTH + 1] for field in WRITTEN}
    if sent["slug"] != slugify(sent["slug"], language):
        sent["slug"] = ""
    return ArticleText(**sent, published_at=_typed_date(data, language) or standing.published_at)


def _typed_date(data: QueryDict, language: str):
    field = DateAndTimeField(required=False)
    try:
        return field.clean(field.widget.value_from_datadict(data, {}, languages.column("published_at", language)))
    except ValidationError:
        return None


def _shared_facts(article: Article, data: QueryDict, language: str) -> dict:
    """Put what languages share into an article as a form sends it; return what rows of other tables would say."""
    if "source" not in data:
        # Who may not write it does not send it.
        return {}
    sent = data.copy()
    for name in ("authors", "tags"):
        # A key that no row can have is an error of the database.
        sent.setlist(name, filter(key_in, sent.getlist(name)))
    form = TypedFactsForm(sent, instance=article)
    form.is_valid()
    chosen = {name: form.cleaned_data[name] for name in ("authors", "tags") if name in form.cleaned_data}
    if "tags" in chosen:
        chosen["tags"] = Tag.objects.named(language).filter(pk__in=chosen["tags"])
    return chosen


def _page(request: HttpRequest, article: Article, language: str, text: ArticleText, about: dict) -> HttpResponse:
    """Answer with the whole page, or with what stands against it."""
    with override(language):
        try:
            context = previews.page_to_be(article, text) | about
        except BodyRefused as refused:
            context = about | {"refusal": refused}
            return render(request, "articles/preview_unavailable.html", context, status=422)
        return render(request, "articles/article_preview.html", context)


def _answer(request: HttpRequest, article: Article, language: str, text: ArticleText, about: dict) -> JsonResponse:
    try:
        with override(language):
            context = previews.page_to_be(article, text) | about
            # With the preview closed, the script wants to know no more than how long the text is.
            is_wanted = "length_alone" not in request.POST
            page = render_to_string("articles/article_preview.html", context, request) if is_wanted else ""
    except BodyRefused as refused:
        return JsonResponse({"error": refused.explanation, "line": refused.line}, status=422)
    rendering = context["rendering"]
    length = {"words": word_count(rendering.text), "minutes": rendering.reading_minutes}
    return JsonResponse(
        {
            "page": page,
            "length": render_to_string("admin/articles/article/_text_length.html", {"length": length}),
            "lost": lost_in(rendering),
        }
    )
