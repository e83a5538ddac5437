"""The slug that a title will get, asked for by the form while it is typed: static/articles/slug_proposal.js."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.utils.translation import gettext as _

from articles import languages
from articles.models import Article
from articles.permissions import may_write
from articles.text import ArticleText
from articles.validation import with_slug

from .keys import key_in


class SlugProposalMixin:
    """The part of the articles' admin that proposes a slug. Nothing is saved by it."""

    def get_urls(self) -> list:
        own = [path("propose-slug/", self.admin_site.admin_view(self.propose_slug), name="articles_propose_slug")]
        return own + super().get_urls()

    def propose_slug(self, request: HttpRequest) -> JsonResponse:
        """Answer the slug that saving would make from a title, in a language, for an article or a new one."""
        language = request.GET.get("language")
        if language not in languages.codes():
            return JsonResponse({"error": _("Unknown language.")}, status=400)
        article = Article.objects.filter(pk=key_in(request.GET.get("article", ""))).first()
        may = may_write(request.user, article, language) if article else self.has_add_permission(request)
        if not may:
            raise PermissionDenied
        article = article or Article()
        title = request.GET.get("title", "")[:1000]
        return JsonResponse({"slug": with_slug(article, language, ArticleText(title=title)).slug or ""})
