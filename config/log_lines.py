"""The lines of the log, for people or for programs: an event is one, and tells nothing about who asked."""

import copy
import json
import logging
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

from django.http import HttpRequest
from django.urls import Resolver404, resolve

from .request_log import REQUEST_ID, UNKNOWN_ADDRESS, current_id

# All that some program takes for the end of a line, or that moves the cursor of a terminal or turns what it shows.
CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
# An address for mail, such as a mail server repeats where it refuses it.
MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
# Parts of a path that open something to whoever knows them: a preview, a new password.
SECRET = {"token", "uidb64"}
# Where PostgreSQL quotes a row, or a query with all that was asked for.
QUOTING = re.compile(r"DETAIL:|LINE \d+: ")


class LineFormatter(logging.Formatter):
    """For people: writes control characters as Python does, and each further line of a traceback further in."""

    def format(self, record: logging.LogRecord) -> str:
        return super().format(discreet(record))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802, Python's own name
        return _shown(super().formatMessage(record))

    def formatException(self, ei) -> str:  # noqa: N802, Python's own name
        lines = [_shown(line) for line in traceback_of(self, ei)]
        return "\n".join(["".join(lines[:1]), *(f"  {line}" for line in lines[1:])])


class JsonFormatter(logging.Formatter):
    """For programs: one JSON object a line (https://jsonlines.org), with a traceback inside."""

    def format(self, record: logging.LogRecord) -> str:
        record = discreet(record)
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": MAIL.sub("…@…", record.getMessage()),
            "process": record.process,
            "request_id": record.id.strip() or None,
            "traceback": "\n".join(traceback_of(self, record.exc_info)) if record.exc_info else None,
        } | getattr(record, "about", {})
        told = {name: value for name, value in line.items() if value is not None}
        # JSON lets stand what some take for the end of a line (RFC 8259, section 7).
        return CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(told, ensure_ascii=False))


def _shown(line: str) -> str:
    return CONTROL.sub(lambda found: repr(found[0])[1:-1], MAIL.sub("…@…", line))


def formatter(kind: str) -> logging.Formatter:
    """Return what writes lines of a kind: text, json, or auto, which is text for who looks on in a terminal."""
    if kind == "json" or (kind == "auto" and not sys.stderr.isatty()):
        return JsonFormatter()
    return LineFormatter("{asctime} {levelname} {name}{id}: {message}", style="{")


def discreet(record: logging.LogRecord) -> logging.LogRecord:
    """Return a copy of a line with the id of its request, without secret parts of its path.

    What Django refuses has no traceback: the code is right, and any visitor could fill the disk with them.
    """
    record = copy.copy(record)
    request = getattr(record, "request", None)
    meta = getattr(request, "META", {})
    found = meta.get(REQUEST_ID) or current_id.get()
    record.id = f" {found}" if found else ""
    if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
        record.args = tuple(shown_path(request) if each == request.path else each for each in record.args)
    if record.name == "django.security.csrf" and record.args:
        # After the reason comes the page that its sender was on.
        record.args = (str(record.args[0]).partition(" - ")[0], *record.args[1:])
    if record.name.startswith("django.security."):
        record.exc_info = record.exc_text = None
    return record


def shown_path(request: HttpRequest) -> str:
    """Return the path of a request, with … for what is secret in it. What leads nowhere may be any words."""
    # The log is set up before the applications, whose models this brings along.
    from blog.misses import UNKNOWN

    try:
        match = request.resolver_match or resolve(request.path_info)
    except Resolver404:
        return UNKNOWN_ADDRESS
    if match.view_name == UNKNOWN:
        return UNKNOWN_ADDRESS
    path = request.path
    for name in SECRET & match.kwargs.keys():
        path = path.replace(str(match.kwargs[name]), "…")
    return path


def traceback_of(formatter: logging.Formatter, error: tuple) -> list[str]:
    """Return the lines of a traceback, without addresses and rows, such as an account's name, that its errors quote."""
    text = logging.Formatter.formatException(formatter, error)
    for detail in _details(error[1]):
        text = text.replace(detail, "…")
    return [MAIL.sub("…@…", line) for line in text.splitlines() if not QUOTING.match(line)]


def _details(error: BaseException | None) -> Iterator[str]:
    """Yield what PostgreSQL says of the row, in all errors of a traceback: a row can have many lines."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        error = waiting.pop()
        if error is not None and id(error) not in seen:
            seen.add(id(error))
            if detail := getattr(getattr(error, "diag", None), "message_detail", None):
                yield detail
            waiting += [error.__cause__, error.__context__]
