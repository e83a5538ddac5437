"""An article as files of the native format: what `native.py` reads gives the same text, byte for byte."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import yaml
from django.utils import timezone

from articles.text import ArticleText

# Signs that YAML does not take as they are, or takes for the end of a line.
ESCAPED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
# A text of several lines that can stand as it is, indented.
LITERAL = re.compile(r"\S.*\n(?:.*\n)*.*\S", re.DOTALL)


class _Dumper(yaml.SafeDumper):
    """Writes a list on its key's line, and a text of several lines as it reads."""


def _text(dumper: _Dumper, text: str) -> yaml.Node:
    style = '"' if ESCAPED.search(text) else "|" if LITERAL.fullmatch(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style)


def _list(dumper: _Dumper, values: list) -> yaml.Node:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", values, flow_style=True)


def _moment(dumper: _Dumper, moment: datetime) -> yaml.Node:
    # With its distance from UTC: an hour of autumn comes twice.
    return dumper.represent_scalar("tag:yaml.org,2002:timestamp", timezone.localtime(moment).isoformat(" "))


_Dumper.add_representer(str, _text)
_Dumper.add_representer(list, _list)
_Dumper.add_representer(datetime, _moment)


def markdown_file(entries: Mapping[str, Any], body: str) -> str:
    """Return a Markdown file with front matter: the entries in their order, those that say nothing left out.

    Values are texts, whole numbers, yes or no, aware datetimes and lists of these.
    """
    stated = {key: value for key, value in entries.items() if value not in (None, "", [])}
    return f"---\n{yaml_file(stated)}---\n\n{body}"


def yaml_file(entries: Mapping[str, Any]) -> str:
    """Return lines of YAML, "" without entries; values as in `markdown_file`, and mappings."""
    if not entries:
        return ""
    return yaml.dump(entries, Dumper=_Dumper, allow_unicode=True, width=float("inf"), sort_keys=False)


def language_file(
    text: ArticleText, shared: Mapping[str, Any] | None = None, aliases: Sequence[str] = (), **stamps: str
) -> str:
    """Return index.<language>.md: the text, the `stamps` of stamps.py, and what all languages share where it is said.

    The title stands there also where it is empty: somebody may be about to write it.
    """
    entries = {field: getattr(text, field) for field in ("slug", "summary", "published_at")}
    written = markdown_file(entries | {"aliases": list(aliases)} | stamps | dict(shared or {}), text.body)
    return written.replace("---\n", f"---\n{yaml_file({'title': text.title})}", 1)
