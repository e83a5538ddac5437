"""What HTML an article may contain: everything else is removed, whoever wrote it."""

import re

import nh3

TAGS = {
    *("h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "blockquote", "pre", "div", "span", "ul", "ol", "li", "section"),
    *("dl", "dt", "dd", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "figure", "figcaption"),
    *("a", "img", "em", "strong", "b", "i", "s", "del", "ins", "mark", "sub", "sup", "small", "abbr", "cite", "q"),
    *("code", "kbd", "samp", "var", "time", "details", "summary"),
}

ATTRIBUTES = {
    "*": {"class", "id", "lang", "dir", "title"},
    "a": {"href", "hreflang", "role", "aria-label"},
    "div": {"role", "aria-label", "tabindex"},
    "section": {"role", "aria-label"},
    "span": {"role", "aria-label", "data-linenos"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "reversed", "type"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "time": {"datetime"},
    "details": {"open"},
}

# The roles and classes that the pipeline gives. An author's own could take the place or the look of the page's parts.
ROLES = {"doc-backlink", "doc-endnotes", "doc-noteref", "group", "img", "note"}
CLASSES = {
    *("align-left", "align-center", "align-right", "callout", "callout-title", "filename", "footnote-backref"),
    *("footnote-ref", "footnotes", "heading-link", "highlight", "keys", "linenos", "table-box", "task", "task-done"),
    *("task-open", "task-list", "task-list-item"),
    *(f"callout-{kind}" for kind in ("note", "tip", "important", "warning", "caution")),
}
# Pygments names its classes by one to three letters, with a digit at most.
CODE_CLASS = re.compile(r"[a-z]{1,3}[0-9]?")

# What the page itself calls its parts.
OWN_ID = "page_"
ID = re.compile(r"[^\s\"'<>&]{1,200}")

NUMBERS = {"width", "height", "colspan", "rowspan", "start"}
NUMBER = re.compile(r"-?[0-9]{1,5}")


def sanitise(html: str) -> str:
    """Return HTML with allowed elements, attributes and address schemes alone; it cannot run a script.

    `article:` and `image:` name articles and images of this site. No id stands twice. Scrolling boxes of code get a
    place in the tab order (WCAG 2.1.1).
    """
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_Filter(),
        url_schemes={"http", "https", "mailto", "tel", "article", "image"},
        set_tag_attribute_values={"pre": {"tabindex": "0"}},
        link_rel=None,
    )


class _Filter:
    """Gives the value that an allowed attribute of one document may keep, None for none."""

    def __init__(self) -> None:
        self.ids: set[str] = set()

    def __call__(self, tag: str, name: str, value: str) -> str | None:
        if name == "class":
            kept = [word for word in value.split() if word in CLASSES or CODE_CLASS.fullmatch(word)]
            return " ".join(kept) or None
        if name == "id":
            return self.once(value)
        if name == "role":
            return value if value in ROLES else None
        if name == "tabindex":
            return "0"
        if name in NUMBERS:
            return value if NUMBER.fullmatch(value) else None
        if name == "href" and value.startswith("image:"):
            return None
        return value

    def once(self, value: str) -> str | None:
        if value in self.ids or value.startswith(OWN_ID) or not ID.fullmatch(value):
            return None
        self.ids.add(value)
        return value
