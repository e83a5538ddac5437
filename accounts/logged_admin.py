"""What the log hears of a form of the admin: who added, changed or deleted something there."""

from collections.abc import Iterable

from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from . import log
from .models import Event


class LoggedDeletionsMixin:
    """Deletions of this kind of thing stand in the log."""

    deleted_kind = Event.Kind.DELETED

    def log_deletions(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Write to the log as well as to Django's own history, which goes with the account."""
        super().log_deletions(request, queryset)
        for thing in queryset:
            log.record(self.deleted_kind, request.user, of=thing)


class LoggedChangesMixin(LoggedDeletionsMixin):
    """Additions, changes and deletions stand in the log, and the names of what was given and taken."""

    added_kind: Event.Kind
    changed_kind: Event.Kind
    # The fields of a form that hold permissions: many of them, or one that is on or off.
    rights: tuple[str, ...]

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: list, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if not change:
            log.record(self.added_kind, request.user, of=form.instance)
        elif fields := sorted(set(form.changed_data) - set(self.rights)):
            log.record(self.changed_kind, request.user, of=form.instance, details={"fields": fields})
        before, after = _rights(form.initial, self.rights), _rights(form.cleaned_data, self.rights)
        moved = {"added": sorted(after - before), "removed": sorted(before - after)}
        if any(moved.values()):
            log.record(Event.Kind.PERMISSIONS_CHANGED, request.user, of=form.instance, details=moved)


def _rights(values: dict, fields: Iterable[str]) -> set[str]:
    """Return the names of the rights in the values of a form: groups, permissions, and what is switched on."""
    found = set()
    for field in fields:
        value = values.get(field)
        if isinstance(value, bool):
            found |= {field} if value else set()
        else:
            found |= {_name(right) for right in value or ()}
    return found


def _name(right: Model) -> str:
    if hasattr(right, "codename"):
        return f"{right.content_type.app_label}.{right.codename}"
    return str(right)
