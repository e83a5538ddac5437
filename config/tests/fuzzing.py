"""Requests at random over all addresses, methods, headers and forms of the real server, as each role."""

import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPException, HTTPResponse
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from articles.tests.forms import Form, forms_on

from .hostile_requests import HOST_OF_OTHERS, METHODS, Chance, Request, hostile_files, multipart
from .routes import routes

HOST = urlsplit(settings.SITE_URL).netloc
TOKEN = "t" * 32
# In texts that readers may not see.
SECRET = "not for readers"
# A transfer coding that nobody knows (RFC 9112, section 6.1): the one answer beyond 499 that is right.
NOT_IMPLEMENTED = 501
# No line of another site's making may be among the headers.
INJECTED = "X-Injected"
# Of what a log has to tell, what nobody's request may bring about.
ALARMS = ("Traceback", " ERROR django.request", " ERROR blog", " ERROR gunicorn", " CRITICAL ")


@dataclass
class Answer:
    status: int
    headers: Message
    text: str


class Visitor:
    """Somebody with one connection after another and, where they have an account, a login that never ends."""

    def __init__(self, port: int, user=None) -> None:
        self.port, self.user = port, user
        self.socket: socket.socket | None = None
        self.cookies = {}
        self.log_in()

    def log_in(self) -> None:
        self.cookies = {settings.CSRF_COOKIE_NAME: TOKEN}
        if self.user:
            self.user.refresh_from_db()
            session = SessionStore()
            session[SESSION_KEY] = str(self.user.pk)
            session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
            session[HASH_SESSION_KEY] = self.user.get_session_auth_hash()
            session.save()
            self.cookies[settings.SESSION_COOKIE_NAME] = session.session_key

    def ask(self, request: Request) -> Answer | None:
        """Return the answer; None where the server closes the connection without one."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if "Cookie" in request.headers:
            cookies += "; " + request.headers["Cookie"]
        raw = Request(request.method, request.target, request.headers | {"Cookie": cookies}, request.body).raw(
            Host=HOST
        )
        # A connection that lasts may have been closed in the meantime.
        for _ in range(2):
            is_new = self.socket is None
            try:
                return self._answer(raw, request.method)
            except (OSError, HTTPException):
                self.close()
                if is_new:
                    return None
        return None

    def _answer(self, raw: bytes, method: str) -> Answer:
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        with suppress(BrokenPipeError, ConnectionResetError):
            self.socket.sendall(raw)
        response = HTTPResponse(self.socket, method=method)
        response.begin()
        body = response.read()
        # What follows the headers of 101 is another protocol.
        if response.will_close or response.status == 101 or b"\r\nExpect: " in raw:
            self.close()
        return Answer(response.status, response.headers, body.decode(errors="replace"))

    def close(self) -> None:
        if self.socket:
            self.socket.close()
        self.socket = None


@dataclass
class Fuzz:
    """A run as one visitor. `known` holds what is there for what varies in a route, such as slugs and keys."""

    visitor: Visitor
    known: dict[str, list[str]]
    chance: Chance
    faults: list[str] = field(default_factory=list)
    statuses: Counter = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.routes = routes()
        self.values = sorted({value for values in self.known.values() for value in values})
        self.files = hostile_files()
        # Names of fields that any form had, so that others are sent them as well.
        self.names = [
            "q",
            "page",
            "next",
            "language",
            "article",
            "unsaved",
            "to",
            "from",
            "_popup",
            "_to_field",
            "o",
            "e",
        ]
        self.seen: set[str] = set()
        self.forms: dict[tuple[str, str], Form] = {}

    def run(self, number: int) -> None:
        for _ in range(number):
            self.send(self.request())

    def request(self) -> Request:
        if self.forms and self.chance.often(0.6):
            return self._form(self.chance.choice(list(self.forms.values())))
        chance = self.chance
        method = "GET" if chance.often(0.4) else chance.choice(METHODS)
        target = chance.path(chance.choice(self.routes), self.known)
        if query := chance.query(self.names, self.values):
            target += b"?" + query
        request = Request(method, target[:8000], chance.headers())
        if method not in ("GET", "HEAD") and chance.often(0.9):
            return self._filled(request, Form("", [], ["file"]))
        if chance.often(0.05):
            request.body = chance.text()
        return request

    def _form(self, form: Form) -> Request:
        method = form.method if self.chance.often(0.9) else self.chance.choice(METHODS)
        target = form.action.encode()
        request = Request(method, target, self.chance.headers() if self.chance.often(0.15) else {})
        if method == "GET":
            request.target = target.partition(b"?")[0] + b"?" + self._encoded(form).encode()
            return request
        return self._filled(request, form)

    def _encoded(self, form: Form) -> str:
        fields = self.chance.fields(form.sent(self.chance), self.names, self.values)
        return urlencode([(name, value[:1000]) for name, value in fields if name != "csrfmiddlewaretoken"])[:6000]

    def _filled(self, request: Request, form: Form) -> Request:
        chance = self.chance
        fields = chance.fields(form.sent(chance), self.names, self.values)
        if chance.often(0.95):
            fields = [pair for pair in fields if pair[0] != "csrfmiddlewaretoken"]
            fields.append(("csrfmiddlewaretoken", TOKEN.encode()))
        files = [(name, *chance.choice(self.files)) for name in form.files if chance.often(0.8)]
        if files or chance.often(0.2):
            kind, request.body = multipart(fields, files)
        else:
            kind, request.body = "application/x-www-form-urlencoded", urlencode(fields).encode()
        request.headers = {"Content-Type": kind, "X-CSRFToken": TOKEN} | request.headers
        return request

    def send(self, request: Request) -> None:
        answer = self.visitor.ask(request)
        about = f"{request.method} {request.target[:200]!r} {request.headers!r:.300} {request.body[:600]!r}"
        if answer is None:
            self.statuses["none"] += 1
            return
        self.statuses[answer.status] += 1
        self.faults += [f"{fault}: {about}" for fault in self._wrong(request, answer)]
        where = answer.headers.get("Location", "")
        if self.visitor.user and "/login/" in where:
            # Logged out, or the password is another one.
            self.visitor.log_in()
        self._remember(request, answer)

    def _wrong(self, request: Request, answer: Answer) -> Iterator[str]:
        if answer.status >= 500 and answer.status != NOT_IMPLEMENTED:
            yield f"{answer.status}"
        if INJECTED in answer.headers:
            yield "a header of a stranger"
        host = urlsplit(answer.headers.get("Location", "").replace("\\", "/")).netloc
        if host not in ("", HOST):
            yield f"leads to {host}"
        if request.target.startswith((b"/en/", b"/fr/", b"/media/", b"/static/")) and "Set-Cookie" in answer.headers:
            yield "a reader's cookie"
        if HOST_OF_OTHERS in answer.headers.get("Set-Cookie", ""):
            yield "a cookie of a stranger"
        if "<script>alert(1)" in answer.text and "html" in answer.headers.get("Content-Type", ""):
            yield "a script of a stranger"
        if settings.SECRET_KEY in answer.text or any(
            word in answer.text for word in ("pbkdf2_sha256$", "Traceback (most")
        ):
            yield "a secret of the server"
        user = self.visitor.user
        if user and request.target.startswith(b"/admin/") and "public" in answer.headers.get("Cache-Control", ""):
            yield "a cache may keep what is somebody's"
        if SECRET in answer.text and not (user and user.get_all_permissions()):
            yield "a text that is not for readers"

    def _remember(self, request: Request, answer: Answer) -> None:
        if answer.status != 200 or "html" not in answer.headers.get("Content-Type", ""):
            return
        path = urlsplit(request.target.decode("latin-1")).path
        if path in self.seen and self.chance.often(0.8):
            return
        self.seen.add(path)
        for form in forms_on(answer.text, path):
            self.names = sorted({*self.names, *form.names})[:2000]
            # The newest of each: what a page shows changes with what is there.
            self.forms[form.method, urlsplit(form.action).path] = form
