"""Preview links on a page of an article's own: those that are open, a new one, and what has ended."""

from datetime import timedelta

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles import languages
from articles.models import Article, PreviewLink
from articles.permissions import written_languages
from articles.previews import preview_paths

from .keys import key_in

DAYS = (1, 7, 30)

# As many of the links that have ended as anybody looks back at.
ENDED = 20


def _durations() -> list[tuple[int, str]]:
    return [(number, ngettext("%d day", "%d days", number) % number) for number in DAYS]


class PreviewLinkForm(forms.Form):
    days = forms.TypedChoiceField(
        label=gettext_lazy("How long the link works"),
        choices=_durations,
        coerce=int,
        initial=PreviewLink.DAYS,
        widget=forms.RadioSelect,
    )


class PreviewLinksMixin:
    """The page of an article's preview links, for whoever may write the article in some language."""

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.previews_view)
        return [path("<int:pk>/previews/", view, name="articles_article_previews"), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: dict, obj: Article | None = None, **kwargs):
        context["may_preview"] = bool(obj and written_languages(request.user, obj))
        return super().render_change_form(request, context, obj=obj, **kwargs)

    def previews_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        article = get_object_or_404(Article, pk=pk)
        if not written_languages(request.user, article):
            raise PermissionDenied
        form = PreviewLinkForm(request.POST if "days" in request.POST else None)
        if request.method == "POST":
            if "revoke" in request.POST:
                self._revoke(request, article)
                return HttpResponseRedirect(request.path)
            if form.is_valid():
                self._make(request, article, form.cleaned_data["days"])
                return HttpResponseRedirect(request.path)
        return TemplateResponse(request, "admin/articles/article/previews.html", self._previews(request, article, form))

    def _previews(self, request: HttpRequest, article: Article, form: PreviewLinkForm) -> dict:
        links = article.preview_links.select_related("created_by")
        open_links = list(links.open())
        return self.admin_site.each_context(request) | {
            "title": _("Preview links"),
            "opts": self.opts,
            "media": self.media,
            "article": article,
            "form": form,
            "open_links": [(link, _addresses(link, article)) for link in open_links],
            "ended_links": links.exclude(pk__in=[link.pk for link in open_links])[:ENDED],
        }

    def _make(self, request: HttpRequest, article: Article, days: int) -> None:
        if article.deleted_at:
            self.message_user(request, _("A deleted article has no preview. Restore it first."), messages.ERROR)
            return
        expires_at = timezone.now() + timedelta(days=days)
        PreviewLink.objects.create(article=article, created_by=request.user, expires_at=expires_at)
        self.log_change(request, article, _("Made a preview link."))
        self.message_user(
            request, _("There is a new preview link. Anyone who has it can read the article."), messages.SUCCESS
        )

    def _revoke(self, request: HttpRequest, article: Article) -> None:
        of_this = PreviewLink.objects.filter(article=article, pk=key_in(request.POST["revoke"]))
        if of_this.open().update(revoked_at=timezone.now()):
            self.log_change(request, article, _("Revoked a preview link."))
            self.message_user(request, _("The preview link shows nothing any more."), messages.SUCCESS)
        else:
            self.message_user(request, _("This preview link has ended already."), messages.WARNING)


def _addresses(link: PreviewLink, article: Article) -> list[dict]:
    """Return the whole address of a link in each language, and whether there is a text to see."""
    missing = Article.State.MISSING
    return [
        {
            "code": code,
            "name": languages.name(code),
            "url": settings.SITE_URL + path,
            "has_text": article.state_in(code) != missing,
        }
        for code, path in preview_paths(link).items()
    ]
