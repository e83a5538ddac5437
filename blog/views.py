"""The publication's pages: home, search, structure, style; the language at "/", what is for machines."""

from datetime import UTC, timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotFound
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from django.views.generic import DetailView, ListView, TemplateView, View

from articles import languages, references
from articles.addresses import path_in
from articles.listings import ArticleListView
from articles.redirects import from_old_address, redirect_to
from articles.search.hits import hits
from articles.search.index import MAX_RANKED, count, search
from articles.search.query import Query

from . import misses, structure, style_page
from .language_negotiation import preferred_language
from .models import Page
from .querysets import PageQuerySet

# The key of a WSGI environment by which `static_site` says that it asks; no header of a visitor has such a name.
IS_STATIC_COPY = "blog.is_static_copy"


class LanguageRedirectView(View):
    """Lead from "/" to the home page in the language that the browser prefers; LanguageMiddleware says Vary."""

    def get(self, request: HttpRequest) -> HttpResponse:
        # Systems without addresses of their own number their pages: /?p=12.
        if request.GET and (answer := from_old_address(request)):
            return answer
        language = preferred_language(request.headers.get("Accept-Language", ""))
        return redirect_to(request, path_in(language, "blog:home"), is_permanent=False)


class HomeView(ArticleListView):
    """The live articles of one language, newest first."""

    template_name = "blog/home.html"

    def path_in(self, language: str) -> str:
        return path_in(language, "blog:home")

    def get_context_data(self, **kwargs) -> dict:
        # The address that asks the browser for its language.
        x_default = reverse("language_redirect") if self.page_number == 1 else ""
        return super().get_context_data(x_default=x_default, **kwargs)


class PageDetailView(DetailView):
    """A page in the language of the address. A slug that changed, or of another language, leads to the right one."""

    template_name = "blog/page_detail.html"

    def get_queryset(self) -> PageQuerySet:
        return Page.objects.live().without_bodies()

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            return super().get(request, *args, **kwargs)
        except Http404:
            if page := self.get_queryset().meant_by(self.kwargs["slug"]):
                return redirect_to(request, page.get_absolute_url())
            raise

    def get_context_data(self, **kwargs) -> dict:
        rendering = self.object.renderings.get(language=languages.active()).as_of_no_article()
        return super().get_context_data(
            rendering=rendering,
            body=references.resolved([rendering])[0],
            alternates=self.object.addresses(),
            **kwargs,
        )


class SearchView(ListView):
    """What a search finds in the language of the address, the best first, and how much it finds in the others."""

    template_name = "blog/search.html"
    paginate_by = 10

    def get_template_names(self) -> list[str]:
        return ["blog/static_site/search.html"] if IS_STATIC_COPY in self.request.META else super().get_template_names()

    def get_queryset(self) -> list[int]:
        self.text = self.request.GET.get("q", "").replace("\x00", "")[: Query.MAX_LENGTH].strip()
        return search(Query(self.text, languages.active()))

    def get_context_data(self, **kwargs) -> dict:
        language = languages.active()
        context = super().get_context_data(**kwargs)
        found = len(self.object_list)
        paths = {code: self._path(code) for code in languages.codes()}
        others = {code: count(Query(self.text, code)) for code in languages.codes() if code != language}
        return context | {
            "text": self.text,
            "max_length": Query.MAX_LENGTH,
            "count": found,
            "is_cut": found == MAX_RANKED,
            "hits": hits(context["object_list"], Query(self.text, language)),
            "elsewhere": [(code, number, paths[code]) for code, number in others.items() if number],
            "here": paths[language],
            "alternates": paths,
        }

    def _path(self, language: str) -> str:
        """Return the path of the same search in a language."""
        path = path_in(language, "blog:search")
        return f"{path}?{urlencode({'q': self.text})}" if self.text else path


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


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Tell robots what is not for them, the admin and searches, and where all pages are listed (RFC 9309)."""
    lines = ["User-agent: *", f"Disallow: {reverse('admin:index')}"]
    lines += [f"Disallow: {path_in(code, 'blog:search')}?" for code in languages.codes()]
    lines.append(f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}")
    # The same for every browser.
    headers = {"Content-Language": ", ".join(languages.codes())}
    return HttpResponse("".join(f"{line}\n" for line in lines), content_type="text/plain", headers=headers)


# Less than a year (RFC 9116, section 2.5.5): who finds it later asks whether it still holds.
SECURITY_TXT_HOLDS = timedelta(days=180)


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Tell whom to write to about a hole in the site's security (RFC 9116); there is nothing where nobody is named."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    expires = timezone.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + SECURITY_TXT_HOLDS
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(languages.codes())}",
        f"Canonical: {settings.SITE_URL}{reverse('security_txt')}",
    ]
    # A kept copy would outlive its date.
    headers = {"Content-Language": "en", "Cache-Control": "no-store"}
    text = "".join(f"{line}\n" for line in lines)
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that the process is alive. It asks nothing of the database."""
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


# Exempt, so that a form sent to nowhere is told so, instead of lacking a cookie.
@csrf_exempt
def unknown_address(request: HttpRequest) -> HttpResponse:
    """Lead from an address that no other view knows to the page that it means, or say that there is none."""
    if request.method not in ("GET", "HEAD"):
        raise Http404
    return misses.answer(request)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Lead on from an old address, or say that nothing is there: on a page, or in one line to a page's own files."""
    if request.path_info.startswith((settings.STATIC_URL, settings.MEDIA_URL)):
        return HttpResponseNotFound("Not found\n", content_type="text/plain")
    # Not by Django's own view, which looks for a token in the form that was sent, and fails where that is none.
    return from_old_address(request) or render(request, "404.html", status=404)
