"""What tests of the real server begin with: something to read, and a connection on which each byte is theirs."""

import socket
from contextlib import suppress
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import TransactionTestCase

from articles.tests.examples import live, make_article

from .server import Server

HOST = urlsplit(settings.SITE_URL).netloc


def request(line: str, *headers: str, body: bytes = b"") -> bytes:
    return "\r\n".join([f"{line} HTTP/1.1", f"Host: {HOST}", *headers, "", ""]).encode() + body


class Caller:
    """A connection on which each byte is ours."""

    def __init__(self, server: Server, *parts: bytes, receive_buffer: int = 0):
        self.socket = socket.socket()
        self.socket.settimeout(20)
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.connect(("127.0.0.1", server.port))
        for part in parts:
            self.send(part)

    def send(self, data: bytes) -> None:
        # Who is shown the door while speaking still reads what was said.
        with suppress(BrokenPipeError, ConnectionResetError):
            self.socket.sendall(data)

    def rest(self) -> bytes:
        """Return all until the server closes the connection."""
        received = b""
        with self.socket, suppress(ConnectionResetError):
            while data := self.socket.recv(65_536):
                received += data
        return received

    def status(self) -> int:
        return int(self.rest().split(b" ", 2)[1])


class ServerTestCase(TransactionTestCase):
    def setUp(self):
        make_article("one", en=live("One", slug="one"), fr=live("Un", slug="un"))

    def session(self) -> str:
        """Return the cookies of a superuser."""
        self.client.force_login(get_user_model().objects.create_superuser("admin", "admin@example.org"))
        return f"{settings.SESSION_COOKIE_NAME}={self.client.cookies[settings.SESSION_COOKIE_NAME].value}"
