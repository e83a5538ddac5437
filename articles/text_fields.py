"""The fields of one language on the article's form: its text, what a save says of it, what is carried unseen."""

from dataclasses import replace
from datetime import UTC, datetime, time

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime, AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.utils import timezone
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _

from . import languages
from .models import Article, Revision
from .text import ArticleText
from .translated_forms import base_field

WRITTEN = ("title", "slug", "summary", "body")


class DateAndTimeField(forms.SplitDateTimeField):
    """A date with a time, which may be left out: a bare date begins at midnight in the site's time zone."""

    def compress(self, values: list) -> datetime | None:
        if not values or values[0] in self.empty_values:
            return super().compress(values)
        try:
            return timezone.make_aware(datetime.combine(values[0], values[1] or time())).astimezone(UTC)
        except OverflowError:
            raise ValidationError(self.error_messages["invalid_date"], code="invalid_date") from None


def with_date_of(start: ArticleText, text: ArticleText) -> ArticleText:
    """Return a posted text with the date that it started from, where the form shows both alike.

    When clocks are put back an hour comes twice, and the form cannot tell which of the two it shows.
    """
    dates = [date and timezone.make_naive(date) for date in (start.published_at, text.published_at)]
    return replace(text, published_at=start.published_at) if dates[0] == dates[1] else text


def choice_field(language: str, name: str) -> str:
    """Return the name of the field that says whose words to take where two authors changed the same."""
    return f"choice_{language}_{name}"


def written_columns(language: str) -> list[str]:
    """Return the fields in which an author writes the words of a language."""
    return [languages.column(field, language) for field in WRITTEN]


def text_fields(language: str) -> dict[str, forms.Field]:
    """Return the fields of a text by the names of their columns."""
    spoken = {"lang": language}
    widgets = {
        "title": AdminTextInputWidget(spoken),
        "slug": AdminTextInputWidget({"data-slug-of": languages.column("title", language)}),
        "summary": AdminTextareaWidget(spoken | {"rows": 3}),
        "body": AdminTextareaWidget(spoken | {"rows": 28, "class": "vLargeTextField article-body-source"}),
    }
    fields = {}
    for name, widget in widgets.items():
        # White space at the ends of a body is the author's.
        options = {"strip": False} if name == "body" else {}
        column = Article._meta.get_field(languages.column(name, language))
        fields[column.name] = column.formfield(widget=widget, required=False, **options)
    # `validate` says what a slug may hold, which is less than Django's rule allows.
    fields[languages.column("slug", language)].validators.remove(validate_slug)
    date = Article._meta.get_field(languages.column("published_at", language))
    label = capfirst(date.verbose_name)
    fields[date.name] = DateAndTimeField(
        widget=AdminSplitDateTime, required=False, label=label, help_text=date.help_text
    )
    for part, name in zip(fields[date.name].widget.widgets, (_("date"), _("time")), strict=True):
        # Django's own words beside them are no labels.
        part.attrs["aria-label"] = format_lazy("{}, {}", label, name)
    return fields


def fields_of_a_save(language: str) -> dict[str, forms.Field]:
    """Return the note and the mark of a minor edit, and what the form carries along unseen."""
    note, is_minor = (Revision._meta.get_field(name) for name in ("note", "is_minor"))
    name = languages.name(language)
    fields = {
        f"note_{language}": note.formfield(
            widget=AdminTextInputWidget,
            required=False,
            label=format_lazy("{} ({})", capfirst(note.verbose_name), name),
            help_text=_("What this save changes, for the history. Optional."),
        ),
        f"is_minor_{language}": is_minor.formfield(
            required=False,
            label=format_lazy("{} ({})", capfirst(is_minor.verbose_name), name),
            help_text=_("A change that translations need not follow, such as a corrected typo."),
        ),
        f"answers_{language}": forms.BooleanField(
            required=False,
            label=format_lazy("{} ({})", _("Up to date with the original"), name),
            help_text=_("After this save, no passage of the original is left to look at."),
        ),
    }
    for carried in (base_field(language), f"set_aside_{language}", f"theirs_{language}"):
        fields[carried] = forms.IntegerField(required=False, label="", widget=forms.HiddenInput)
    fields[f"seen_{language}"] = forms.CharField(required=False, label="", widget=forms.HiddenInput)
    return fields
