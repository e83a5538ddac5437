"""The pages of the publication: home, search, structure, style, the choice of a language at "/", the health check."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import override
from django.views.generic import DetailView, ListView, TemplateView, View

from articles import languages, references
from articles.models import Article
from articles.search.hits import hits
from articles.search.index import MAX_RANKED, search
from articles.search.query import Query

from . import structure, style_page
from .language_negotiation import preferred_language
from .models import Page


class LanguageRedirectView(View):
    """Lead from "/" to the home page in the language that the browser prefers; LocaleMiddleware says Vary."""

    def get(self, request: HttpRequest) -> HttpResponse:
        with override(preferred_language(request.headers.get("Accept-Language", ""))):
            return HttpResponseRedirect(reverse("blog:home"))


class HomeView(ListView):
    """The live articles of one language, newest first."""

    template_name = "blog/home.html"
    paginate_by = 10

    def get_queryset(self):
        return Article.objects.published().newest_first().for_listing()


class PageDetailView(DetailView):
    """A page that is not an article, in the language of the address."""

    template_name = "blog/page_detail.html"

    def get_queryset(self):
        return Page.objects.live()


class SearchView(ListView):
    """What a search finds in the language of the address, the best first, and how much it finds in the others."""

    template_name = "blog/search.html"
    paginate_by = 10

    def get_queryset(self) -> list[int]:
        self.text = self.request.GET.get("q", "").replace("\x00", "")[: Query.MAX_LENGTH].strip()
        self.found = {code: search(Query(self.text, code)) for code in languages.codes()}
        return self.found[languages.active()]

    def get_context_data(self, **kwargs) -> dict:
        language = languages.active()
        context = super().get_context_data(**kwargs)
        count = len(self.found.pop(language))
        paths = {code: self._path(code) for code in languages.codes()}
        return context | {
            "text": self.text,
            "max_length": Query.MAX_LENGTH,
            "count": count,
            "is_cut": count == MAX_RANKED,
            "hits": hits(context["object_list"], Query(self.text, language)),
            "elsewhere": [(code, len(pks), paths[code]) for code, pks in self.found.items() if pks],
            "here": paths[language],
            "alternates": paths,
        }

    def _path(self, language: str) -> str:
        """Return the path of the same search in a language."""
        with override(language):
            path = reverse("blog:search")
        return f"{path}?{urlencode({'q': self.text})}" if self.text else path


class StructureView(TemplateView):
    """The project's own tree, read from the running code."""

    template_name = "blog/structure.html"

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(folders=structure.folders(), files=structure.files(), **kwargs)


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
