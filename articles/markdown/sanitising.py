"""What HTML an article may contain: everything else is removed, whoever wrote it."""

import nh3

TAGS = {
    *("h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "blockquote", "pre", "div", "span", "ul", "ol", "li"),
    *("dl", "dt", "dd", "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "figure", "figcaption"),
    *("a", "img", "em", "strong", "b", "i", "s", "del", "ins", "mark", "sub", "sup", "small", "abbr", "cite", "q"),
    *("code", "kbd", "samp", "var", "time", "details", "summary"),
}

ATTRIBUTES = {
    "*": {"class", "id", "lang", "dir", "title"},
    "a": {"href", "hreflang", "role", "aria-label"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "reversed", "type"},
    "th": {"align", "scope", "colspan", "rowspan"},
    "td": {"align", "colspan", "rowspan"},
    "time": {"datetime"},
    "details": {"open"},
}


def sanitise(html: str) -> str:
    """Return HTML with allowed elements, attributes and address schemes alone; it cannot run a script.

    Scrolling boxes of code get a place in the tab order (WCAG 2.1.1).
    """
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        set_tag_attribute_values={"pre": {"tabindex": "0"}},
        link_rel=None,
    )
