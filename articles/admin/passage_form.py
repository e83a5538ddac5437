"""The form of one passage of a translation: what it carries, and what its buttons ask."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _

from articles.text import with_line_feeds
from articles.translating.marks import begins_as_copy, with_marks_of
from articles.translating.passages import Place
from articles.translating.side_by_side import Row

from .unsaved import HIGHEST_KEY

NAME = RegexValidator(r"^[a-z0-9-]{0,80}\Z")


class PassageForm(forms.Form):
    """A passage as the page sends it: its words, where it stood, what it answers."""

    words = forms.CharField(required=False, strip=False)
    base = forms.IntegerField(required=False, min_value=1, max_value=HIGHEST_KEY)
    seen = forms.IntegerField(min_value=1, max_value=HIGHEST_KEY)
    place = forms.CharField()
    to = forms.IntegerField(required=False, min_value=0, max_value=999_999)
    row = forms.IntegerField(min_value=1, max_value=999_999)
    name = forms.CharField(validators=[NAME])
    key = forms.CharField(required=False, validators=[NAME])
    left_out_key = forms.CharField(required=False, validators=[NAME])

    def clean_words(self) -> str:
        return with_line_feeds(self.cleaned_data["words"])

    def clean_place(self) -> Place:
        if place := Place.named(self.cleaned_data["place"]):
            return place
        raise ValidationError("place")

    @property
    def is_malformed(self) -> bool:
        """True where no page sends this."""
        return not self.is_valid() and set(self.errors) != {"words"}

    def asked(self, row: Row | None, shown: str) -> dict:
        """Return what the button that was pressed asks of a passage that showed some words, as PassageEdit takes it.

        Raise ValidationError where nothing can be meant by it.
        """
        if self.errors:
            raise ValidationError(self.errors["words"].data)
        sent, original = self.cleaned_data, row.original if row else None
        answer = {"key": sent["key"]}
        if "_again" in self.data and sent["words"] == shown:
            return {"left_out_key": sent["left_out_key"]}
        if "_move" in self.data and sent["to"] is not None:
            is_written = sent["words"] != shown and sent["words"].strip()
            return answer | {"to": sent["to"]} | (self._written(row, shown) if is_written else {})
        if "_remove" in self.data:
            return answer | {"words": ""}
        if "_copy" in self.data and original:
            return answer | {"words": original.text, "left_out_key": sent["left_out_key"]}
        if "_left_out" in self.data:
            self._refuse_to_leave_words(shown, original.text if original else "")
            return answer | {"is_left_out": True}
        if "_right" in self.data and self._is_untouched(row, shown):
            return answer
        return answer | self._written(row, shown)

    def _is_untouched(self, row: Row | None, shown: str) -> bool:
        words = self.cleaned_data["words"]
        begins = row and row.original and begins_as_copy(row.original)
        return words == shown or not words.strip() or bool(begins and not shown and words == row.original.text)

    def _refuse_to_leave_words(self, *known: str) -> None:
        words = self.cleaned_data["words"]
        if words.strip() and words not in known:
            raise ValidationError(_("Something is written here. Save it, or empty the field first."))

    def _written(self, row: Row | None, shown: str) -> dict:
        """Return what becomes of the words in the field."""
        sent, words = self.cleaned_data, self.cleaned_data["words"]
        if words != shown and row and row.original:
            words = with_marks_of(row.original, words)
        if words.strip():
            return {"words": words, "left_out_key": sent["left_out_key"]}
        if sent["place"].field == "title":
            raise ValidationError(_("Write a title."))
        if not shown and sent["key"]:
            raise ValidationError(_("Nothing is written yet."))
        # Emptied: the translation does without it, unless the original does so too.
        return {"words": "", "is_left_out": bool(shown and sent["key"] and row and not row.is_gone)}
