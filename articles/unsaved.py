"""What authors typed and have not saved: kept as it was typed, for its writer alone, and put into a form again."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import capfirst

from . import languages
from .differences import FieldDifference, html_values, text_differences
from .models import Article, Revision, UnsavedText, content_of
from .permissions import may_write
from .text import ArticleText, with_line_feeds
from .text_fields import DateAndTimeField, with_date_of
from .translated_forms import base_field

# As the fields of the form are called, without their language.
FIELDS = ("title", "slug", "summary", "body", "published_at_0", "published_at_1", "note")
DATE_PARTS = {"published_at_0": (forms.DateField(), date), "published_at_1": (forms.TimeField(), time)}


class OtherWindow(Exception):
    """Another window has kept a text of the same form since this one was opened; its text stays as it is."""


@transaction.atomic
def keep(
    user: AbstractBaseUser,
    form: UUID,
    language: str,
    fields: dict[str, str],
    *,
    article: Article | None,
    based_on: Revision | None,
    version: str | None = None,
    follows: str = "",
) -> UnsavedText | None:
    """Keep the fields of one language as they were typed, in the place of what their form kept before.

    `version` is the window that sends them and its count, like "3f2a:7"; `follows` is the version that the window
    found when it was opened. Without a version, the text is the newest of its form. What comes late, after something
    that its window sent later, is passed over.

    Return None, and keep nothing, where the text is what the form started from. Raise OtherWindow.
    """
    fields = {name: _freed_from_locale(name, fields.get(name, "")) for name in FIELDS}
    about = {"article": article, "based_on": based_on, "fields": fields | {"version": version or ""}}
    rows = UnsavedText.objects.select_for_update()
    row, is_new = rows.get_or_create(user=user, form=form, language=language, defaults=about)
    if not is_new:
        before = row.fields["version"]
        if version is not None and _window(before) == _window(version):
            if _count(before) > _count(version):
                return row
        elif version is not None and before != follows:
            raise OtherWindow
        for name, value in about.items():
            setattr(row, name, value)
        row.save()
    if says_the_same(fields, content_of(based_on)):
        row.delete()
        return None
    return row


def _window(version: str) -> str:
    return version.rpartition(":")[0]


def _count(version: str) -> int:
    return int(version.rpartition(":")[2])


def _freed_from_locale(name: str, value: str) -> str:
    """Return what was typed, a whole date or time as ISO 8601: the form may be opened in another language."""
    value = with_line_feeds(value).replace("\x00", "\ufffd")
    if name in DATE_PARTS and value.strip():
        try:
            return DATE_PARTS[name][0].clean(value).isoformat()
        except ValidationError:
            pass
    return value


def says_the_same(fields: dict[str, str], standing: ArticleText) -> bool:
    """Return whether saving what was typed would change nothing of a text."""
    text = text_of(fields)
    return text is not None and with_date_of(standing, text) == standing and not fields["note"].strip()


def text_of(fields: dict[str, str]) -> ArticleText | None:
    """Return the text that saving would take, None where the date is only half a date."""
    try:
        date = DateAndTimeField(required=False).clean([fields["published_at_0"], fields["published_at_1"]])
    except ValidationError:
        return None
    return ArticleText(**{name: fields[name] for name in ("title", "slug", "summary", "body")}, published_at=date)


def date_as_typed(moment: datetime | None) -> dict[str, str]:
    shown = moment and timezone.make_naive(moment)
    parts = (shown.date(), shown.time()) if shown else ("", "")
    return dict(zip(DATE_PARTS, map(str, parts), strict=True))


def name_on_form(field: str, language: str) -> str:
    """Return what the article's form calls a field of one language: title_fr, published_at_fr_0."""
    name, number = (field[:-2], field[-2:]) if field in DATE_PARTS else (field, "")
    return languages.column(name, language) + number


def texts_of_form(user: AbstractBaseUser, form: UUID, article: Article | None) -> list[UnsavedText]:
    """Return what somebody typed on one form and may write still, in the order of the languages."""
    rows = UnsavedText.objects.filter(user=user, form=form, article=article).select_related("based_on")
    return _in_order(row for row in rows if article is None or may_write(user, article, row.language))


def other_forms(user: AbstractBaseUser, article: Article | None, but: UUID) -> list[list[UnsavedText]]:
    """Return what somebody typed on other forms of an article, or of new ones, the newest form first.

    What reads as the article does by now was saved in another way.
    """
    standing = {code: standing_text(article, code) for code in languages.codes()}
    forms: dict[UUID, list[UnsavedText]] = {}
    for row in UnsavedText.objects.filter(user=user, article=article).exclude(form=but):
        if row.language not in standing or (article and not may_write(user, article, row.language)):
            continue
        if not says_the_same(row.fields, standing[row.language]):
            forms.setdefault(row.form, []).append(row)
    return [_in_order(rows) for rows in forms.values()]


def standing_text(article: Article | None, language: str) -> ArticleText:
    """Return what a writer would go on from: the working copy, else what stands."""
    return content_of(article.in_work(language) if article else None)


def _in_order(rows: Iterable[UnsavedText]) -> list[UnsavedText]:
    return sorted(rows, key=lambda row: languages.codes().index(row.language))


def initial(rows: Iterable[UnsavedText]) -> dict[str, Any]:
    """Return the values that put unsaved texts into the article's form, with what they started from."""
    found = {}
    for row in rows:
        for name in ("title", "slug", "summary", "body", "note"):
            found[languages.column(name, row.language)] = row.fields.get(name, "")
        found[languages.column("published_at", row.language)] = [_date_part(row, name) for name in DATE_PARTS]
        found[base_field(row.language)] = row.based_on_id
    return found


def _date_part(row: UnsavedText, name: str) -> date | time | str:
    """Return a date or a time, which the form shows in the author's language, or what there is of it."""
    value = row.fields.get(name, "")
    try:
        part = DATE_PARTS[name][1].fromisoformat(value)
    except ValueError:
        return value
    return part if part.isoformat() == value else value


def shown_fields(fields: dict[str, str]) -> list[tuple[str, str, str]]:
    """Return what was typed, each with its field and the field's label; nothing that is empty."""
    typed_date = f"{fields['published_at_0']} {fields['published_at_1']}".strip()
    values = {name: fields[name] for name in ("title", "slug")} | {"published_at": typed_date}
    values |= {name: fields[name] for name in ("summary", "body", "note")}
    labels = {name: capfirst(Revision._meta.get_field(name).verbose_name) for name in values}
    return [(name, labels[name], value) for name, value in values.items() if value]


def differences(row: UnsavedText, standing: ArticleText) -> list[FieldDifference]:
    """Return what was typed otherwise than a text has it, field by field."""
    text, words = text_of(row.fields), {"note"}
    if text is None:
        undated = text_of(row.fields | dict.fromkeys(DATE_PARTS, ""))
        text, words = replace(undated, published_at=standing.published_at), {"published_at", "note"}
    found = text_differences(standing, with_date_of(standing, text))
    shown = [field for field in shown_fields(row.fields) if field[0] in words]
    return found + [FieldDifference(name, label, html_values([], [value])) for name, label, value in shown]
