"""One page as finished bytes, plain and compressed, with all that HTTP needs to answer from them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from django.utils.http import parse_etags, parse_http_date_safe

from .content_coding import CODINGS, IDENTITY, preferred_coding

# PEP 3333.
WSGIApplication = Callable[[dict, Callable], Iterable[bytes]]

# What tells of the body alone, which a 304 has not (RFC 9110, section 15.4.5).
OF_THE_BODY = {"content-type", "content-length", "content-encoding", "content-language"}


class ReadyHeaders(list):
    """The headers of a message that is sent again and again: pairs of bytes, as ASGI has them.

    The server keeps with them what it found in them the first time; `None` until then.
    """

    __slots__ = ("framing",)

    def __init__(self, pairs: Iterable[tuple[bytes, bytes]]) -> None:
        super().__init__(pairs)
        self.framing: tuple | None = None


@dataclass(frozen=True)
class Answer:
    """A whole response: a status like "200 OK", headers, and all of the body."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes = b""

    @classmethod
    def of(cls, application: WSGIApplication, environ: dict) -> "Answer":
        """Return what a WSGI application answers to a request, read to its end."""
        started: list[tuple] = []
        parts = application(environ, lambda *start: started.append(start))
        try:
            body = b"".join(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        status, headers, *_ = started[-1]
        return cls(status, [_header(*pair) for pair in headers], body)

    def header(self, name: str) -> str:
        """Return the value of a header, named in small letters; "" where it is missing."""
        return next((value for key, value in self.headers if key.lower() == name), "")

    def changed(self, body: bytes, **headers: str) -> "Answer":
        """Return the answer with another body and some other headers: `content_encoding="br"`."""
        new = {name.replace("_", "-"): value for name, value in headers.items()} | {"content-length": str(len(body))}
        kept = [pair for pair in self.headers if pair[0].lower() not in new]
        return Answer(self.status, kept + [_header(name.title(), value) for name, value in new.items()], body)

    @cached_property
    def etag(self) -> str:
        return self.header("etag")

    @cached_property
    def modified_at(self) -> int | None:
        """Last-Modified in seconds since 1970."""
        return parse_http_date_safe(self.header("last-modified"))

    @cached_property
    def to_head(self) -> "Answer":
        return replace(self, body=b"")

    @cached_property
    def not_modified(self) -> "Answer":
        """What to say to who has it already."""
        return Answer("304 Not Modified", [pair for pair in self.headers if pair[0].lower() not in OF_THE_BODY])

    @property
    def messages(self) -> tuple[dict, dict]:
        """The answer as ASGI sends it."""
        return (
            {"type": "http.response.start", "status": int(self.status[:3]), "headers": self._ready_headers},
            {"type": "http.response.body", "body": self.body},
        )

    @cached_property
    def _ready_headers(self) -> ReadyHeaders:
        return ReadyHeaders(_as_bytes(*pair) for pair in self.headers)

    def is_known_to(self, environ: dict) -> bool:
        """Return whether the request says that its sender has this very answer (RFC 9110, section 13.2.2)."""
        tags, date = environ.get("HTTP_IF_NONE_MATCH"), environ.get("HTTP_IF_MODIFIED_SINCE")
        if (tags is None and date is None) or not self.etag or not self.status.startswith("200"):
            return False
        if tags is not None:
            return tags == self.etag or any(tag in ("*", self.etag, f"W/{self.etag}") for tag in parse_etags(tags))
        since = parse_http_date_safe(date)
        return since is not None and self.modified_at is not None and self.modified_at <= since


# Most pages have most headers in common, and share them in memory.
@lru_cache(maxsize=256)
def _header(name: str, value: str) -> tuple[str, str]:
    """Return a header as WSGI has it."""
    return name, value


@lru_cache(maxsize=256)
def _as_bytes(name: str, value: str) -> tuple[bytes, bytes]:
    """Return a header as ASGI sends it."""
    return name.lower().encode("latin-1"), value.encode("latin-1")


class FinishedPage:
    """What the application answered, in each coding that somebody wanted so far.

    Most browsers take it compressed: plain, which needs three times the room, it is kept only where one did not.
    """

    # About what an answer takes in memory beside its body.
    OVERHEAD = 1200

    def __init__(self, answer: Answer) -> None:
        self.head = answer.to_head
        self.codings = {IDENTITY: answer}
        self.is_wanted_plain = False

    @property
    def size(self) -> int:
        """The bytes that it takes in memory, about."""
        return self.OVERHEAD + sum(len(answer.body) + self.OVERHEAD for answer in self.codings.values())

    def answer_to(self, environ: dict) -> Answer | None:
        """Return the answer to a GET or HEAD; None where its coding has to be made first."""
        answer = self.codings.get(preferred_coding(environ.get("HTTP_ACCEPT_ENCODING", "")))
        if answer is None:
            return None
        if answer.is_known_to(environ):
            return answer.not_modified
        return answer.to_head if environ["REQUEST_METHOD"] == "HEAD" else answer

    def code_for(self, environ: dict) -> None:
        """Make the coding that a request wants; it takes a thousandth of a second for 30 KB."""
        coding = preferred_coding(environ.get("HTTP_ACCEPT_ENCODING", ""))
        if coding not in self.codings:
            self.codings[coding] = self._coded(coding)
        self.is_wanted_plain |= coding == IDENTITY
        if not self.is_wanted_plain:
            self.codings.pop(IDENTITY, None)

    def _coded(self, coding: str) -> Answer:
        """Return the page in a coding; plain where it is not to be compressed or would not be smaller."""
        body = self._plain_body()
        plain = replace(self.head, body=body)
        # An application that lets its pages be compressed says so.
        if coding == IDENTITY or "accept-encoding" not in self.head.header("vary").lower():
            return plain
        coded = CODINGS[coding].compress(body)
        if len(coded) >= len(body):
            return plain
        etag = {"etag": f'{self.head.etag[:-1]}-{coding}"'} if self.head.etag else {}
        return plain.changed(coded, content_encoding=coding, **etag)

    def _plain_body(self) -> bytes:
        answer = next(iter(self.codings.values()))
        coding = answer.header("content-encoding")
        return CODINGS[coding].decompress(answer.body) if coding else answer.body
