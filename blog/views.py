"""The pages of the publication: home, structure, style, the choice of a language at "/", and the health check."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import override
from django.views.generic import DetailView, TemplateView, View

from articles import languages, references
from articles.listings import ArticleListView

from . import structure, style_page
from .language_negotiation import preferred_language
from .models import Page


class LanguageRedirectView(View):
    """Lead from "/" to the home page in the language that the browser prefers; LocaleMiddleware says Vary."""

    def get(self, request: HttpRequest) -> HttpResponse:
        with override(preferred_language(request.headers.get("Accept-Language", ""))):
            return HttpResponseRedirect(reverse("blog:home"))


class HomeView(ArticleListView):
    """The live articles of one language, newest first."""

    template_name = "blog/home.html"

    def path_in(self, language: str) -> str:
        with override(language):
            return reverse("blog:home")


class PageDetailView(DetailView):
    """A page that is not an article, in the language of the address."""

    template_name = "blog/page_detail.html"

    def get_queryset(self):
        return Page.objects.live()


class StructureView(TemplateView):
    """What the running code says of its own structure."""

    template_name = "blog/structure.html"

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(content=structure.content(languages.active()), **kwargs)


class StyleView(TemplateView):
    """All that authors may write, in use."""

    template_name = "blog/style.html"

    def get_context_data(self, **kwargs) -> dict:
        page = style_page.in_language(languages.active())
        # The articles that it links to come and go; the text stays.
        return super().get_context_data(page=page, body=references.resolved([page.rendering])[0], **kwargs)


def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that the process is alive. It asks nothing of the database."""
    return HttpResponse("ok\n", content_type="text/plain")
