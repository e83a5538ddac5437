"""The settings of gunicorn, the server.

https://docs.gunicorn.org/en/stable/settings.html
"""

import errno
import os
import signal
import socket
import struct
import sys

from config.settings import HOST, PORT, SITE_URL, WEB_CONCURRENCY

# Until gunicorn listens to signals itself, Ctrl-C ends it at once and without a traceback.
signal.signal(signal.SIGINT, signal.SIG_DFL)

wsgi_app = "config.wsgi:application"
bind = f"[{HOST}]:{PORT}" if ":" in HOST else f"{HOST}:{PORT}"
workers = WEB_CONCURRENCY
worker_class = "gthread"
threads = 4
preload_app = True
keepalive = 3
graceful_timeout = 5
# Seconds that a request may pause half way.
SILENCE_LIMIT = 10
# gunicorn would open a control socket in the user's home folder.
control_socket_disable = True
# Heartbeats in memory: a busy disk must not look like a dead worker.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108, not our file
loglevel = "warning"


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
