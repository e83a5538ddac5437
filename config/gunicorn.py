"""The settings of gunicorn, the server.

https://docs.gunicorn.org/en/stable/settings.html
"""

import errno
import gc
import os
import signal
import socket
import struct
import sys

from gunicorn import util
from gunicorn.asgi import protocol as asgi_protocol
from gunicorn.workers import gasgi

from config.connection import SILENCE_LIMIT, Connection, framing, write_error
from config.settings import HOST, PORT, REDIS_URL, SITE_URL, WEB_CONCURRENCY

# Until gunicorn listens to signals itself, Ctrl-C ends it at once and without a traceback.
if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)

# `gunicorn --config config/gunicorn.py --worker-class gthread config.wsgi` serves the same, at a third of the speed.
wsgi_app = "config.asgi:application"
bind = f"[{HOST}]:{PORT}" if ":" in HOST else f"{HOST}:{PORT}"
workers = WEB_CONCURRENCY
worker_class = "config.worker.Worker"
asgi_loop = "uvloop"
asgi_lifespan = "off"
# The one in C, which gunicorn takes where it finds it, reads a header line without an end.
http_parser = "python"
# Below what most systems let a process open, 1024 files.
worker_connections = 800
preload_app = True
keepalive = 3
graceful_timeout = 5
# No header moves the site to another path; gunicorn would believe a proxy on this machine that passes one on.
forwarder_headers = ""
# Nor does any but X-Forwarded-Proto, which Django reads, tell that a visitor came through TLS.
secure_scheme_headers = {}
# gunicorn would open a control socket in the user's home folder.
control_socket_disable = True
# Heartbeats in memory: a busy disk must not look like a dead worker.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108, not our file
loglevel = "warning"
logger_class = "config.server_log.ServerLog"

gasgi.ASGIProtocol = Connection
# Also what never reaches the site is answered with the headers that protect readers.
util.write_error = write_error
# Nobody needs to know which program serves.
asgi_protocol._CACHED_SERVER_HEADER = b""
asgi_protocol._scan_response_headers = framing

# Stored pages come from the thread of the event loop: it gets in ten times as often among those that make pages.
sys.setswitchinterval(0.0005)


def on_starting(server) -> None:
    """Stop with one line where the address cannot be used; gunicorn would retry and log five times."""
    if server.cfg.worker_class_str == "gthread":
        # The asgi worker has no use for this, and says so.
        server.cfg.set("threads", 4)
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


def pre_fork(server, worker) -> None:
    """Leave what is loaded out of each later search for garbage: it is shared for longer, and pauses are shorter."""
    gc.freeze()


def when_ready(server) -> None:
    """Say where the site is, and let no visitor hold it up with a request or an answer that stops half way.

    gunicorn would wait without end. Connections take the limits over from the socket that accepts them (SO_RCVTIMEO
    for a thread that reads, https://man7.org/linux/man-pages/man7/socket.7.html; TCP_USER_TIMEOUT for what nobody
    takes, https://man7.org/linux/man-pages/man7/tcp.7.html).
    """
    for listener in server.LISTENERS:
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", SILENCE_LIMIT, 0))
        # Linux alone has it.
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            listener.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, SILENCE_LIMIT * 1000)
    if REDIS_URL and server.cfg.preload_app:
        # That Redis is not there is told now, and not when the first visitor searches.
        from config.throttling import COUNTERS

        COUNTERS.count("start", 1)
    # What readers type may lead here by a proxy only.
    where = "" if f"http://{bind}" == SITE_URL else f", listening on {bind}"
    print(f"Serving {SITE_URL}/ (admin: {SITE_URL}/admin/){where}. Ctrl-C stops.", flush=True)
