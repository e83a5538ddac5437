"""What a browser would send from a page of the admin."""

from html.parser import HTMLParser


class FormParser(HTMLParser):
    """Collect what a browser would send from the form of an admin page, without its buttons."""

    def __init__(self, form_id: str):
        super().__init__()
        self.form_id, self.fields, self.inside = form_id, {}, False
        self.select = self.textarea = ""

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        name = attributes.get("name")
        if tag == "form":
            self.inside = attributes.get("id") == self.form_id
        elif not self.inside:
            return
        elif tag == "input" and attributes.get("type") == "checkbox":
            if name and "checked" in attributes:
                self.fields[name] = ["on"]
        elif tag == "input" and attributes.get("type") == "radio":
            if name and "checked" in attributes:
                self.fields[name] = [attributes["value"]]
        elif tag == "input" and name and attributes.get("type") != "submit":
            self.fields.setdefault(name, []).append(attributes.get("value", ""))
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in attributes:
            self.fields.setdefault(self.select, []).append(attributes["value"])
        elif tag == "textarea" and name:
            self.textarea = name
            self.fields[name] = [""]

    def handle_data(self, data):
        if self.textarea:
            self.fields[self.textarea][0] += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self.textarea:
            # A browser drops the first line feed and sends CRLF.
            text = self.fields[self.textarea][0].replace("\r\n", "\n").removeprefix("\n").replace("\n", "\r\n")
            self.fields[self.textarea], self.textarea = [text], ""
        elif tag == "select":
            self.select = ""
        elif tag == "form":
            self.inside = False
