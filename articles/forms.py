"""The form on which an author writes an article in all its languages."""

from dataclasses import replace
from datetime import UTC, datetime, time

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime, AdminTextareaWidget, AdminTextInputWidget
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from . import languages
from .models import Article, Revision, free_key
from .publishing import published_now, unpublished
from .saving import save_language
from .search.rebuilding import index_articles
from .slugs import slugify
from .text import ArticleText
from .translated_forms import base_field, report_conflict
from .turns import take_turns
from .validation import validate, with_slug


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


class ArticleForm(forms.ModelForm):
    """What all languages share, as model fields, and each language's text, which is saved one language at a time.

    Each language carries the revision that the author started from. A language that the author did not touch is not
    written; one that somebody else changed meanwhile is refused, and both texts are shown. Shared facts carry their
    first value as well, so that only what the author changed is written.
    """

    class Meta:
        model = Article
        fields = ["key", "source_language", "source", "authors", "tags", "series", "part"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.is_new = self.instance.pk is None
        self.changed_texts: dict[str, tuple[ArticleText, Revision | None]] = {}
        self.conflicts: dict[str, Revision] = {}
        for field in self.fields.values():
            field.show_hidden_initial = True
        if "key" in self.fields:
            self.fields["key"].required = False
        for language in languages.codes():
            self._add_language(language)

    def _add_language(self, language: str) -> None:
        spoken = {"lang": language}
        widgets = {
            "title": AdminTextInputWidget(spoken),
            "slug": AdminTextInputWidget({"data-slug-of": languages.column("title", language)}),
            "summary": AdminTextareaWidget(spoken | {"rows": 3}),
            "body": AdminTextareaWidget(spoken | {"rows": 28, "class": "vLargeTextField article-body-source"}),
        }
        for field, widget in widgets.items():
            column = languages.column(field, language)
            model_field = Article._meta.get_field(column)
            # White space at the ends of a body is the author's.
            options = {"strip": False} if field == "body" else {}
            self.fields[column] = model_field.formfield(widget=widget, required=False, **options)
        # `validate` says what a slug may hold, which is less than Django's rule allows.
        self.fields[languages.column("slug", language)].validators.remove(validate_slug)
        date = Article._meta.get_field(languages.column("published_at", language))
        self.fields[date.name] = DateAndTimeField(
            widget=AdminSplitDateTime, required=False, label=capfirst(date.verbose_name), help_text=date.help_text
        )
        self.fields[base_field(language)] = forms.IntegerField(required=False, label="", widget=forms.HiddenInput)
        if self.instance.pk:
            latest = self.instance.latest_revision(language)
            self.initial[base_field(language)] = latest and latest.pk
            text = self.instance.text_in(language)
            self.initial |= {languages.column(field, language): getattr(text, field) for field in text.FIELDS}

    def clean(self) -> dict:
        cleaned = super().clean()
        article = self.instance
        # Until the end of the transaction nobody else saves what is compared here.
        take_turns()
        if article.pk:
            article = Article.objects.get(pk=article.pk)
        for language in languages.codes():
            self._clean_language(article, language)
        if self.is_new and not self.changed_texts and not self.errors:
            raise ValidationError(_("Write a title in at least one language."))
        if self.is_new:
            self._complete_shared_facts(cleaned)
        else:
            self._check_source_language(article, cleaned)
        self._check_part(cleaned)
        return cleaned

    def _clean_language(self, article: Article, language: str) -> None:
        columns = {languages.column(field, language): field for field in ArticleText.FIELDS}
        if columns.keys() & self.errors.keys() or not self._is_posted(language):
            return
        text = ArticleText(**{field: self.cleaned_data.get(column) for column, field in columns.items()})
        base = Revision.objects.filter(
            article=article.pk, language=language, pk=self.cleaned_data.get(base_field(language))
        ).first()
        latest = article.latest_revision(language) if article.pk else None
        start = base.content if base else ArticleText()
        text = with_date_of(start, text)
        if text == start:
            # Untouched: a button beside it means the text that stands, whoever wrote it.
            base, start = latest, latest.content if latest else ArticleText()
            text = start
        text = self._with_pressed_button(text, language)
        if text == start:
            return
        text = with_slug(article, language, text)
        if latest != base and latest.content != text:
            report_conflict(self, language, latest)
            return
        try:
            validate(article, language, text)
        except ValidationError as error:
            for field, messages in error.message_dict.items():
                self.add_error(languages.column(field, language), messages)
        self.changed_texts[language] = (text, base)

    def _with_pressed_button(self, text: ArticleText, language: str) -> ArticleText:
        """Return the text with the date that a button beside it asks for."""
        if f"_publish_now_{language}" in self.data:
            return published_now(text)
        if f"_publish_again_{language}" in self.data:
            first = getattr(self.instance, languages.column("first_published_at", language))
            return replace(text, published_at=first)
        if f"_unpublish_{language}" in self.data:
            return unpublished(text)
        return text

    def _is_posted(self, language: str) -> bool:
        """Return whether the language's texts came with the form at all; what did not come is not emptied."""
        written = [languages.column(field, language) for field in ("title", "slug", "summary", "body")]
        written.append(languages.column("published_at", language) + "_0")
        return all(self.add_prefix(name) in self.data for name in written)

    def _check_source_language(self, article: Article, cleaned: dict) -> None:
        titles = {language: article.text_in(language).title for language in languages.codes()}
        titles |= {language: text.title for language, (text, _base) in self.changed_texts.items()}
        if any(titles.values()) and not titles.get(cleaned.get("source_language"), True):
            self.add_error("source_language", _("There is no text in this language."))

    def _check_part(self, cleaned: dict) -> None:
        """Refuse a place that the author gives in no series; one that is left from a series of before goes with it."""
        part = cleaned.get("part")
        if part is None or cleaned.get("series") or "series" in self.errors:
            return
        if part == self.initial.get("part"):
            cleaned["part"] = None
        else:
            self.add_error("part", _("A place needs a series: choose one, or leave the place empty."))

    def _complete_shared_facts(self, cleaned: dict) -> None:
        """Fill in what a new article need not be asked: its source language and its key."""
        written = list(self.changed_texts)
        if written and cleaned.get("source_language") not in written:
            cleaned["source_language"] = written[0]
        if written and not cleaned.get("key") and "key" not in self.errors:
            language = cleaned["source_language"]
            key = slugify(self.changed_texts[language][0].title, language)
            cleaned["key"] = free_key(Article, key, length=Article._meta.get_field("key").max_length - 4)

    @cached_property
    def changed_data(self) -> list[str]:
        """Name what this author changed, and nothing that others changed since the form was opened."""
        names = [name for name in super().changed_data if name in self.Meta.fields]
        for language, (text, base) in self.changed_texts.items():
            start = base.content if base else ArticleText()
            changed = (field for field in ArticleText.FIELDS if getattr(text, field) != getattr(start, field))
            names += [languages.column(field, language) for field in changed]
        return names

    def save_texts(self, article: Article, by: AbstractBaseUser) -> None:
        """Save the languages that the author changed, each as a revision of its own."""
        for language, (text, base) in self.changed_texts.items():
            save_language(article, language, text, based_on=base, by=by)

    def _save_m2m(self) -> None:
        """Add and remove what the author added and removed; what others did meanwhile stays."""
        for name in ("authors", "tags"):
            hidden = self.fields[name].hidden_widget()
            before = set(hidden.value_from_datadict(self.data, self.files, self[name].html_initial_name) or [])
            after = {str(related.pk) for related in self.cleaned_data[name]}
            relation = getattr(self.instance, name)
            # What a new article's form proposes is not there before it is saved.
            relation.add(*(after if self.is_new else after - before))
            relation.remove(*(before - after))
        if self.is_new or "tags" in self.changed_data:
            index_articles(Article.objects.filter(pk=self.instance.pk))
