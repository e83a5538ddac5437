"""Publishing and unpublishing from the list of articles, an action for each language, with a look before it is done."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.functional import Promise, lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import languages
from articles.checklist import copy_remarks, standing_remarks
from articles.edits import publish_working_copy
from articles.models import Article, Revision
from articles.permissions import may_publish
from articles.publishing import publish_now, unpublish
from articles.saving import EditConflict

from .incoming import incoming_lines

State = Article.State

# A description is written once, and read in each author’s language.
name_in_sentence = lazy(languages.name_in_sentence, str)


@dataclass(frozen=True)
class Dating:
    """One way to date texts: `description` holds {language}, `done` %(language)s and %(count)d, both lazy.

    `concerns` gives what an author should see before articles are dated so, for each as values for the page that shows
    it.
    """

    verb: str
    change: Callable[..., Revision | None]
    done: Promise
    description: Promise
    warning: Promise
    concerns: Callable[[admin.ModelAdmin, HttpRequest, list[Article], str], list[dict]]


def _of_publishing(
    model_admin: admin.ModelAdmin, request: HttpRequest, articles: list[Article], language: str
) -> list[dict]:
    news = {each for each in articles if each.state_in(language) in {State.DRAFT, State.SCHEDULED}}
    return [{"article": each, "remarks": standing_remarks(each, language) if each in news else []} for each in articles]


def _of_publishing_copies(
    model_admin: admin.ModelAdmin, request: HttpRequest, articles: list[Article], language: str
) -> list[dict]:
    return [{"article": each, "remarks": copy_remarks(each, language)} for each in articles]


def _of_unpublishing(
    model_admin: admin.ModelAdmin, request: HttpRequest, articles: list[Article], language: str
) -> list[dict]:
    going = [each for each in articles if each.state_in(language) in {State.LIVE, State.SCHEDULED}]
    incoming = incoming_lines(model_admin, request, going)
    return [{"article": each, "incoming": incoming.get(each, [])} for each in articles]


def dating_action(dating: Dating, language: str) -> Callable:
    """Return an action of the list that dates one language of the chosen articles."""

    @admin.action(description=format_lazy(dating.description, language=name_in_sentence(language)))
    def action(model_admin: admin.ModelAdmin, request: HttpRequest, queryset: QuerySet) -> TemplateResponse | None:
        articles = _allowed(model_admin, request, queryset, language)
        if "post" not in request.POST:
            concerns = dating.concerns(model_admin, request, articles, language)
            if any(map(_is_concern, concerns)):
                return _look_first(model_admin, request, dating, action, concerns)
        count = sum(_is_dated(model_admin, request, dating, action, each, language) for each in articles)
        if articles:
            about = {"count": count, "language": languages.name_in_sentence(language)}
            model_admin.message_user(request, dating.done % about, messages.SUCCESS if count else messages.INFO)
        return None

    action.__name__ = f"{dating.verb}_{language}"
    return action


def _allowed(model_admin: admin.ModelAdmin, request: HttpRequest, queryset: QuerySet, language: str) -> list[Article]:
    """Return the articles whose publication in a language is the user's to decide; name the others to the user."""
    articles = list(queryset)
    allowed = [article for article in articles if may_publish(request.user, article, language)]
    if refused := [str(article) for article in articles if article not in allowed]:
        sentence = _("You may not decide when readers see this in %(language)s: %(titles)s.")
        about = {
            "language": languages.name_in_sentence(language),
            "titles": ", ".join(f"“{title}”" for title in refused),
        }
        model_admin.message_user(request, sentence % about, messages.ERROR)
    return allowed


def _is_dated(
    model_admin: admin.ModelAdmin,
    request: HttpRequest,
    dating: Dating,
    action: Callable,
    article: Article,
    language: str,
) -> bool:
    try:
        changed = dating.change(article, language, by=request.user)
    except ValidationError as error:
        model_admin.message_user(request, f"{article}: {' '.join(error.messages)}", messages.ERROR)
        return False
    except EditConflict as conflict:
        advice = _("Publish it from its form.")
        model_admin.message_user(request, f"{article}: {conflict} {advice}", messages.ERROR)
        return False
    if changed:
        model_admin.log_change(request, article, str(action.short_description))
    return bool(changed)


def _is_concern(concern: dict) -> bool:
    return bool(concern.get("remarks") or concern.get("incoming"))


def _look_first(
    model_admin: admin.ModelAdmin, request: HttpRequest, dating: Dating, action: Callable, concerns: list[dict]
) -> TemplateResponse:
    context = model_admin.admin_site.each_context(request) | {
        "title": action.short_description,
        "opts": model_admin.opts,
        "media": model_admin.media,
        "warning": dating.warning,
        "concerns": concerns,
        "without_concern": [each["article"] for each in concerns if not _is_concern(each)],
        "action": action.__name__,
        "action_checkbox_name": ACTION_CHECKBOX_NAME,
        "list_address": request.get_full_path(),
    }
    return TemplateResponse(request, "admin/articles/article/dating_confirmation.html", context)


DATINGS = [
    Dating(
        "publish",
        publish_now,
        gettext_lazy("Articles published (%(language)s): %(count)d."),
        gettext_lazy("Publish now in {language}"),
        gettext_lazy("There are remarks on these texts. Publish them all the same?"),
        _of_publishing,
    ),
    Dating(
        "publish_copy",
        publish_working_copy,
        gettext_lazy("Working copies published (%(language)s): %(count)d."),
        gettext_lazy("Publish working copies in {language}"),
        gettext_lazy("There are remarks on these texts. Publish them all the same?"),
        _of_publishing_copies,
    ),
    Dating(
        "unpublish",
        unpublish,
        gettext_lazy("Articles unpublished (%(language)s): %(count)d."),
        gettext_lazy("Unpublish in {language}"),
        gettext_lazy("Other texts link here. Their links will lead nowhere or be plain text. Unpublish all the same?"),
        _of_unpublishing,
    ),
]
DATING_ACTIONS = {code: [dating_action(dating, code) for dating in DATINGS] for code in languages.codes()}
