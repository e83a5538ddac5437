"""The form of a page, on which two people may write at once."""

from django import forms
from django.db.models import QuerySet
from django.utils.functional import cached_property

from articles import languages
from articles.translated_forms import ChangesForm, base_field, report_conflict
from articles.turns import take_turns

from .models import PageRevision
from .page_text import PageText


class PageForm(ChangesForm):
    """Each language carries the revision that the author started from, as on the form of an article.

    A language that the author did not touch is not written; one that somebody else changed meanwhile is refused, and
    both texts are shown.
    """

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.starts: dict[str, PageText] = {}
        self.conflicts: dict[str, PageRevision] = {}
        if "key" in self.fields:
            self.fields["key"].required = False
        for language in languages.codes():
            self._prepare(language)

    def _prepare(self, language: str) -> None:
        for name in self.fields.keys() & columns(language).keys():
            # The revision says what was there.
            self.fields[name].show_hidden_initial = False
        if body := self.fields.get(languages.column("body", language)):
            # White space at the ends of a body is the author's.
            body.strip = False
            body.widget.attrs |= {"rows": 28, "class": "vLargeTextField article-body-source"}
        base, latest = base_field(language), self.instance.latest_revision(language)
        self.fields[base] = forms.IntegerField(required=False, label="", widget=forms.HiddenInput)
        self.initial[base] = latest and latest.pk

    def clean(self) -> dict:
        take_turns()
        for language in languages.codes():
            if not self.errors.keys() & columns(language).keys():
                self._compare(language)
        return super().clean()

    def _compare(self, language: str) -> None:
        """Note the text that the author started from; refuse to put theirs over what somebody else saved since."""
        revisions = self._revisions(language)
        base = revisions.filter(pk=self.cleaned_data.get(base_field(language))).first()
        start = self.starts[language] = base.content if base else PageText()
        text, latest = self._text(language), revisions.first()
        if text != start and latest != base and latest.content != text:
            report_conflict(self, language, latest)

    def _revisions(self, language: str) -> QuerySet[PageRevision]:
        return PageRevision.objects.filter(page=self.instance.pk, language=language)

    def _text(self, language: str) -> PageText:
        return PageText(**{field: self.cleaned_data.get(name) for name, field in columns(language).items()})

    @cached_property
    def changed_data(self) -> list[str]:
        """Name what this author changed, and nothing that others changed since the form was opened."""
        names = [name for name in super().changed_data if self.fields[name].show_hidden_initial]
        for language, start in self.starts.items():
            text, fields = self._text(language), columns(language).items()
            names += [name for name, field in fields if getattr(text, field) != getattr(start, field)]
        return names


def columns(language: str) -> dict[str, str]:
    """Return the names of a language's form fields, each with the field of `PageText` that it fills."""
    return {languages.column(field, language): field for field in PageText.FIELDS}
