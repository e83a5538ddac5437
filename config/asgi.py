"""The entry point that gunicorn loads (ASGI 3.0): stored pages at once, all else through Django in a few threads.

A visitor who is slow to send or to read costs a connection and never a thread: a request is read to its end before
Django sees it, and an answer is whole before it is sent.
"""

import asyncio
import io
import sys
import tempfile
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import IO
from urllib.parse import unquote_to_bytes, urlsplit
from weakref import WeakValueDictionary

from django.conf import settings
from django.utils.translation import gettext, gettext_noop, override

from blog.finished_page import Answer, WSGIApplication

from .wsgi import application as wsgi_application

# In each process; Python runs one at a time.
THREADS = 4
# Requests that wait for a thread. The next ones are told to come again.
MAX_WAITING = 200
# The largest image, and the form around it.
MAX_BODY = 24 * 1024 * 1024
# A larger body waits on the disk for its end.
MAX_BODY_IN_MEMORY = 256 * 1024
# Seconds that a body may pause.
SILENCE_LIMIT = 10

BUSY = gettext_noop("The site is busy. Try again in a moment.")
TOO_LARGE = gettext_noop("This is more than the site takes at once.")
TOO_SLOW = gettext_noop("The rest of the request did not arrive in time.")

Receive = Callable[[], Awaitable[dict]]
Send = Callable[[dict], Awaitable[None]]

# What is the same in each request (PEP 3333).
SERVER = {
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
}


class RefusedError(Exception):
    """A request that does not reach Django; the arguments are a status and what to say, in the words of gettext."""

    @property
    def answer(self) -> Answer:
        status, text = self.args
        lines = []
        for code, _name in settings.LANGUAGES:
            with override(code):
                lines.append(gettext(text) + "\n")
        body = "".join(lines).encode()
        headers = {
            "Content-Type": "text/plain; charset=utf-8",
            "Content-Length": str(len(body)),
            "Cache-Control": "no-store",
            "Retry-After": "2",
        }
        return Answer(status, list(headers.items()), body)


class ThreadedApplication:
    """An ASGI application around a WSGI application, each of whose calls has one thread from its start to its end."""

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application
        # Where Django stands alone, it is asked for everything.
        self.store = application if hasattr(application, "kept") else None
        self.threads = ThreadPoolExecutor(THREADS, thread_name_prefix="django")
        self.waiting = 0
        # One for each page that is being made: who wants the same one waits for it without a thread.
        self.turns: WeakValueDictionary[tuple, asyncio.Lock] = WeakValueDictionary()

    async def __call__(self, scope: dict, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await send({"type": "websocket.close"})
            return
        environ = environ_of(scope)
        answer = self.store and self.store.kept(environ)
        if answer is None:
            try:
                answer = await self._asked(environ, receive)
            except RefusedError as refused:
                answer = refused.answer
        if answer is not None:
            for message in answer.messages:
                await send(message)

    async def _asked(self, environ: dict, receive: Receive) -> Answer | None:
        """Return what Django answers; None where the visitor left before the end of the request."""
        body = await whole_body(environ, receive)
        if body is None:
            return None
        if self.waiting >= MAX_WAITING:
            raise RefusedError("503 Service Unavailable", BUSY)
        self.waiting += 1
        try:
            answer = await self._in_turn(environ | {"wsgi.input": body})
        finally:
            self.waiting -= 1
        return answer.to_head if environ["REQUEST_METHOD"] == "HEAD" else answer

    async def _in_turn(self, environ: dict) -> Answer:
        address = self.store and self.store.address_of(environ)
        if not address:
            return await self._in_thread(environ)
        async with self.turns.setdefault(address, asyncio.Lock()):
            # Who had the turn before may have left it in the store.
            return self.store.kept(environ) or await self._in_thread(environ)

    async def _in_thread(self, environ: dict) -> Answer:
        answer = asyncio.get_running_loop().run_in_executor(self.threads, Answer.of, self.application, environ)
        # What an author sent is saved, also where the connection breaks before the answer.
        return await (answer if environ["REQUEST_METHOD"] in ("GET", "HEAD") else asyncio.shield(answer))


def environ_of(scope: dict) -> dict:
    """Return the request as WSGI describes it, but for its body."""
    target = scope["raw_path"]
    # A client may name the whole address (RFC 9112, section 3.2.2).
    path = target if target.startswith(b"/") else urlsplit(target).path or b"/"
    environ = SERVER | {
        "REQUEST_METHOD": scope["method"],
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "wsgi.url_scheme": scope["scheme"],
    }
    environ["SERVER_NAME"], environ["SERVER_PORT"] = (str(part) for part in scope["server"] or ("localhost", ""))
    environ["REMOTE_ADDR"] = scope["client"][0] if scope["client"] else ""
    for name, value in scope["headers"]:
        key, text = variable(name), value.decode("latin-1")
        environ[key] = f"{environ[key]},{text}" if key in environ else text
    return environ


@lru_cache(maxsize=256)
def variable(header: bytes) -> str:
    """Return the name that a header has in a WSGI environment."""
    name = header.decode("latin-1").upper().replace("-", "_")
    return name if name in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{name}"


async def whole_body(environ: dict, receive: Receive) -> IO[bytes] | None:
    """Return the body of a request and note its length; None where the visitor left before its end.

    Raise RefusedError where it is too large or pauses for too long.
    """
    # Whatever it says, and however it is sent.
    chunked, length = environ.pop("HTTP_TRANSFER_ENCODING", ""), environ.get("CONTENT_LENGTH") or "0"
    if not chunked and length == "0":
        return io.BytesIO()
    if int(length) > MAX_BODY:
        raise RefusedError("413 Content Too Large", TOO_LARGE)
    body = tempfile.SpooledTemporaryFile(MAX_BODY_IN_MEMORY)  # noqa: SIM115, it outlives this function
    is_whole = False
    while not is_whole:
        try:
            async with asyncio.timeout(SILENCE_LIMIT):
                message = await receive()
        except TimeoutError:
            raise RefusedError("408 Request Timeout", TOO_SLOW) from None
        if message["type"] == "http.disconnect":
            return None
        body.write(message["body"])
        if body.tell() > MAX_BODY:
            raise RefusedError("413 Content Too Large", TOO_LARGE)
        is_whole = not message["more_body"]
    environ["CONTENT_LENGTH"] = str(body.tell())
    body.seek(0)
    return body


application = ThreadedApplication(wsgi_application)
