"""What readers of an article cannot follow or see: shown on its form, and told to who leaves that."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse

from articles import languages
from articles.models import Article
from articles.references import lost_in


class LostReferencesMixin:
    """The part of the articles' admin that tells of lost references, but for languages whose checklist is shown."""

    def render_change_form(self, request: HttpRequest, context: dict, obj: Article | None = None, **kwargs):
        remarked = {language["name"] for language in context["publication"] if language["remarks"]}
        lost = _lost_references(obj) if obj else []
        context["lost_references"] = [each for each in lost if each[0] not in remarked]
        return super().render_change_form(request, context, obj=obj, **kwargs)

    def response_post_save_add(self, request: HttpRequest, obj: Article) -> HttpResponse:
        return super().response_post_save_add(self._told_of_lost_references(request, obj), obj)

    def response_post_save_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        return super().response_post_save_change(self._told_of_lost_references(request, obj), obj)

    def _told_of_lost_references(self, request: HttpRequest, article: Article) -> HttpRequest:
        """Tell the author who leaves the form what the form itself would show."""
        for name, sentences in _lost_references(article):
            self.message_user(request, f"{name} – {' '.join(sentences)}", messages.WARNING)
        return request


def _lost_references(article: Article) -> list[tuple[str, list[str]]]:
    """Return the name of each language with what its readers cannot follow or see; no language without any."""
    renderings = [rendering for code in languages.codes() if (rendering := article.rendering_in(code))]
    lost = [(languages.name(rendering.language), lost_in(rendering)) for rendering in renderings]
    return [(name, sentences) for name, sentences in lost if sentences]
