"""A Markdown file with YAML front matter, taken apart: each value with the line that it stands on."""

import contextlib
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

import yaml
from django.utils import timezone
from django.utils.translation import gettext as _

from .plain_files import read_bytes
from .problems import ImportProblems, Problem

# Reading YAML takes its time, and no author writes so much above a text.
MAX_FRONT_MATTER = 50_000
FENCE = re.compile(r"---[ \t]*\n(.*?\n|)---[ \t]*(?:\n|\Z)", re.DOTALL)


class Loader(yaml.SafeLoader):
    """YAML without anchors and aliases: a few lines of them can unfold to gigabytes."""

    def compose_node(self, parent, index):
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()
            raise yaml.composer.ComposerError(None, None, "aliases are not allowed", event.start_mark)
        return super().compose_node(parent, index)


# Several times as fast, where it is there. It would unfold aliases, and overflow in a text that is nested without end.
FastLoader = getattr(yaml, "CSafeLoader", Loader)
MAX_FAST = 4_000


@dataclass(frozen=True)
class Value:
    """A value of the front matter, not yet read. `offset` is the line of the file on which the YAML begins."""

    path: Path
    offset: int
    node: yaml.Node
    key_line: int = 1

    @property
    def line(self) -> int:
        return self.offset + self.node.start_mark.line

    def problem(self, reason: str) -> ImportProblems:
        return ImportProblems([Problem(self.path, self.line, reason)])

    def text(self) -> str:
        """Return a scalar as it is written: no is a word here, not False."""
        if not isinstance(self.node, yaml.ScalarNode):
            raise self.problem(_("write a plain text here"))
        if "\x00" in self.node.value:
            raise self.problem(_("null characters are not allowed"))
        # No-break spaces are the author's: see text.py.
        return self.node.value.strip(" \t\n\r")

    def texts(self) -> list[str]:
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.problem(_("write a list here, like [one, two]"))
        return [Value(self.path, self.offset, node).text() for node in self.node.value]

    def number(self) -> int | None:
        """Return a whole number of at most four digits, which every database can hold. Empty means none."""
        text = self.text()
        if text and not (text.isascii() and text.isdigit() and len(text) <= 4):
            raise self.problem(f"invalid number {text!r}; write one from 0 to 9999")
        return int(text) if text else None

    def truth(self) -> bool:
        text = self.text()
        if text not in ("true", "false"):
            raise self.problem(f"write true or false here, not “{text}”")
        return text == "true"

    def moment(self) -> datetime | None:
        """Return an aware datetime; a bare date begins at midnight in the site's time zone. Empty means none."""
        text = self.text()
        if not text:
            return None
        try:
            moment = datetime.combine(date.fromisoformat(text), time()) if len(text) <= 10 else None
            moment = moment or datetime.fromisoformat(text)
            moment = timezone.make_aware(moment) if timezone.is_naive(moment) else moment
            # Near the ends of time a date has no counterpart in other zones.
            return moment.astimezone(UTC)
        except (ValueError, OverflowError):
            wrong = _("invalid date “%(date)s”; write 2026-01-31 or 2026-01-31 08:30") % {"date": text}
            raise self.problem(wrong) from None

    def mapping(self) -> dict[str, "Value"]:
        """Return the entries of a mapping, in order; a repeated key is a problem."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.problem(_("write “key: value” lines here"))
        entries: dict[str, Value] = {}
        for key_node, node in self.node.value:
            key = Value(self.path, self.offset, key_node)
            if key.text() in entries:
                raise key.problem(_("the key “%(key)s” stands twice") % {"key": key.text()})
            entries[key.text()] = Value(self.path, self.offset, node, key.line)
        return entries


def read_text(path: Path) -> str:
    """Return a UTF-8 file's text with line feeds, without a byte order mark; raise ImportProblems."""
    return decoded(path, read_bytes(path))


def decoded(path: Path, data: bytes) -> str:
    """Return the text that a file's bytes say, with line feeds, without a byte order mark."""
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ImportProblems([Problem(path, line, _("not UTF-8"))]) from None


def _composed(source: str) -> yaml.Node | None:
    """Return the root of a YAML text; what is wrong with one is told in the words of the careful loader."""
    if len(source) <= MAX_FAST and "*" not in source:
        with contextlib.suppress(yaml.YAMLError, UnicodeError):
            return yaml.compose(source, FastLoader)
    return yaml.compose(source, Loader)


def composed(path: Path, source: str, first_line: int = 1) -> yaml.Node | None:
    """Return the root of YAML that starts on a line of a file, None where there is nothing; raise ImportProblems."""
    try:
        return _composed(source)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = first_line + (mark.line if mark else 0)
        reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be read"
        raise ImportProblems([Problem(path, line, _("broken YAML: %(reason)s") % {"reason": reason})]) from None
    except RecursionError:
        raise ImportProblems([Problem(path, first_line, "broken YAML: nested too deeply")]) from None


def parse_yaml(path: Path, source: str, first_line: int = 1) -> dict[str, Value]:
    """Return the entries of a YAML mapping that starts on a line of the file; nothing at all is an empty one."""
    node = composed(path, source, first_line)
    return {} if node is None else Value(path, first_line, node).mapping()


def read_markdown(path: Path) -> tuple[dict[str, Value], str, int]:
    """Return the front matter and the body of a Markdown file, and the line on which the body begins."""
    return parse_markdown(path, read_text(path))


def parse_markdown(path: Path, text: str) -> tuple[dict[str, Value], str, int]:
    """Return the same of a text that stands in a file of that name."""
    match = FENCE.match(text)
    if match is None:
        missing = _("no front matter; begin the file with a line “---” and end it so")
        raise ImportProblems([Problem(path, 1, missing)])
    if len(match[1]) > MAX_FRONT_MATTER:
        raise ImportProblems([Problem(path, 1, _("what stands above the text is far too long"))])
    body = text[match.end() :].removeprefix("\n")
    first_line = text.count("\n", 0, len(text) - len(body)) + 1
    return parse_yaml(path, match[1], first_line=2), body, first_line
