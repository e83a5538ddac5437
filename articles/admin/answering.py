"""Answers to what moved on in an original: a button of the article's form, or a request of its own."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from articles import languages
from articles.forms import ArticleForm
from articles.models import Article, Revision
from articles.translating import answering, kept
from articles.translating.answering import MovedOn
from articles.translating.source import source_blocks

from .moved_on import moved_on
from .refusals import refusal, wants_json

RIGHT, LEFT_OUT, WANTED, ALL, BACK = "right", "left_out", "wanted", "all", "back"
# What `answering.answer` is told by each.
ANSWERS = {RIGHT: {}, LEFT_OUT: {"is_left_out": True}, WANTED: {"is_reopened": True}}
BUTTON = "_answer_"


@dataclass(frozen=True)
class Answer:
    """What somebody says of some changes of the original, by their keys; ALL and BACK need none."""

    kind: str
    keys: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        return self.kind in {ALL, BACK} or (self.kind in ANSWERS and bool(self.keys))

    def note(self, article: Article, language: str, by: AbstractBaseUser) -> None:
        """Keep it. Raise what `answering.answer` does."""
        if self.kind == BACK:
            answering.take_back(article, language, by=by)
        elif self.kind == ALL:
            answering.answer_all(article, language, by=by)
        else:
            answering.answer(article, language, self.keys, by=by, **ANSWERS[self.kind])


class AnsweringMixin:
    """The part of the articles' admin that notes what a translation answers. No text is touched by it."""

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.answers_view)
        own = path("<int:pk>/answers/<language>/", view, name="articles_article_answers")
        return [own, *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: dict, obj: Article | None = None, **kwargs):
        if obj:
            form = context["adminform"].form
            # A form that comes back may name another original, which is not saved.
            article = Article.objects.get(pk=obj.pk) if form.is_bound else obj
            for language in context["publication"]:
                language["moved_on"] = moved_on(request.user, article, language["code"])
        return super().render_change_form(request, context, obj=obj, **kwargs)

    @method_decorator([never_cache, require_POST])
    def answers_view(self, request: HttpRequest, pk: int, language: str) -> HttpResponse:
        """Note an answer and go back to `next`; a script that accepts JSON gets what the editor shows from now on.

        Where the original moved on in between, nothing is noted: a warning says so, to a script with the status 409.
        """
        article = get_object_or_404(Article, pk=pk)
        if language not in languages.codes():
            raise Http404
        answer = Answer(request.POST.get("answer", ""), tuple(" ".join(request.POST.getlist("key")).split()))
        if not answer.is_known:
            return refusal(_("Unknown answer."), status=400)
        is_page = not wants_json(request)
        try:
            answer.note(article, language, request.user)
        except MovedOn:
            if not is_page:
                return JsonResponse({"error": _has_moved_on(language)} | _shown(request, article, language), status=409)
            self.message_user(request, _has_moved_on(language), messages.WARNING)
        else:
            if not is_page:
                return JsonResponse(_shown(request, article, language))
            self.message_user(request, _noted(answer, article, language), messages.SUCCESS)
        return _see_other(_back(request, article))

    def note_answers(self, request: HttpRequest, form: ArticleForm, stood: Revision | None) -> None:
        """Note what a form answers once its texts are saved; `stood` is the original before.

        Whatever becomes of an answer, what was typed is kept.
        """
        article = form.instance
        for language in languages.codes():
            if language != article.source_language and stood and form.cleaned_data.get(f"answers_{language}"):
                self._note_answer(request, article, language, Answer(ALL) if _is_shown(form, stood) else None)
        for language, answer in asked_answers(request.POST).items():
            self._note_answer(request, article, language, answer)

    def _note_answer(self, request: HttpRequest, article: Article, language: str, answer: Answer | None) -> None:
        """Note an answer, None where it was given to another original, and say what came of it."""
        try:
            if answer is None:
                raise MovedOn
            with transaction.atomic():
                answer.note(article, language, request.user)
        except MovedOn:
            self.message_user(request, _has_moved_on(language), messages.WARNING)
        except PermissionDenied:
            name = languages.name(language)
            refused = _("%s: nothing was noted about the original. You may not write this translation.")
            self.message_user(request, refused % name, messages.WARNING)
        else:
            self.message_user(request, _noted(answer, article, language), messages.SUCCESS)


def asked_answers(data: QueryDict) -> dict[str, Answer]:
    """Return what the button that was pressed on the form answers, by language."""
    found = {}
    for language in languages.codes():
        kind, _colon, keys = data.get(f"{BUTTON}{language}", "").partition(":")
        answer = Answer(kind, tuple(keys.split()))
        if answer.is_known:
            found[language] = answer
    return found


def _is_shown(form: ArticleForm, stood: Revision) -> bool:
    """Return whether the form showed the original as it stood before this save."""
    seen = form.source_seen(form.instance)
    if seen and seen.is_working_copy:
        # What is said of the original was made from what stands beneath its working copy.
        seen = seen.based_on
    return seen is not None and source_blocks(seen.content) == source_blocks(stood.content)


def _shown(request: HttpRequest, article: Article, language: str) -> dict:
    shown = moved_on(request.user, article, language)
    count = {"passages": shown["number"], "is_published": shown["is_published"]}
    return {
        "number": shown["number"],
        "passages": render_to_string("admin/articles/article/_moved_on_passages.html", {"moved_on": shown}, request),
        "count": render_to_string("admin/articles/article/_passages_behind.html", count, request),
        "message": _left(shown["number"]),
    }


def _left(number: int) -> str:
    if number == 0:
        return _("Noted. The text is up to date with the original.")
    return ngettext("Noted. %(number)d passage is left.", "Noted. %(number)d passages are left.", number) % {
        "number": number
    }


def _noted(answer: Answer, article: Article, language: str) -> str:
    name = languages.name(language)
    if answer.kind == BACK:
        return _("%s: the last answer is undone.") % name
    number = len(kept.comparison(Article.objects.get(pk=article.pk), language).changes)
    return f"{name} – {_left(number)}"


def _has_moved_on(language: str) -> str:
    sentence = _("%s: the original has changed in the meantime, so nothing was noted. Look at what is shown now.")
    return sentence % languages.name(language)


def _back(request: HttpRequest, article: Article) -> str:
    """Return where the request wants to go, if that is in the admin, else the form of the article."""
    wanted = request.POST.get("next", "")
    is_own = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith(reverse("admin:index"))
    return wanted if is_own else reverse("admin:articles_article_change", args=[article.pk])


def _see_other(address: str) -> HttpResponseRedirect:
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response
