"""What servers answer, held against what Django makes afresh without the store of pages."""

import gzip
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPResponse
from urllib.parse import urlsplit

import brotli
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from blog.tests.crawler import OTHERS, site_path

from .server import Server

LINK = re.compile(r' href="([^"]*)"|<loc>([^<]*)</loc>')
# Each with what a server may say that it has done.
CODINGS = {"identity": {None}, "gzip": {"gzip", None}, "br": {"br", None}}
# What is said of the way and of the bytes; ETag and Last-Modified are looked at by themselves.
NOT_COMPARED = {
    "connection", "content-encoding", "content-length", "date", "etag", "last-modified", "server", "transfer-encoding",
    "x-request-id",
}  # fmt: skip


def fresh_pages(*starts: str, follows: bool = True) -> dict[str, HttpResponse]:
    """Return the answer of Django itself at some addresses, and at all that links lead to from there, files apart."""
    client = Client(headers={"Host": urlsplit(settings.SITE_URL).netloc})
    found: dict[str, HttpResponse] = {}
    waiting = list(starts)
    while waiting:
        path = waiting.pop()
        if path in found or path.startswith(OTHERS):
            continue
        found[path] = response = client.get(path)
        if not follows:
            continue
        text = "" if response.streaming or response.status_code != 200 else response.content.decode(errors="replace")
        waiting += [site_path(unescape("".join(match)), path) for match in LINK.findall(text)]
        waiting = list(filter(None, waiting))
    return {path: response for path, response in found.items() if not response.streaming}


def decoded(response: HTTPResponse) -> bytes:
    coding = response.headers.get("Content-Encoding")
    return {None: bytes, "gzip": gzip.decompress, "br": brotli.decompress}[coding](response.content)


@dataclass
class Comparison:
    """The differences found so far, each as a line."""

    faults: list[str] = field(default_factory=list)

    def compare(self, server: Server, path: str, fresh: HttpResponse, codings: Iterable[str] = CODINGS) -> None:
        for coding in codings:
            response = server.get(path, Accept_Encoding=coding)
            for fault in differences(response, fresh, coding):
                self.faults.append(f"{path} ({coding}, port {server.port}): {fault}")


def differences(response: HTTPResponse, fresh: HttpResponse, coding: str) -> list[str]:
    """Return in what an answer of a server is not what Django makes."""
    found = []
    if response.status != fresh.status_code:
        return [f"status {response.status} for {fresh.status_code}"]
    if response.headers.get("Location") != fresh.headers.get("Location"):
        found.append("Location")
    if decoded(response) != fresh.content:
        found.append(f"body: {first_difference(decoded(response), fresh.content)}")
    if response.status == 200:
        found += _differences_of_headers(response, fresh, coding)
    return found


def first_difference(one: bytes, other: bytes) -> str:
    place = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    start = max(place - 60, 0)
    return f"{one[start : place + 60]!r} for {other[start : place + 60]!r}"


def _differences_of_headers(response: HTTPResponse, fresh: HttpResponse, coding: str) -> list[str]:
    said = {name.lower(): value for name, value in response.headers.items()}
    meant = {name.lower(): value for name, value in fresh.headers.items()}
    names = (said.keys() | meant.keys()) - NOT_COMPARED
    found = [f"{name}: {said.get(name)} for {meant.get(name)}" for name in names if said.get(name) != meant.get(name)]
    if said.get("content-encoding") not in CODINGS[coding]:
        found.append("content-encoding")
    if int(said["content-length"]) != len(response.content):
        found.append("content-length")
    etag = meant["etag"]
    etag = f'{etag[:-1]}-{coding}"' if "content-encoding" in said else etag
    if said.get("etag") != etag:
        found.append(f"etag: {said.get('etag')} for {etag}")
    # Within the second of a change none is told.
    dates = {said.get("last-modified"), meant.get("last-modified")} - {None}
    if len(dates) > 1:
        found.append(f"last-modified: {dates}")
    return found
