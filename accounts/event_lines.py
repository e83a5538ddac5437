"""One event as a line of the log, in the language of whoever reads it."""

from collections.abc import Callable
from datetime import datetime

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.contrib.auth import get_permission_codename
from django.contrib.auth.models import AbstractBaseUser, Group, User
from django.db.models import Model
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from .log import OF_STRANGERS
from .models import Event

# What is not there any more has no form.
GONE = {Event.Kind.ACCOUNT_DELETED, Event.Kind.GROUP_DELETED}
# What a column of an account or a group is called; names of groups and permissions stand as they are.
LABELS = {field.name: field.verbose_name for model in (Group, User) for field in model._meta.fields}


@admin.display(description=_("what happened"), ordering="kind")
def what(event: Event) -> str:
    kind = capfirst(event.get_kind_display())
    if event.times == 1:
        return kind
    # Not within an f-string, where gettext's collector does not look.
    times = ngettext("%d time", "%d times", event.times) % event.times
    return f"{kind} ({times})"


@admin.display(description=_("account"), ordering="account")
def who(event: Event) -> str:
    if event.account:
        return event.account
    return gettext("an unknown name") if event.kind in OF_STRANGERS else gettext("the site itself")


def subject_column(reader: AbstractBaseUser) -> Callable[[Event], str]:
    """Return a column: what it happened to, with a link to its form for who may see it."""

    @admin.display(description=_("of what"), ordering="subject")
    def subject(event: Event) -> str:
        name, language = event.subject, dict(settings.LANGUAGES).get(event.language)
        if language:
            name = format_html('<span lang="{}">{}</span>', event.language, name)
        if (model := _model(event)) is None:
            return name
        may_see = reader.has_perm(f"{model._meta.app_label}.{get_permission_codename('view', model._meta)}")
        if may_see and event.kind not in GONE and (url := _url(model, event.details.get("pk"))):
            name = format_html('<a href="{}">{}</a>', url, name)
        kind = capfirst(model._meta.verbose_name)
        return format_html("{} {} ({})", kind, name, language) if language else format_html("{} {}", kind, name)

    return subject


@admin.display(description=_("details"))
def details(event: Event) -> str:
    said = event.details
    parts = []
    if time := _time(said.get("for")):
        parts.append(gettext("for %s") % time)
    if time := _time(said.get("made_at")):
        parts.append(gettext("made %s") % time)
    if isinstance(count := said.get("count"), int):
        parts.append(ngettext("%d file", "%d files", count) % count)
    for key, words in (("fields", "%s"), ("added", gettext("given: %s")), ("removed", gettext("taken: %s"))):
        if names := said.get(key):
            parts.append(words % ", ".join(str(LABELS.get(name, name)) for name in names))
    return " · ".join(parts)


def _model(event: Event) -> type[Model] | None:
    try:
        return apps.get_model(event.details["of"])
    except (LookupError, ValueError, AttributeError):
        return None


def _url(model: type[Model], pk: object) -> str:
    try:
        return reverse(admin_urlname(model._meta, "change"), args=[pk])
    except NoReverseMatch:
        return ""


def _time(written: str | None) -> str:
    try:
        return date_format(timezone.localtime(datetime.fromisoformat(written)), "DATETIME_FORMAT")
    except (TypeError, ValueError):
        return ""
