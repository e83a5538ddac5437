"""Forms of the admin with a fieldset for each language, on which two people may write at once."""

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from modeltranslation.fields import TranslationField

from . import languages
from .turns import take_turns


class ChangesForm(forms.ModelForm):
    """Writes what the author changed, on top of what stands when it is saved, not when the form was opened."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.show_hidden_initial = True

    def clean(self) -> dict:
        cleaned = super().clean()
        # Until the end of the transaction nobody else saves what is loaded here.
        take_turns()
        if self.instance.pk:
            self.instance.refresh_from_db()
            return {name: value for name, value in cleaned.items() if name in self.changed_data}
        return cleaned


class TranslatedAdmin(admin.ModelAdmin):
    """A form with a fieldset for each language, side by side where there is room."""

    class Media:
        css = {"all": ["articles/admin.css"]}

    def formfield_for_dbfield(self, db_field, request: HttpRequest, **kwargs) -> forms.Field | None:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(db_field, TranslationField):
            field.widget.attrs["lang"] = db_field.language
        return field


def language_fieldsets(fields: list[str]) -> list[tuple[str, dict]]:
    """Return a fieldset for each language, with its columns of some translated fields."""
    return [
        (
            languages.name(code),
            {"classes": ["language"], "fields": [languages.column(field, code) for field in fields]},
        )
        for code in languages.codes()
    ]


def site_links(addresses: dict[str, str | None]) -> list[dict]:
    """Return the links "view on site", for admin/articles/_site_links.html; the path is None where there is no page."""
    return [{"name": languages.name(code), "url": url} for code, url in addresses.items()]
