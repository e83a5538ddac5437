"""Which language each text of an export is in, and which texts and terms are one: Polylang, WPML, or the address.

Polylang keeps languages and groups as taxonomies, so WordPress exports them. WPML's table is exported only by its own
“Export and Import”, as custom fields.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from .php import unserialized
from .wxr import Record

LANGUAGE_FIELDS = ("_wpml_import_language_code", "_wpml_language", "wpml_language")
GROUP_FIELDS = ("_wpml_import_translation_group", "_wpml_trid", "wpml_trid", "trid")
SOURCE_FIELD = "_wpml_import_source_language_code"
DUPLICATE_FIELD = "_icl_lang_duplicate_of"
LOCALE = re.compile(r"([a-zA-Z]{2,3})(?:[-_].*)?")


def short(code: str) -> str:
    """Return "fr" for fr_CA, fr-FR and fr; "" for what is no code of a language."""
    match = LOCALE.fullmatch(code.strip())
    return match[1].lower() if match else ""


@dataclass
class Grouping:
    """What the terms of an export say of languages."""

    default: str
    known: set[str]
    base_path: str = ""
    # By the slug that Polylang gives a language.
    locales: dict[str, str] = field(default_factory=dict)
    # Which group a post's number is in, and a term's.
    post_groups: dict[str, str] = field(default_factory=dict)
    term_groups: dict[str, str] = field(default_factory=dict)
    term_slugs: dict[str, str] = field(default_factory=dict)

    def add_term(self, record: Record) -> None:
        """Take in a term: a language, a group, or a category or tag that a group may name by its number."""
        taxonomy = record.get("wp:term_taxonomy") or {"wp:category": "category", "wp:tag": "post_tag"}.get(
            record.name, ""
        )
        slug = record.get("wp:term_slug") or record.get("wp:category_nicename") or record.get("wp:tag_slug")
        described = unserialized(record.get("wp:term_description"))
        if taxonomy == "language":
            self.locales[slug] = short(str(described.get("locale", ""))) or short(slug)
        elif taxonomy == "post_translations":
            self.post_groups |= {str(number): slug for number in described.values() if isinstance(number, int)}
        elif taxonomy == "term_translations":
            self._add_terms(slug, described)
        else:
            self.term_slugs[record.get("wp:term_id")] = f"{taxonomy}/{slug}"
            if group := _first(record.meta, GROUP_FIELDS):
                self.term_groups[f"{taxonomy}/{slug}"] = f"wpml-{group}"

    def _add_terms(self, group: str, described: dict) -> None:
        # The number of a term may be told after its group: it is looked up at the end.
        self.term_groups |= {f"#{number}": group for number in described.values() if isinstance(number, int)}

    def term_key(self, taxonomy: str, slug: str) -> str:
        """Return what all translations of a term have in common."""
        return self._term_keys().get(f"{taxonomy}/{slug}", slug)

    def _term_keys(self) -> dict[str, str]:
        if not hasattr(self, "_keys"):
            groups: dict[str, list[str]] = {}
            for name, group in self.term_groups.items():
                term = self.term_slugs.get(name[1:], "") if name.startswith("#") else name
                if term:
                    groups.setdefault(group, []).append(term)
            # The first of a group, that of the language in which the term was made, names it.
            self._keys = {term: terms[0].partition("/")[2] for terms in groups.values() for term in terms}
        return self._keys

    def language_of(self, item: Record) -> str:
        """Return the language of an item; that of the site where nothing names one."""
        for taxonomy, slug, _ in item.terms:
            if taxonomy == "language":
                return self.locales.get(slug) or short(slug) or slug
        if named := _first(item.meta, LANGUAGE_FIELDS):
            return short(named) or named
        address = urlsplit(item.get("link"))
        asked = parse_qs(address.query).get("lang", [""])[0]
        first = address.path.removeprefix(self.base_path).strip("/").partition("/")[0]
        return next((short(code) for code in (asked, first) if short(code) in self.known), self.default)

    def group_of(self, item: Record) -> str:
        """Return the group of translations that an item is in, "" for none."""
        number = item.get("wp:post_id")
        for taxonomy, slug, _ in item.terms:
            if taxonomy == "post_translations":
                return slug
        if number in self.post_groups:
            return self.post_groups[number]
        if group := _first(item.meta, GROUP_FIELDS):
            return f"wpml-{group}"
        original = item.meta.get(DUPLICATE_FIELD, "").strip()
        return f"copies-{original}" if original else ""

    def is_original(self, item: Record) -> bool:
        return SOURCE_FIELD in item.meta and not item.meta[SOURCE_FIELD].strip() and bool(self.group_of(item))


def with_originals(grouping: Grouping, items: Iterable[Record]) -> dict[str, str]:
    """Return the group of each item by its number; the original of copies is in their group."""
    items = list(items)
    groups = {item.get("wp:post_id"): grouping.group_of(item) for item in items}
    for group in {group for group in groups.values() if group.startswith("copies-")}:
        original = group.removeprefix("copies-")
        if original in groups:
            groups[original] = groups[original] or group
            groups |= {number: groups[original] for number, each in groups.items() if each == group}
    return groups


def _first(meta: dict[str, str], names: Iterable[str]) -> str:
    return next((meta[name].strip() for name in names if meta.get(name, "").strip()), "")
