"""The form on which an author writes an article in all its languages."""

import hashlib
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from . import languages
from .checklist import BEHIND
from .edits import ACTIONS, DROP_COPY, Edit, TextConflict
from .markdown import Rendered
from .models import Article, Revision, content_of
from .permissions import may_publish, may_write
from .remark import Remark
from .saving import EditConflict
from .shared_facts_form import SharedFactsForm
from .text import ArticleText
from .text_fields import WRITTEN, choice_field, fields_of_a_save, text_fields, with_date_of, written_columns
from .translated_forms import base_field, leave_to_the_server
from .turns import take_turns


def seen(remarks: list[Remark]) -> str:
    """Return the marks of remarks that a form shows, as its hidden field carries them."""
    return " ".join(sorted(hashlib.sha256(remark.code.encode()).hexdigest()[:12] for remark in remarks))


class ArticleForm(SharedFactsForm):
    """What all languages share, as model fields, and each language's text, which is saved one language at a time.

    Each language carries the revision that the author started from. A language that the author did not touch is not
    written. What others saved meanwhile is merged with the author's text; where both changed the same words, the
    author's text is set aside and all three texts are shown.
    """

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.edits: dict[str, Edit] = {}
        self.conflicts: dict[str, TextConflict] = {}
        self.remarks: dict[str, list[Remark]] = {}
        self.rendered: dict[str, Rendered] = {}
        for language in languages.codes():
            self._add_language(language)
        leave_to_the_server(self.fields.values())

    def _add_language(self, language: str) -> None:
        self.fields |= text_fields(language) | fields_of_a_save(language)
        self._close_to_others(language)
        text, base = ArticleText(), None
        if self.instance.pk and (base := self.instance.in_work(language)):
            text = base.content
        self.initial[base_field(language)] = base and base.pk
        self.initial |= {languages.column(field, language): getattr(text, field) for field in text.FIELDS}

    def _close_to_others(self, language: str) -> None:
        """Let nobody type what they may not save; the text can still be selected and copied."""
        date = languages.column("published_at", language)
        if not self._may_publish(language):
            self.fields[date].disabled = True
        if not may_write(self.user, self.instance, language):
            for field in (f"is_minor_{language}", f"answers_{language}"):
                self.fields[field].disabled = True
            for field in (*written_columns(language), f"note_{language}"):
                self.fields[field].widget.attrs["readonly"] = True

    def _may_publish(self, language: str) -> bool:
        return may_publish(self.user, self.instance, language)

    def clean(self) -> dict:
        cleaned = super().clean()
        article = self.instance
        # Until the end of the transaction nobody else saves what is compared here.
        take_turns()
        if article.pk:
            article = Article.objects.get(pk=article.pk)
        # The original first: a translation of the same save is compared with it.
        for language in sorted(languages.codes(), key=lambda code: code != article.source_language):
            self._recall_conflict(article, language)
            self._clean_language(article, language)
        if self.is_new and not self.edits and not self.errors:
            raise ValidationError(_("Write a title in at least one language."))
        titles = {} if self.is_new else {code: article.text_in(code).title for code in languages.codes()}
        self.check_facts(article, cleaned, titles | {code: edit.text.title for code, edit in self.edits.items()})
        return cleaned

    def _clean_language(self, article: Article, language: str) -> None:
        columns = {languages.column(field, language): field for field in ArticleText.FIELDS}
        if columns.keys() & self.errors.keys() or not self._is_posted(language):
            return
        edit = self._edit(article, language, columns)
        if not may_write(self.user, article, language):
            self._refuse_what_was_typed(edit)
            return
        if not edit.is_wanted:
            return
        try:
            rendered = edit.prepare()
        except EditConflict as conflict:
            self._report_conflict(edit, conflict)
        except ValidationError as error:
            for field, messages in error.message_dict.items():
                self.add_error(languages.column(field, language), messages)
        else:
            self.edits[language] = edit
            if rendered:
                self.rendered[language] = rendered
                self._report_remarks(edit, edit.remarks(rendered, self._original_on_form(article)))

    def _refuse_what_was_typed(self, edit: Edit) -> None:
        """Drop no text of an author who might write the language when the form was opened, and may not any more."""
        if edit.is_touched:
            message = _(
                "You may not write the %(language)s text any more, so nothing is saved. Your text is still in the "
                "form: copy what you want to keep, then open the article again."
            )
            self.add_error(None, message % {"language": languages.name_in_sentence(edit.language)})

    def _edit(self, article: Article, language: str, columns: dict[str, str]) -> Edit:
        base = self._revision(article, language, base_field(language))
        if base and base.kind == Revision.Kind.SET_ASIDE:
            base = None
        start = content_of(base)
        text = ArticleText(**{field: self.cleaned_data.get(column) for column, field in columns.items()})
        text = with_date_of(start, text)
        if not self._may_publish(language):
            text = replace(text, published_at=start.published_at)
        return Edit(
            article,
            language,
            base,
            self._with_choices(language, text),
            action=self._action(language),
            wants_copy="_working_copy" in self.data,
            by=self.user,
        )

    def _action(self, language: str) -> str:
        """Return what the button that was pressed asks of a language, "" where none beside it was."""
        allowed = ACTIONS if self._may_publish(language) else (DROP_COPY,)
        return next((action for action in allowed if f"_{action}_{language}" in self.data), "")

    def _revision(self, article: Article, language: str, field: str) -> Revision | None:
        """Return the revision that a hidden field names, None where it is not one of this text."""
        pk = self.cleaned_data.get(field)
        return Revision.objects.filter(article=article.pk, language=language, pk=pk).first() if pk else None

    def _recall_conflict(self, article: Article, language: str) -> None:
        """Note what the author was asked to choose: until that is saved, the form shows it, with what was chosen."""
        mine, theirs = (self._revision(article, language, f"{name}_{language}") for name in ("set_aside", "theirs"))
        if mine and theirs and mine.created_by == self.user:
            prefix = choice_field(language, "")
            choices = {name.removeprefix(prefix): self.data[name] for name in self.data if name.startswith(prefix)}
            self.conflicts[language] = TextConflict(mine, theirs, choices)

    def _with_choices(self, language: str, text: ArticleText) -> ArticleText:
        conflict = self.conflicts.get(language)
        return conflict.with_choices(text) if conflict else text

    def _report_conflict(self, edit: Edit, conflict: EditConflict) -> None:
        language = edit.language
        mine = edit.set_aside(conflict)
        self.conflicts[language] = TextConflict(mine, conflict.theirs, choices={})
        message = _(
            "Somebody else changed the same words of the %(language)s text while you were writing. Nothing was "
            "overwritten, and your text is kept in the history. Choose below, then save again."
        )
        if conflict.theirs.created_by == self.user:
            message = _(
                "You saved the same words of the %(language)s text otherwise in another window. Nothing was "
                "overwritten, and this text is kept in the history. Choose below, then save again."
            )
        self.add_error(None, message % {"language": languages.name_in_sentence(language)})
        # The author now sees both texts, and the next save starts from here.
        revisions = {
            base_field(language): edit.base,
            f"set_aside_{language}": mine,
            f"theirs_{language}": conflict.theirs,
        }
        self._show(edit.text, language, {name: str(revision.pk) for name, revision in revisions.items()})

    def _report_remarks(self, edit: Edit, remarks: list[Remark]) -> None:
        """Stop once before readers see a text, where its author has not seen all that there is to remark."""
        language = edit.language
        if self.cleaned_data.get(f"answers_{language}"):
            remarks = [remark for remark in remarks if remark.code != BEHIND]
        self.remarks[language] = remarks
        if set(seen(remarks).split()) <= set(self.cleaned_data.get(f"seen_{language}", "").split()):
            return
        message = _(
            "%(language)s: look at the remarks below before readers see this text. Press the button again to go on."
        )
        self.add_error(None, message % {"language": languages.name(language)})
        self._show(None, language, {f"seen_{language}": seen(remarks)})

    def _show(self, text: ArticleText | None, language: str, hidden: dict[str, str]) -> None:
        """Put other values into the form that is shown again."""
        self.data = self.data.copy()
        for name, value in hidden.items():
            self.data[self.add_prefix(name)] = value
        if text is None:
            return
        for field in WRITTEN:
            self.data[self.add_prefix(languages.column(field, language))] = getattr(text, field) or ""
        date = languages.column("published_at", language)
        widget = self.fields[date].widget
        for number, value in enumerate(widget.decompress(text.published_at)):
            self.data[f"{self.add_prefix(date)}_{number}"] = widget.widgets[number].format_value(value) or ""

    def _original_on_form(self, article: Article) -> tuple[ArticleText, str] | None:
        """Return the original and its HTML where the same save changes what stands of it."""
        edit, rendered = (each.get(article.source_language) for each in (self.edits, self.rendered))
        return (edit.text, rendered.html) if edit and rendered and not edit.to_copy else None

    def _is_posted(self, language: str) -> bool:
        """Return whether the language's texts came with the form at all; what did not come is not emptied."""
        names = written_columns(language)
        if self._may_publish(language):
            names.append(languages.column("published_at", language) + "_0")
        return all(self.add_prefix(name) in self.data for name in names)

    @cached_property
    def changed_data(self) -> list[str]:
        """Name what this author changed, and nothing that others changed since the form was opened."""
        names = [*self.changed_facts]
        for language, edit in self.edits.items():
            changed = (f for f in ArticleText.FIELDS if getattr(edit.text, f) != getattr(edit.start, f))
            names += [languages.column(field, language) for field in changed]
        return names

    def save_texts(self, article: Article) -> dict[str, Revision | None]:
        """Save the languages that the author changed, each as a revision of its own; return these by language."""
        revisions: dict[str, Revision | None] = {}
        # The original first: a translation of the same save was made from it.
        for language in sorted(self.edits, key=lambda code: code != article.source_language):
            revisions[language] = self.edits[language].save(
                article,
                note=self.cleaned_data[f"note_{language}"],
                is_minor=self.cleaned_data[f"is_minor_{language}"],
                source_revision=revisions.get(article.source_language) or self.source_seen(article),
            )
        return revisions

    def source_seen(self, article: Article) -> Revision | None:
        """Return the text of the original that stood on the form."""
        return self._revision(article, article.source_language, base_field(article.source_language))
