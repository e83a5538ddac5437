"""A visitor's connection, with the limits that gunicorn's asgi worker does not set."""

import asyncio
import socket
from collections.abc import Callable, Iterable
from email.utils import formatdate
from http import HTTPStatus

from gunicorn import util
from gunicorn.asgi import protocol
from gunicorn.asgi.parser import CallbackRequest, ParseError
from gunicorn.asgi.protocol import ASGIProtocol

from blog.finished_page import ReadyHeaders

from .security_headers import HEADERS_WITHOUT_DJANGO

# Seconds that a visitor may be silent in the middle of a request, or take nothing of an answer.
SILENCE_LIMIT = 10
# A body that comes in more pieces than this must not be crumbled finer: each piece costs gunicorn as much as a page.
MAX_PIECES, SMALLEST_MEAN_PIECE = 1000, 16


def whole_answer(status: int, headers: Iterable[tuple[str, str]] = ()) -> bytes:
    """Return the last answer of a connection, to a request that is none: what is wrong, and nothing of the request."""
    phrase = HTTPStatus(status).phrase
    body = f"{phrase}.\n"
    lines = [f"HTTP/1.1 {status} {phrase}", "Connection: close", f"Date: {formatdate(usegmt=True)}"]
    named = {"Content-Type": "text/plain; charset=utf-8", "Content-Length": len(body), "Cache-Control": "no-store"}
    for name, value in [*(HEADERS_WITHOUT_DJANGO | named).items(), *headers]:
        lines.append(f"{name}: {value}")
    return "\r\n".join([*lines, "", body]).encode()


def write_error(connection: socket.socket, status: int, reason: str, message: str) -> None:
    """Answer to a request that is none, as `gunicorn.util` does for gunicorn's threads."""
    util.write_nonblock(connection, whole_answer(status))


def framing(headers: list[tuple], scan: Callable = protocol._scan_response_headers) -> tuple:
    """Return what gunicorn asks of headers before it sends them. To look at each takes it a tenth of a stored page."""
    if headers.__class__ is not ReadyHeaders:
        return scan(headers)
    if headers.framing is None:
        headers.framing = scan(headers)
    return headers.framing


class Connection(ASGIProtocol):
    """A connection that is closed where there are too many, or where its first request does not come.

    gunicorn bounds neither: it waits with a limit for the second request and each later one.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        self.has_ended = False
        if self.worker.nr_conns > self.cfg.worker_connections:
            self._close_transport()
            return
        # The timer that gunicorn stops when a request is there.
        self._keepalive_handle = self.worker.loop.call_later(SILENCE_LIMIT, self._keepalive_timeout)

    def eof_received(self) -> bool:
        """Return whether the connection stays open for an answer to who sent a whole request and then no more.

        gunicorn would take a form that arrived together with its end for one that broke off.
        """
        self.has_ended = True
        return self._callback_parser is not None and self._callback_parser.is_complete

    def _on_headers_complete(self) -> bool:
        self.pieces = self.size_of_pieces = 0
        parser = self._callback_parser
        if parser.http_version == (1, 1) and all(name.lower() != b"host" for name, _ in parser.headers):
            # RFC 9112, section 3.2; gunicorn refuses two, and not none.
            raise ParseError("No Host")
        return super()._on_headers_complete()

    def _will_close(self, request: CallbackRequest, response_requires_close: bool) -> bool:
        return self.worker.is_ending or super()._will_close(request, response_requires_close)

    def _on_body(self, chunk: bytes) -> None:
        self.pieces += 1
        self.size_of_pieces += len(chunk)
        if self.pieces > MAX_PIECES and self.size_of_pieces < self.pieces * SMALLEST_MEAN_PIECE:
            # gunicorn answers 400 and closes the connection.
            raise ParseError("Too many small chunks")
        super()._on_body(chunk)

    def _resume_reading(self) -> None:
        # With each request that is answered, gunicorn would read on, however many wait already.
        if not self._is_buffer_full():
            super()._resume_reading()

    def _arm_keepalive_timer(self) -> None:
        super()._arm_keepalive_timer()
        # All is answered, and no next request can come.
        if self.has_ended:
            self._keepalive_timeout()

    def _feed_callback_parser(self, data: bytes) -> bool:
        try:
            return super()._feed_callback_parser(data)
        except ValueError:
            # A length of more digits than Python reads.
            self._send_error_response(400, "Bad Request")
            self._close_transport()
            return False

    def _send_error_response(self, status: int, message: str, extra_headers: Iterable[tuple[str, str]] = ()) -> None:
        self._safe_write(whole_answer(status, extra_headers))

    async def _handle_websocket(self, *about: object) -> None:
        self._send_error_response(HTTPStatus.FORBIDDEN, "There is none.")
        self._close_transport()
