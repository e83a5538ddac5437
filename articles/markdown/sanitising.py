"""What HTML an article may contain: everything else is removed, whoever wrote it."""

import re
import unicodedata
from functools import lru_cache

import nh3

TAGS = {
    *("h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "blockquote", "pre", "div", "span", "ul", "ol", "li", "section"),
    *("dl", "dt", "dd", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "figure", "figcaption"),
    *("a", "img", "em", "strong", "b", "i", "s", "del", "ins", "mark", "sub", "sup", "u", "small", "abbr", "cite", "q"),
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
ID = re.compile(rf"(?!{OWN_ID})[^\s\"'<>&]{{1,200}}")

# A thousand columns, as far as HTML goes, times a few thousand cells would keep a browser busy for minutes.
SPAN = re.compile(r"[1-9][0-9]?")
NUMBERS = {
    **dict.fromkeys(("width", "height"), re.compile(r"[0-9]{1,4}")),
    **dict.fromkeys(("colspan", "rowspan"), SPAN),
    "start": re.compile(r"-?[0-9]{1,9}"),
    "data-linenos": re.compile(r"[0-9 ]{1,9}"),
}

# Browsers read no tab and no line end in an address, and nothing before it: https://url.spec.whatwg.org/#url-parsing
UNREAD = re.compile(r"[\t\n\r]|^[\x00-\x20]+")
SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*(?=:)")
# Which schemes each address may have; one without a scheme stays on this site or names a host plainly.
SCHEMES = {"href": {"http", "https", "mailto", "tel", "article"}, "src": {"http", "https", "image"}}

# What HTML allows in no text (https://infra.spec.whatwg.org/#c0-control and the non-characters), halves of characters,
# and the signs that turn the order of letters round as far as the end of a paragraph: HTML has `dir` for that.
CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)

# No language sets more than a few marks on a letter; hundreds of them would cover the lines around.
MARK = "".join(sign for sign in map(chr, range(0x300, 0x10000)) if unicodedata.category(sign) in {"Mn", "Me"})
TOO_MANY_MARKS = re.compile(f"(?<=[{MARK}]{{8}})[{MARK}]+")


def sanitise(html: str) -> str:
    """Return HTML with allowed elements, attributes and address schemes alone; it cannot run a script.

    `article:` and `image:` name articles and images of this site. No id stands twice. Scrolling boxes of code get a
    place in the tab order (WCAG 2.1.1).
    """
    # An element that is taken away can leave others where HTML does not allow them, such as a paragraph in a paragraph.
    # The second time they are parsed as a browser would.
    return _legible(_cleaned(_cleaned(html)))


def _legible(html: str) -> str:
    """Return HTML without the signs that no text may hold and with few marks on each letter."""
    return TOO_MANY_MARKS.sub("", CONTROLS.sub("", html))


def _cleaned(html: str) -> str:
    keep = _Filter()
    html = nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=keep,
        url_schemes=SCHEMES["href"] | SCHEMES["src"],
        set_tag_attribute_values={"pre": {"tabindex": "0"}},
        link_rel=None,
    )
    if keep.failure:
        raise keep.failure
    return html


# The few that colour code stand everywhere in it.
@lru_cache(maxsize=256)
def _kept_classes(value: str) -> str | None:
    kept = [word for word in value.split() if word in CLASSES or CODE_CLASS.fullmatch(word)]
    return " ".join(kept) or None


class _Filter:
    """Gives the value that an allowed attribute of one document may keep, None for none."""

    def __init__(self) -> None:
        self.ids: set[str] = set()
        self.failure: BaseException | None = None

    def __call__(self, tag: str, name: str, value: str) -> str | None:
        try:
            return self.kept(name, value)
        except BaseException as failure:
            # nh3 would only report it, keep the attribute and go on.
            self.failure = failure
            return None

    def kept(self, name: str, value: str) -> str | None:
        if name == "class":
            return _kept_classes(value)
        if name in SCHEMES and CONTROLS.search(value):
            # Without them it could be another address than the one that was looked at.
            return None
        if name == "id":
            return self.once(value)
        if name == "role":
            return value if value in ROLES else None
        if name == "tabindex":
            return "0"
        if name in NUMBERS:
            return value if NUMBERS[name].fullmatch(value) else None
        return self.address(value, SCHEMES[name]) if name in SCHEMES else value

    def address(self, value: str, schemes: set[str]) -> str | None:
        value = UNREAD.sub("", value)
        scheme = SCHEME.match(value)
        if scheme is None:
            return value
        # What the page looks for is written in small letters.
        return scheme[0].lower() + value[scheme.end() :] if scheme[0].lower() in schemes else None

    def once(self, value: str) -> str | None:
        if value in self.ids or not ID.fullmatch(value):
            return None
        self.ids.add(value)
        return value
