"""What a link in a text may lead to: the articles that an author looks for by their titles."""

from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from articles import languages
from articles.models import Article
from articles.permissions import may_add, may_write_some
from articles.search.titles import articles_called

from .refusals import login_refusal, refusal


class LinkTargetsMixin:
    """The part of the articles' admin that answers the dialog for links."""

    def get_urls(self) -> list:
        # Not led to the login: a script asks.
        return [path("link-targets/", self.link_targets, name="articles_link_targets"), *super().get_urls()]

    @method_decorator([never_cache, require_GET])
    def link_targets(self, request: HttpRequest) -> JsonResponse:
        """Answer the articles that words of a title mean, with the state of each in the language of the text."""
        error = _("You may not write articles.")
        if refused := login_refusal(self.admin_site, request, error):
            return refused
        if not (may_write_some(request.user) or may_add(request.user)):
            return refusal(error, status=403)
        language = request.GET.get("language")
        if language not in languages.codes():
            return refusal(_("Unknown language."), status=400)
        found = articles_called(request.GET.get("q", ""))
        return JsonResponse({"targets": [_target(article, language) for article in found]})


def _target(article: Article, language: str) -> dict[str, str]:
    titles = {code: getattr(article, languages.column("title", code)) for code in (language, *languages.codes())}
    shown, title = next(((code, title) for code, title in titles.items() if title), ("", article.key))
    state = article.state_in(language)
    return {"key": article.key, "title": title, "language": shown, "state": state, "label": str(state.label)}
