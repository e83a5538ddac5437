"""What a page of the admin that lists something is asked for, by its address."""

from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext as _

from articles import languages


class AskedForm(forms.Form):
    """Fields of which none must be filled in, `language` among them. One that is not valid was not made by the page."""

    def __init__(self, data: dict) -> None:
        super().__init__(data, label_suffix="")
        named = [(code, languages.name_in_sentence(code)) for code in languages.codes()]
        self.fields["language"].choices = [("", _("every language")), *named]

    def query(self, **changed: str | int) -> str:
        """Return the address of what is asked, with some values changed; empty ones are left out."""
        asked = {name: self.data.get(name, "") for name in self.fields} | changed
        return "?" + urlencode({name: value for name, value in asked.items() if value})
