"""The entry point that gunicorn loads (ASGI 3.0): stored pages at once, all else through Django in a few threads.

A visitor who is slow to send or to read costs a connection and never a thread: a request is read to its end before
Django sees it, and an answer is whole before it is sent.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from contextvars import copy_context
from typing import Any
from weakref import WeakValueDictionary

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_noop, override

from accounts.client_address import client_network
from blog.finished_page import Answer, WSGIApplication

from .request import Receive, RefusedError, environ_of, is_large, let_go_by, whole_body
from .request_log import WHOLE_AT, current_id, id_of
from .security_headers import HEADERS_WITHOUT_DJANGO
from .wsgi import application as wsgi_application

# In each process; Python runs one at a time.
THREADS = 4
# Of these, so many for who writes: whatever keeps writers waiting, readers' pages are made.
THREADS_OF_WRITERS = THREADS - 1
# Requests that wait for a thread. The next ones are told to come again.
MAX_WAITING = 200
# Large bodies at a time; the next ones wait unread. Each may take MAX_BODY of the disk, and a file of the process.
MAX_LARGE_BODIES = 8
# Of these, so many from one address: who drips a few would keep out what all authors save.
LARGE_BODIES_OF_ONE = 2

logger = logging.getLogger(__name__)

Send = Callable[[dict], Awaitable[None]]


class ThreadedApplication:
    """An ASGI application around a WSGI application, each of whose calls has one thread from its start to its end."""

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application
        # Where Django stands alone, it is asked for everything.
        self.store = application if hasattr(application, "kept") else None
        self.threads = ThreadPoolExecutor(THREADS, thread_name_prefix="django")
        # Whether stored pages still hold is asked in one of its own: however busy the others are, those are served.
        self.thread_of_store = ThreadPoolExecutor(1, thread_name_prefix="store")
        self.thread_of_probes = ThreadPoolExecutor(1, thread_name_prefix="probes")
        self.writers = asyncio.Semaphore(THREADS_OF_WRITERS)
        self.waiting, self.is_told_until = 0, 0.0
        self.large_bodies = asyncio.Semaphore(MAX_LARGE_BODIES)
        self.large_bodies_of: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        # One for each page that is being made: who wants the same one waits for it without a thread.
        self.turns: WeakValueDictionary[tuple, asyncio.Lock] = WeakValueDictionary()

    async def __call__(self, scope: dict, receive: Receive, send: Send) -> None:
        environ = environ_of(scope)
        answer, is_refused = self._kept(environ), False
        if answer is None:
            try:
                answer = await self._asked(environ, receive)
            except RefusedError as refused:
                answer, is_refused = refused_to(environ, str(refused)), True
            # The visitor left before the end of the request.
            if answer is None:
                return
            if environ["REQUEST_METHOD"] == "HEAD":
                answer = answer.to_head
        for message in answer.messages:
            await send(message)
        if is_refused:
            await let_go_by(receive)

    def _kept(self, environ: dict) -> Answer | None:
        # Where the store fails, the call in a thread fails as well: there it says so and lets Django answer.
        try:
            return self.store and self.store.kept(environ)
        except Exception:
            return None

    async def _asked(self, environ: dict, receive: Receive) -> Answer | None:
        """Return what the application answers to a request once it is whole."""
        current_id.set(id_of(environ))
        if self.store and self.store.address_of(environ):
            with suppress(Exception):
                if not self.store.site.is_sure():
                    await in_thread(self.thread_of_store, self.store.site.refresh)
            if answer := self._kept(environ):
                return answer
        async with self._room_for_body(environ):
            body = await whole_body(environ, receive)
            if body is None:
                return None
            return await self._in_turn(environ | {"wsgi.input": body, WHOLE_AT: time.monotonic()})

    @asynccontextmanager
    async def _room_for_body(self, environ: dict) -> AsyncIterator[None]:
        if not is_large(environ):
            yield
            return
        request = HttpRequest()
        request.META = environ
        # Who comes through a socket of the machine may be anybody.
        sender = client_network(request)
        places = LARGE_BODIES_OF_ONE if sender else MAX_LARGE_BODIES
        async with self.large_bodies_of.setdefault(sender, asyncio.Semaphore(places)), self.large_bodies:
            yield

    async def _in_turn(self, environ: dict) -> Answer:
        address = self.store and self.store.address_of(environ)
        if not address:
            return await self._from_django(environ)
        async with self.turns.setdefault(address, asyncio.Lock()):
            # Who had the turn before may have left it in the store.
            return self._kept(environ) or await self._from_django(environ)

    async def _from_django(self, environ: dict) -> Answer:
        if environ["PATH_INFO"] in settings.PROBES:
            # In the thread of no visitor.
            return await in_thread(self.thread_of_probes, Answer.of, self.application, environ)
        # Who waits for a page that another one has asked for is none of them: it costs no thread.
        if self.waiting >= MAX_WAITING:
            self._tell_that_it_is_busy()
            return refused_to(environ, "503 Service Unavailable")
        self.waiting += 1
        try:
            if environ["REQUEST_METHOD"] in ("GET", "HEAD"):
                return await in_thread(self.threads, Answer.of, self.application, environ)
            # What an author sent is saved, also where the connection breaks before the answer.
            return await asyncio.shield(self._written(environ))
        finally:
            self.waiting -= 1

    def _tell_that_it_is_busy(self) -> None:
        # Once a minute: whoever fills the site shall not fill the log.
        if (now := time.monotonic()) >= self.is_told_until:
            self.is_told_until = now + 60
            logger.warning("%d requests wait for a thread; further ones are told to come again.", self.waiting)

    async def _written(self, environ: dict) -> Answer:
        async with self.writers:
            return await in_thread(self.threads, Answer.of, self.application, environ)


def in_thread(threads: Executor, function: Callable, *arguments: Any) -> asyncio.Future:
    # As `asyncio.to_thread` does: what a thread writes to the log names the request.
    context = copy_context()
    return asyncio.get_running_loop().run_in_executor(threads, context.run, function, *arguments)


def refused_to(environ: dict, status: str) -> Answer:
    """Return the answer to a request that never reaches Django."""
    answer = REFUSALS[status]
    return answer.changed(answer.body, x_request_id=id_of(environ))


def refusal(status: str, text: str) -> Answer:
    """Return an answer that does without Django, and so is in all languages."""
    lines = []
    for code, _name in settings.LANGUAGES:
        with override(code):
            lines.append(gettext(text) + "\n")
    body = "".join(lines).encode()
    headers = HEADERS_WITHOUT_DJANGO | {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": str(len(body)),
        "Cache-Control": "no-store",
        "Retry-After": "2",
    }
    return Answer(status, list(headers.items()), body)


NO_ROOM = gettext_noop(
    "The disk of the server is full, and nothing is saved. "
    "Go back in your browser: what you typed is still in the form."
)

# Made beforehand: reading a catalogue takes a while, and the site is busy enough then.
REFUSALS = {
    status: refusal(status, text)
    for status, text in (
        ("408 Request Timeout", gettext_noop("The rest of the request did not arrive in time.")),
        ("413 Content Too Large", gettext_noop("This is more than the site takes at once.")),
        ("503 Service Unavailable", gettext_noop("The site is busy. Try again in a moment.")),
        ("507 Insufficient Storage", NO_ROOM),
    )
}

application = ThreadedApplication(wsgi_application)
