"""Forms of the admin with a fieldset for each language, on which two people may write at once."""

from collections.abc import Iterable

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _
from modeltranslation.fields import TranslationField

from . import languages
from .models import SavedText
from .turns import take_turns

EMPTY = (None, "")


def leave_to_the_server(fields: Iterable[forms.Field]) -> None:
    """Keep browsers from filling in what was typed before, on the way back or after a restart.

    They load the form anew, with all that it carries unseen, and an old text would pass for a change of the new one.
    """
    for field in fields:
        field.widget.attrs["autocomplete"] = "off"


class ChangesForm(forms.ModelForm):
    """Writes what the author changed, on top of what stands when it is saved, not when the form was opened."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.show_hidden_initial = True
        leave_to_the_server(self.fields.values())

    def clean(self) -> dict:
        cleaned = super().clean()
        # Until the end of the transaction nobody else saves what is loaded here.
        take_turns()
        if self.instance.pk:
            self.instance.refresh_from_db()
            many = {field.name for field in self.instance._meta.many_to_many}
            refuse_to_overwrite(self, self.instance, self.fields.keys() - many)
            return {name: value for name, value in cleaned.items() if name in self.changed_data}
        return cleaned


def refuse_to_overwrite(form: forms.ModelForm, current: models.Model, names: Iterable[str]) -> None:
    """Refuse to put an author's value in the place of one that somebody else saved since the form was opened.

    Each field carries its first value; `current` is the row as it stands. Saving again is a decision, and goes through.
    """
    changed = set(form.changed_data) & set(names) - form.errors.keys()
    for name in sorted(name for name in changed if form.fields[name].show_hidden_initial):
        field, shown = form.fields[name], form[name].html_initial_name
        if shown not in form.data:
            # Not sent by a page, which always tells.
            continue
        hidden = field.hidden_widget()
        before = field.to_python(hidden.value_from_datadict(form.data, form.files, shown))
        theirs = getattr(current, name)
        if theirs in (form.cleaned_data.get(name), before) or (theirs in EMPTY and before in EMPTY):
            continue
        message = _("Somebody else changed this in the meantime to “%(value)s”. Save again to put yours in its place.")
        form.add_error(name, message % {"value": "–" if theirs in EMPTY else theirs})
        form.data = form.data.copy()
        value = hidden.format_value(field.prepare_value(theirs.pk if isinstance(theirs, models.Model) else theirs))
        form.data[shown] = "" if value is None else value


class TranslatedAdmin(admin.ModelAdmin):
    """A form with a fieldset for each language, side by side where there is room."""

    class Media:
        css = {"all": ["articles/admin.css"]}

    def formfield_for_dbfield(self, db_field, request: HttpRequest, **kwargs) -> forms.Field | None:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(db_field, TranslationField):
            field.widget.attrs["lang"] = db_field.language
        return field


def base_field(language: str) -> str:
    """Return the name of the hidden field with the revision that an author started from."""
    return f"base_revision_{language}"


def report_conflict(form: forms.BaseForm, language: str, theirs: SavedText) -> None:
    """Refuse a language that somebody else saved since the form was opened; `form.conflicts` shows their text."""
    form.conflicts[language] = theirs
    message = _(
        "Somebody else saved the %(language)s text while you were writing. Nothing was overwritten: your text is "
        "in the form, theirs is shown above it. Saving again puts yours in the place of theirs."
    )
    form.add_error(None, message % {"language": languages.name_in_sentence(language)})
    # The author has now seen their text, and the next save starts from it.
    form.data = form.data.copy()
    form.data[form.add_prefix(base_field(language))] = str(theirs.pk)


def language_fieldsets(fields: Iterable[str], has_base: bool = False) -> list[tuple[str, dict]]:
    """Return a fieldset for each language, with its columns of some translated fields.

    `has_base` puts the revision that the author started from before them.
    """

    def names(code: str) -> list[str]:
        base = [base_field(code)] if has_base else []
        return base + [languages.column(field, code) for field in fields]

    return [(languages.name(code), {"classes": ["language"], "fields": names(code)}) for code in languages.codes()]


def site_links(addresses: dict[str, str | None]) -> list[dict]:
    """Return the links "view on site", for admin/articles/_site_links.html; the path is None where there is no page."""
    return [{"name": languages.name(code), "url": url} for code, url in addresses.items()]
