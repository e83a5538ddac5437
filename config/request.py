"""A request as WSGI describes it (PEP 3333), made of what ASGI hands over piece by piece."""

import asyncio
import io
import logging
import re
import sys
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import lru_cache
from typing import IO
from urllib.parse import unquote_to_bytes

from .connection import SILENCE_LIMIT

logger = logging.getLogger(__name__)

# The largest image, and the form around it.
MAX_BODY = 24 * 1024 * 1024
# A larger body waits on the disk for its end.
MAX_BODY_IN_MEMORY = 64 * 1024
# Seconds for the whole of a body: the largest one at two thirds of a megabit a second. Who drips would hold a place
# among the large ones for ever.
TIME_LIMIT = 300
# Seconds for which the rest of a refused body is let go by.
PATIENCE = 5

Receive = Callable[[], Awaitable[dict]]

HOST_OF_TARGET = re.compile(rb"\A[A-Za-z][A-Za-z0-9+.-]*://[^/]*")


class RefusedError(Exception):
    """A body that is not read to its end; the argument is the status to answer with."""


def environ_of(scope: dict) -> dict:
    """Return the request but for its body."""
    path, query = scope["raw_path"], scope["query_string"]
    if path[:1] != b"/" or b"#" in path or b"#" in query:
        path, query = plain_target(path, query)
    host, port = scope["server"] or ("localhost", "")
    environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": (unquote_to_bytes(path) if b"%" in path else path).decode("latin-1"),
        "QUERY_STRING": query.decode("latin-1"),
        "SERVER_NAME": str(host),
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": scope["client"][0] if scope["client"] else "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        key, text = variable(name), value.decode("latin-1")
        environ[key] = f"{environ[key]},{text}" if key in environ else text
    return environ


def plain_target(path: bytes, query: bytes) -> tuple[bytes, bytes]:
    """Return path and query without the host that a client may name (RFC 9112, section 3.2.2), and without what
    follows #, which browsers keep for themselves."""
    path, _, query = (path + b"?" + query).partition(b"#")[0].partition(b"?")
    return HOST_OF_TARGET.sub(b"", path, count=1), query


@lru_cache(maxsize=256)
def variable(header: bytes) -> str:
    """Return the name that a header has in a WSGI environment."""
    name = header.decode("latin-1").upper().replace("-", "_")
    return name if name in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{name}"


def is_large(environ: dict) -> bool:
    """Return whether the body is one for the disk, as far as it can be told before its end."""
    return "HTTP_TRANSFER_ENCODING" in environ or int(environ.get("CONTENT_LENGTH") or 0) > MAX_BODY_IN_MEMORY


async def whole_body(environ: dict, receive: Receive) -> IO[bytes] | None:
    """Return the body of a request and note its length; None where the visitor left before its end.

    Raise RefusedError where it is too large, pauses or takes for too long, or finds no room.
    """
    # Whatever it says, and however it is sent.
    chunked, length = environ.pop("HTTP_TRANSFER_ENCODING", ""), environ.get("CONTENT_LENGTH") or "0"
    if not chunked and length == "0":
        return io.BytesIO()
    if int(length) > MAX_BODY:
        raise RefusedError("413 Content Too Large")
    body = tempfile.SpooledTemporaryFile(MAX_BODY_IN_MEMORY)  # noqa: SIM115, it outlives this function
    try:
        async with asyncio.timeout(TIME_LIMIT), asyncio.timeout(SILENCE_LIMIT) as silence:
            is_whole = False
            while not is_whole:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return None
                body.write(message["body"])
                if body.tell() > MAX_BODY:
                    raise RefusedError("413 Content Too Large")
                is_whole = not message["more_body"]
                _put_off(silence)
    # A kind of OSError, which says the same of the disk.
    except TimeoutError:
        raise RefusedError("408 Request Timeout") from None
    except OSError as error:
        logger.error("A request finds no room in the folder for temporary files: %s", error)
        raise RefusedError("507 Insufficient Storage") from None
    environ["CONTENT_LENGTH"] = str(body.tell())
    body.seek(0)
    return body


def _put_off(silence: asyncio.Timeout) -> None:
    """Let the silence that is allowed begin anew, now and then: some send a byte at a time, and timers cost more."""
    # Python 3.11 lets a piece that arrives in the very moment pass (https://github.com/python/cpython/issues/86296).
    if silence.expired():
        raise TimeoutError
    end = asyncio.get_running_loop().time() + SILENCE_LIMIT
    if end > (silence.when() or 0) + SILENCE_LIMIT / 10:
        silence.reschedule(end)


async def let_go_by(receive: Receive) -> None:
    """Take in the rest of a body that is refused, for a while.

    A connection that is closed upon somebody who still sends tears the answer away from them (RFC 9112, section 9.6).
    """
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE) as patience:
            while (await receive()).get("more_body") and not patience.expired():
                pass
