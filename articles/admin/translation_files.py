"""Files for translators on a page of an article's own: a translation downloaded, and what comes back of it."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import languages
from articles.edits import TextConflict
from articles.files.pair import index_name, pair, pictures
from articles.files.parcels import MAX_PARCEL, packed
from articles.files.problems import FileRefused
from articles.files.returning import ALL, LISTED, Outcome, po_of, read_returned, save_chosen, save_returned
from articles.models import Article, Revision
from articles.permissions import may_publish, may_write
from articles.text_fields import choice_field

from .changelist import shown_title
from .conflicts import shown_conflict
from .keys import key_in

MEDIA = forms.Media(css={"all": ["articles/admin.css", "articles/differences.css", "articles/translation_files.css"]})


class TranslationFileForm(forms.Form):
    """A file that comes back, what it answers, and where its text goes."""

    file = forms.FileField(
        label=gettext_lazy("The file"),
        widget=forms.FileInput({"accept": ".zip,.md,.po"}),
        error_messages={"required": gettext_lazy("Choose the file first.")},
    )
    answers = forms.ChoiceField(
        label=gettext_lazy("What counts as up to date afterwards"),
        choices=[
            (
                LISTED,
                gettext_lazy("What counted before, and what you changed in the “answered” file of the zip"),
            ),
            (ALL, gettext_lazy("Everything: the text translates the whole original that it was downloaded with")),
        ],
        widget=forms.RadioSelect,
        initial=LISTED,
    )
    for_readers = forms.BooleanField(label=gettext_lazy("Let readers see the text at once"), required=False)


class TranslationFilesMixin:
    """The page of a translation's files: who may see the article takes them, who may write the language sends them."""

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.translation_files_view)
        own = path("<int:pk>/files/<str:language>/", view, name="articles_article_files")
        return [own, *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: dict, obj: Article | None = None, **kwargs):
        codes = languages.codes() if obj and obj.latest_revision(obj.source_language) else []
        context["file_languages"] = [(code, languages.name(code)) for code in codes if code != obj.source_language]
        return super().render_change_form(request, context, obj=obj, **kwargs)

    def translation_files_view(self, request: HttpRequest, pk: int, language: str) -> HttpResponse:
        article = self._translated_article(request, pk, language)
        if request.method != "POST":
            wanted = request.GET.get("download")
            return _download(article, language, wanted) if wanted else self._files_page(request, article, language)
        if not may_write(request.user, article, language):
            raise PermissionDenied
        if "set_aside" in request.POST:
            return self._choose(request, article, language)
        form = TranslationFileForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                return self._take(request, article, language, form)
            except FileRefused as refusal:
                form.add_error("file", str(refusal))
            except ValidationError as error:
                for sentence in _sentences(error):
                    form.add_error("file", sentence)
        return self._files_page(request, article, language, form)

    def _translated_article(self, request: HttpRequest, pk: int, language: str) -> Article:
        """Return the article of an address; raise Http404 or PermissionDenied."""
        article = self.get_object(request, str(pk))
        if article is None or language not in languages.codes():
            raise Http404
        if not self.has_view_or_change_permission(request, article):
            raise PermissionDenied
        if language == article.source_language or not article.latest_revision(article.source_language):
            # Nothing is translated into its own language, or from nothing.
            raise Http404
        return article

    def _take(self, request: HttpRequest, article: Article, language: str, form: TranslationFileForm) -> HttpResponse:
        sent, for_readers = form.cleaned_data["file"], form.cleaned_data["for_readers"]
        data = sent.read(MAX_PARCEL + 1)
        returned = read_returned(sent.name, data, article, language, form.cleaned_data["answers"])
        outcome = save_returned(article, language, returned, for_readers=for_readers, by=request.user)
        for sentence in returned.told:
            self.message_user(request, sentence, messages.WARNING)
        return self._after(request, article, language, outcome, for_readers)

    def _choose(self, request: HttpRequest, article: Article, language: str) -> HttpResponse:
        """Save what was chosen where the file met another text."""
        mine, theirs = (_revision(article, language, request.POST.get(name)) for name in ("set_aside", "theirs"))
        if mine is None or theirs is None or mine.created_by != request.user:
            raise Http404
        prefix, for_readers = choice_field(language, ""), bool(request.POST.get("for_readers"))
        choices = {name.removeprefix(prefix): request.POST[name] for name in request.POST if name.startswith(prefix)}
        try:
            conflict = TextConflict(mine, theirs, choices)
            outcome = save_chosen(article, language, conflict, for_readers=for_readers, by=request.user)
        except ValidationError as error:
            for sentence in _sentences(error):
                self.message_user(request, sentence, messages.ERROR)
            outcome = Outcome(conflict=conflict)
        return self._after(request, article, language, outcome, for_readers)

    def _after(
        self, request: HttpRequest, article: Article, language: str, outcome: Outcome, for_readers: bool
    ) -> HttpResponse:
        if outcome.conflict:
            return self._files_page(request, article, language, conflict=outcome.conflict, for_readers=for_readers)
        if outcome.was_merged:
            merged = _("Other passages had been changed in the meantime. Both changes are in the text.")
            self.message_user(request, merged, messages.WARNING)
        self.message_user(request, _told(outcome.revision), messages.SUCCESS)
        if outcome.revision:
            self.log_change(request, article, _("%s: a translation came back as a file.") % languages.name(language))
        return HttpResponseRedirect(request.path)

    def _files_page(
        self,
        request: HttpRequest,
        article: Article,
        language: str,
        form: TranslationFileForm | None = None,
        conflict: TextConflict | None = None,
        for_readers: bool = False,
    ) -> HttpResponse:
        is_dated = bool(article.text_in(language).published_at)
        context = self.admin_site.each_context(request) | {
            "title": _("Files for translators (%(name)s)") % {"name": languages.name(language)},
            "opts": self.opts,
            "media": MEDIA,
            "article": article,
            "shown_title": shown_title(article),
            "language": language,
            "index_name": index_name(language),
            "form": form or TranslationFileForm(),
            "may_write": may_write(request.user, article, language),
            "is_dated": is_dated,
            "may_publish": is_dated and may_publish(request.user, article, language),
            "conflict": conflict and shown_conflict(language, conflict),
            "set_aside": conflict and conflict.mine,
            "for_readers": for_readers,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/articles/article/translation_files.html", context)


def _download(article: Article, language: str, wanted: str) -> HttpResponse:
    """Return a file to be kept; raise Http404 where there is none of that kind."""
    name = f"{article.key}.{language}"
    if wanted == "pair":
        response = HttpResponse(
            packed(pair(article, language), pictures(article, language)), content_type="application/zip"
        )
        name = f"{name}.zip"
    elif wanted == "po":
        response = HttpResponse(po_of(article, language), content_type="text/x-gettext-translation; charset=utf-8")
        name = f"{name}.po"
    else:
        raise Http404
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _told(revision: Revision | None) -> str:
    if revision is None:
        return _("The text is the one that is here already. What the file brings up to date is noted.")
    if revision.is_working_copy:
        return _("Saved as a working copy. Readers do not see it yet.")
    return _("The translation is saved.")


def _sentences(error: ValidationError) -> list[str]:
    """Return what breaks a rule, each with the label of its field."""
    if not hasattr(error, "error_dict"):
        return error.messages
    labels = {name: capfirst(Article._meta.get_field(name).verbose_name) for name in error.message_dict}
    return [f"{labels[name]}: {' '.join(found)}" for name, found in error.message_dict.items()]


def _revision(article: Article, language: str, key: str | None) -> Revision | None:
    return article.revisions.filter(language=language, pk=key_in(key or "")).first()
