"""A tree made ordinary before it is written: footnotes taken out, links to enlarged pictures, what classes meant."""

import re

from .context import Findings
from .nodes import Element, Text
from .pictures import SIZE, is_link_to_file, source_of, urlsplit_path
from .tree import parsed

# Where a reference leads, and where its note leads back to: Markdown, Word, Google Docs, LibreOffice.
NOTE = re.compile(
    r"#(?:(?:_ftn|_edn|ftnt|user-content-fn-|fn[:-]?|footnote-|note-)(?!_?ref)([\w-]+)|sd(?:foot|end)note(\d+)sym)$"
)
NOTE_BACK = re.compile(
    r"#(?:(?:_ftn|_edn|ftnt_|user-content-fn|fn|footnote-|note-)-?ref(?:\d*:|-)?([\w-]+)|sd(?:foot|end)note(\d+)anc)$"
)

# Classes that say nothing of the text: those of the editors, of sizes and places, of highlighters.
ORDINARY = re.compile(
    r"(?:wp-|kg-|has-|is-|align|size-|attachment|language-|lang|brush|hljs|prettyprint|gallery|blocks-gallery|more-link"
    r"|mso|footnote|fn$|post-|entry-|columns?-|twitter-|instagram-|embed|youtube|vimeo|crayon|enlighter|gist|nav-|decode"
    r"|alert|notice|callout|admonition|(?:info|tip|warning|danger)-box|code|pre$|highlight|text-|title|screen-reader|caption|Apple-|s\d+$|p\d+$|block|container|row|col|element)",
    re.IGNORECASE,
)
# How a page was laid out.
PLACES = {
    "wp-block-columns": "columns stand below each other",
    "wp-block-media-text": "an image beside words stands above them",
    **dict.fromkeys(("alignleft", "alignright"), "what words flowed around stands alone"),
}
STYLED = re.compile(r"(?:^|;)\s*(color|background(?:-color)?|text-align|float|columns|position)\s*:")


def tidied(root: Element, findings: Findings, given_notes: dict[str, str]) -> list[tuple[str, Element]]:
    """Tidy a tree and return its footnotes by name, in the order of their references.

    `given_notes` is the HTML of notes that stand elsewhere, by the id that their references have.
    """
    _say_classes(root, findings)
    _unlink_pictures(root)
    notes = _taken_notes(root, given_notes)
    findings.lower = 1 if root.first("h1") else 0
    linked = {link.get("href")[1:] for link in root.walk() if link.name == "a" and link.get("href").startswith("#")}
    headings = {each.get("id") for each in root.walk() if re.fullmatch("h[1-6]", each.name)}
    findings.targets = (linked & headings) - {""}
    return notes


def _say_classes(root: Element, findings: Findings) -> None:
    for element in root.walk():
        if element.name in {"svg", "math", "form", "pre", "code"}:
            continue
        for name in element.classes:
            if words := PLACES.get(name):
                findings.lose(element, words, once=True)
            elif not ORDINARY.match(name):
                findings.lose(element, "a class that means nothing to this site:", name, once=True)
        for name in STYLED.findall(element.get("style").lower()):
            findings.lose(element, "a style that this site does not show:", name, once=True)


def _unlink_pictures(root: Element) -> None:
    """Show the picture in full where an image is only a link to it."""
    for link in [element for element in root.walk() if element.name == "a"]:
        images = [each for each in link.children if isinstance(each, Element)]
        if len(images) != 1 or images[0].name != "img" or link.text.strip() or not is_link_to_file(link):
            continue
        picture, whole = images[0], link.get("href").strip()
        if SIZE.sub("", urlsplit_path(source_of(picture))) == urlsplit_path(whole):
            picture.attributes["src"] = whole
        link.name = "span"


def _taken_notes(root: Element, given: dict[str, str]) -> list[tuple[str, Element]]:
    links = [element for element in root.walk() if element.name == "a" and "#" in element.get("href")]
    found = _linked_notes(links)
    notes: list[tuple[str, Element]] = []
    for element in list(root.walk()):
        note = _note_of(element, found, given)
        if note is not None and (place := _place_of(element)).parent is not None:
            known = next((name for name, each in notes if each is note), "")
            if not known:
                known = str(len(notes) + 1)
                notes.append((known, note))
            holder = place.parent
            holder.children[holder.children.index(place)] = Element(
                "footnote-reference", {"name": known}, place.line, holder
            )
            place.parent = None
    for _, note in notes:
        _take(note, root)
    return notes


def _linked_notes(links: list[Element]) -> dict[str, Element]:
    """Return the notes that lead back to their references, by name, without the links that do."""
    named = {_name(link, NOTE) for link in links}
    found: dict[str, Element] = {}
    for back in links:
        name = _name(back, NOTE_BACK)
        note = name and (back.within("li") or back.within("p", "div", "aside"))
        if not note:
            continue
        holder = back.parent if back.parent.name == "sup" else back
        if name in named:
            holder.remove()
            found.setdefault(name, note)
    return found


def _note_of(element: Element, found: dict[str, Element], given: dict[str, str]) -> Element | None:
    if element.name == "footnote-text":
        # What a short code holds.
        return element
    name = element.get("data-fn")
    if name and name in given:
        return found.setdefault(f"given {name}", parsed(given[name]))
    return found.get(_name(element, NOTE)) if element.name == "a" else None


def _place_of(element: Element) -> Element:
    return element.parent if element.name == "a" and element.parent and element.parent.name == "sup" else element


def _name(link: Element, pattern: re.Pattern) -> str:
    match = pattern.search(link.get("href"))
    return (match[1] or match[2]) if match else ""


def _take(note: Element, root: Element) -> None:
    """Take a note out of the text, and what held nothing but notes."""
    holder = note.parent
    note.remove()
    while holder is not None and holder is not root and not holder.text.strip() and not holder.first("img"):
        empty, holder = holder, holder.parent
        before = holder.children[: holder.children.index(empty)] if holder else []
        empty.remove()
        _drop_rule(before, holder)


def _drop_rule(before: list, holder: Element | None) -> None:
    """The line above the notes, which the site draws by itself."""
    rule = next((each for each in reversed(before) if not (isinstance(each, Text) and not each.words.strip())), None)
    if holder is not None and isinstance(rule, Element) and rule.name == "hr":
        rule.remove()
