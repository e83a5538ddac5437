"""The settings of gunicorn, the server.

https://docs.gunicorn.org/en/stable/settings.html
"""

import errno
import os
import signal
import socket
import struct
import sys

from gunicorn.workers import gasgi

from config.settings import HOST, PORT, SITE_URL, WEB_CONCURRENCY

# Until gunicorn listens to signals itself, Ctrl-C ends it at once and without a traceback.
signal.signal(signal.SIGINT, signal.SIG_DFL)

# `gunicorn --config config/gunicorn.py --worker-class gthread config.wsgi` serves the same, at a third of the speed.
wsgi_app = "config.asgi:application"
bind = f"[{HOST}]:{PORT}" if ":" in HOST else f"{HOST}:{PORT}"
workers = WEB_CONCURRENCY
worker_class = "asgi"
asgi_loop = "uvloop"
asgi_lifespan = "off"
# The one in C, which gunicorn takes where it finds it, reads a header line without an end.
http_parser = "python"
# Below what most systems let a process open, 1024 files.
worker_connections = 800
preload_app = True
keepalive = 3
graceful_timeout = 5
# Seconds that a visitor may take to send the first request, and a thread waits for the rest of one.
SILENCE_LIMIT = 10
# gunicorn would open a control socket in the user's home folder.
control_socket_disable = True
# Heartbeats in memory: a busy disk must not look like a dead worker.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108, not our file
loglevel = "warning"


class Connection(gasgi.ASGIProtocol):
    """A connection that is closed where there are too many, or where its first request does not come.

    gunicorn bounds neither: it waits with a limit for the second request and each later one.
    """

    def connection_made(self, transport) -> None:
        super().connection_made(transport)
        if self.worker.nr_conns > self.cfg.worker_connections:
            transport.close()
        # The timer that gunicorn stops when a request is there.
        self._keepalive_handle = self.worker.loop.call_later(SILENCE_LIMIT, self._keepalive_timeout)


gasgi.ASGIProtocol = Connection


def on_starting(server) -> None:
    """Stop with one line where the address cannot be used; gunicorn would retry and log five times."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(HOST, PORT, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        advice = "Check HOST."
        if error.errno == errno.EADDRINUSE:
            advice = f"Stop the program that uses it, or choose another port: PORT={PORT % 65535 + 1} ./run"
        sys.exit(f"Cannot listen on {HOST}, port {PORT}: {error.strerror}. {advice}")


def when_ready(server) -> None:
    """Say where the site is, and let no visitor hold a thread with a request that stops half way.

    gunicorn would wait for the rest without end. Connections take the limit over from the socket that accepts them
    (SO_RCVTIMEO, https://man7.org/linux/man-pages/man7/socket.7.html).
    """
    for listener in server.LISTENERS:
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", SILENCE_LIMIT, 0))
    print(f"Serving {SITE_URL}/ (admin: {SITE_URL}/admin/). Ctrl-C stops.", flush=True)
