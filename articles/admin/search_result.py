"""How a text is found, beside the fields that decide it: its search result, and its picture for social networks."""

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET, require_POST

from articles import languages, social_image
from articles.models import Article
from articles.search_result import SearchResult, search_result
from articles.slugs import MAX_LENGTH
from articles.text import ArticleText
from articles.text_fields import WRITTEN
from articles.validation import MAX_BODY_LENGTH

from .keys import key_in

LONGEST = {"title": MAX_LENGTH + 100, "slug": MAX_LENGTH, "summary": 2000, "body": MAX_BODY_LENGTH}


class SearchResultMixin:
    """The part of the articles' admin that shows search results, for whoever may see the form."""

    def get_urls(self) -> list:
        wrap = self.admin_site.admin_view
        return [
            path("search-result/", wrap(self.search_result_view), name="articles_search_result"),
            path("social-image/", wrap(self.social_image_view, cacheable=True), name="articles_social_image"),
            *super().get_urls(),
        ]

    def render_change_form(self, request: HttpRequest, context: dict, obj: Article | None = None, **kwargs):
        form = context["adminform"].form
        context["search_results"] = [_of_the_form(form, obj, code) for code in languages.codes()]
        return super().render_change_form(request, context, obj=obj, **kwargs)

    @method_decorator([never_cache, require_POST])
    def search_result_view(self, request: HttpRequest) -> HttpResponse:
        """Answer the part of the form that shows a text as it is found, for what is typed and not saved."""
        article, language = self._asked(request, request.POST)
        text = ArticleText(**{field: request.POST.get(field, "")[: LONGEST[field]] for field in WRITTEN})
        shown = {"result": search_result(article or Article(), language, text, None), "article": article}
        return TemplateResponse(request, "admin/articles/article/_search_result_view.html", shown)

    # The same words give the same picture until its look is changed.
    @method_decorator([cache_control(private=True, max_age=600), require_GET])
    def social_image_view(self, request: HttpRequest) -> HttpResponse:
        """Answer the picture of a title that may not be saved; the name of the site comes with it."""
        _article, language = self._asked(request, request.GET)
        title, site_name = request.GET.get("title", "")[: LONGEST["title"]], request.GET.get("site", "")[:100]
        content = social_image.draw(title, site_name, language, languages.codes().index(language))
        return HttpResponse(content, content_type="image/png")

    def _asked(self, request: HttpRequest, data: dict) -> tuple[Article | None, str]:
        """Return the article, None for a new one, and the language of a request that may have them."""
        article, language = None, data.get("language")
        if language not in languages.codes():
            raise Http404(_("Unknown language."))
        if data.get("article"):
            article = Article.objects.filter(pk=key_in(data["article"])).first()
            if article is None:
                raise Http404
        may = self.has_view_permission(request, article) if article else self.has_add_permission(request)
        if not may:
            raise PermissionDenied
        return article, language


def _of_the_form(form: Form, article: Article | None, language: str) -> SearchResult:
    """Return how the text in a form is found."""
    text = ArticleText(**{field: form[languages.column(field, language)].value() or "" for field in WRITTEN})
    rendering = None
    if article and text.body == article.text_in(language).body:
        rendering = article.rendering_in(language)
    return search_result(article or Article(), language, text, rendering)
