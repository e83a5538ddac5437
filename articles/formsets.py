"""Rows of another model on a form: companions on an article's, articles on a series'."""

import re

from django import forms
from django.http import QueryDict

from .models import Article
from .translated_forms import leave_to_the_server


class RowsFormSet(forms.BaseInlineFormSet):
    """Rows as they were when the author opened the form: only what the author changed in them is written.

    A row that somebody else removed meanwhile stays removed.
    """

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound:
            self.data = self._without_vanished_rows(self.data)

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        for field in form.fields.values():
            field.show_hidden_initial = True
        super().add_fields(form, index)
        leave_to_the_server(form.fields.values())

    def _without_vanished_rows(self, data: QueryDict) -> QueryDict:
        counts = [data.get(f"{self.prefix}-{name}", "") for name in ("TOTAL_FORMS", "INITIAL_FORMS")]
        if not all(count.isdecimal() and len(count) < 5 and int(count) <= self.absolute_max for count in counts):
            return data
        total, initial = map(int, counts)
        there = {str(pk) for pk in self.get_queryset().values_list("pk", flat=True)}
        kept = [row for row in range(total) if row >= initial or data.get(f"{self.prefix}-{row}-id") in there]
        if len(kept) == total:
            return data
        data = data.copy()
        rows = {key: data.pop(key) for key in list(data) if re.match(rf"{self.prefix}-\d+-", key)}
        for new, old in enumerate(kept):
            for key in [key for key in rows if key.startswith(f"{self.prefix}-{old}-")]:
                data.setlist(key.replace(f"-{old}-", f"-{new}-", 1), rows[key])
        data[f"{self.prefix}-TOTAL_FORMS"] = str(len(kept))
        data[f"{self.prefix}-INITIAL_FORMS"] = str(sum(row < initial for row in kept))
        return data


class PartFormSet(RowsFormSet):
    """The articles of a series, of which this form writes the place alone."""

    def save_existing(self, form: forms.ModelForm, article: Article, commit: bool = True) -> Article:
        article.save(update_fields=["part"])
        return article
