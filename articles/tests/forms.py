"""The forms on a page, as a browser would send them."""

import random
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin


@dataclass
class Form:
    """Where a form goes, what it sends, the fields for files, and its buttons, of which one is pressed."""

    action: str
    fields: list[tuple[str, str]]
    files: list[str]
    buttons: list[tuple[str, str]] = field(default_factory=list)
    method: str = "POST"
    id: str = ""

    @property
    def names(self) -> set[str]:
        return {name for name, _ in self.fields + self.buttons}

    def sent(self, chance: random.Random) -> list[tuple[str, str]]:
        return self.fields + ([chance.choice(self.buttons)] if self.buttons else [])


class _Reader(HTMLParser):
    def __init__(self, path: str) -> None:
        super().__init__()
        self.path, self.found = path, []
        self.form = Form("", [], [])
        self.select = self.textarea = self.text = ""

    def handle_starttag(self, tag: str, attributes: list) -> None:
        said = dict(attributes)
        name, value = said.get("name") or "", said.get("value") or ""
        if tag == "form":
            method = (said.get("method") or "get").upper()
            action = urljoin(self.path, said.get("action") or "")
            self.form = Form(action, [], [], method=method, id=said.get("id") or "")
            self.found.append(self.form)
        elif tag == "option" and self.select and "selected" in said:
            self.form.fields.append((self.select, value))
        elif tag == "select":
            self.select = name
        elif tag == "textarea":
            self.textarea, self.text = name, ""
        elif name and tag in ("input", "button"):
            self._input(name, value, said.get("type") or ("submit" if tag == "button" else "text"), "checked" in said)

    def _input(self, name: str, value: str, kind: str, is_checked: bool) -> None:
        if kind == "file":
            self.form.files.append(name)
        elif kind in ("submit", "image"):
            self.form.buttons.append((name, value))
        elif kind not in ("checkbox", "radio") or is_checked:
            self.form.fields.append((name, value or ("on" if kind == "checkbox" else "")))

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.textarea:
            # A browser drops the first line feed and sends CRLF.
            text = self.text.replace("\r\n", "\n").removeprefix("\n").replace("\n", "\r\n")
            self.form.fields.append((self.textarea, text))
            self.textarea = ""
        elif tag == "select":
            self.select = ""
        elif tag == "form":
            self.form = Form("", [], [])


def fields_of(html: str, form_id: str) -> dict[str, list[str]]:
    """Return what a form sends, without its buttons, as Django's test client takes it."""
    fields: dict[str, list[str]] = {}
    for form in forms_on(html, ""):
        for name, value in form.fields if form.id == form_id else ():
            fields.setdefault(name, []).append(value)
    return fields


def forms_on(html: str, path: str) -> list[Form]:
    reader = _Reader(path)
    reader.feed(html)
    return reader.found
