"""What the server can do at most: applications that answer with recorded bytes, and do nothing else."""

import json
import os
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

RECORDED = json.loads(Path(os.environ["BARE_ANSWERS"]).read_text())
WSGI = {
    path: (status, [tuple(pair) for pair in pairs], body.encode("latin-1"))
    for path, (status, pairs, body) in RECORDED.items()
}
ASGI = {
    path: (int(status[:3]), [(name.encode(), value.encode("latin-1")) for name, value in pairs], body)
    for path, (status, pairs, body) in WSGI.items()
}


async def asgi(scope: dict, receive: Callable[[], Awaitable[dict]], send: Callable[[dict], Awaitable[None]]) -> None:
    status, headers, body = ASGI[scope["path"]]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def wsgi(environ: dict, start_response: Callable[[str, list[tuple[str, str]]], object]) -> Iterable[bytes]:
    status, headers, body = WSGI[environ["PATH_INFO"]]
    start_response(status, headers)
    return [body]
