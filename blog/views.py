"""The pages of the publication: home, structure, style; the choice of a language at "/", robots.txt, health check."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotFound, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import override
from django.views import defaults
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import DetailView, TemplateView, View

from articles import languages, references
from articles.listings import ArticleListView

from . import misses, structure, style_page
from .language_negotiation import preferred_language
from .models import Page


class LanguageRedirectView(View):
    """Lead from "/" to the home page in the language that the browser prefers; LanguageMiddleware says Vary."""

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


def robots(request: HttpRequest) -> HttpResponse:
    """Tell robots what is not for them, and where all pages are listed (RFC 9309)."""
    lines = [
        "User-agent: *",
        f"Disallow: {reverse('admin:index')}",
        f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}",
    ]
    return HttpResponse("".join(f"{line}\n" for line in lines), content_type="text/plain")


def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that the process is alive. It asks nothing of the database."""
    return HttpResponse("ok\n", content_type="text/plain")


# Exempt, so that a form sent to nowhere is told so, instead of lacking a cookie.
@csrf_exempt
def unknown_address(request: HttpRequest) -> HttpResponse:
    """Lead from an address that no other view knows to the page that it means, or say that there is none."""
    if request.method not in ("GET", "HEAD"):
        raise Http404
    return misses.answer(request)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that nothing is there: on a page for people, in one line where a page asked for a file."""
    if request.path_info.startswith((settings.STATIC_URL, settings.MEDIA_URL)):
        return HttpResponseNotFound("Not found\n", content_type="text/plain")
    return defaults.page_not_found(request, exception)
