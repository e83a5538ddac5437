"""What attackers put into addresses, headers and forms, and requests at random made of it."""

import io
import random
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import quote, quote_from_bytes, urlencode

from articles.tests.image_files import PAYLOAD, SVG, gradient, saved

HOST_OF_OTHERS = "evil.example"

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "BREW")

# Numbers, dates and paths that are none; markup, templates, formulas; other hosts; headers; what costs much to match.
TEXTS = [
    *("", " ", "0", "1", "2", "-1", "01", "1.5", "1e309", "NaN", "9" * 18, "9" * 40, "\u0661", "None", "on", "[]"),
    *("2026-02-30", "0000-00-00", "9999-12-31", "99:99", "en", "fr", "xx", "EN", "__all__", "id__gt", "../", "%00"),
    *("'\"><script>alert(1)</script>", "{{ 7|add:7 }}{% debug %}", "%s%n%(x)s{0}{x.y}", "=cmd|' /C calc'!A0"),
    "' OR 1=1 --",
    *("javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "/en/\r\nX-Injected: yes", "http://[", "///"),
    *(f"{before}{HOST_OF_OTHERS}" for before in ("//", "https://", "https:", "\\\\", "/\t/", "/\\", " //", "\x00//")),
    *("a\x00b", "\r\nX-Injected: yes\r\n\r\n<p>"),
    *("\u202e\ufeff\u2028", "\U0001f600" * 20, "e\u0301" * 99, "\ufffe", "a" * 5000),
    *("(" * 200, "[x](" * 300, "-" * 3000, "\u00e9 " * 2000, "a-" * 2000 + "!", "*_" * 900, "<" * 2000),
    "```\n" * 400,
]  # fmt: skip
# No UTF-8, overlong UTF-8, halves of pairs, beyond the last character.
BYTES = [b"\xff\xfe", b"\xc0\xaf\xc0\xae", b"\xe0\x80\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe9", b"\x80" * 50]
# What may stand for a part of a path, or be put into it.
PARTS = [
    *("..", ".", "%2e%2e", "..%2f..%2f..%2fetc%2fpasswd", "..%5c..%5c", "%252e%252e%252f", "%c0%ae%c0%ae%c0%af"),
    *("%00", "%0d%0aX-Injected:%20yes", "%ff", "%", "%zz", "%u002e", ";x=1", "~", "*", "%20", "%7f", "....//"),
    *("%e2%80%ae", "a" * 3000),
    *("db.sqlite3", "secret_key", ".git", "originals", "__init__.py", "index.en.md", "%3Cscript%3E", "con", "0" * 40),
]  # fmt: skip
KIND = re.compile(r"/admin/(\w+/\w+)/")
KEYS = ("object_id", "pk", "id")
VARIES = re.compile(r"{(\w+)}")

HEADERS = {
    "Accept": ["*/*", "text/html", "application/json", "a" * 500, ";;;,,,", "text/html;q*=nonsense''1"],
    "Accept-Language": ["fr", "en;q=0, fr;q=0", "*", "xx-" * 300, "fr;q=9", "\xff", "en-\x00"],
    "Accept-Encoding": ["gzip", "br", "gzip;q=0, *;q=0", "x" * 900, "br;q=1.0000001, identity;q=0"],
    "Host": [HOST_OF_OTHERS, "localhost", "", "a b", "[::1", "127.0.0.1:99999", f"127.0.0.1@{HOST_OF_OTHERS}"],
    "X-Forwarded-Host": [HOST_OF_OTHERS],
    "X-Forwarded-Proto": ["https", "javascript"],
    "X-Forwarded-For": ["127.0.0.1", "::1, 1.2.3.4", "'", "a" * 900],
    "Forwarded": [f"host={HOST_OF_OTHERS};proto=https;for=\"[::1]\""],
    "X-Original-URL": ["/admin/"],
    "X-HTTP-Method-Override": ["DELETE", "PUT"],
    "X-Requested-With": ["XMLHttpRequest"],
    "Referer": [f"https://{HOST_OF_OTHERS}/", "http://[", "\xff", "javascript:1"],
    "Origin": [f"https://{HOST_OF_OTHERS}", "null", "http://[", "\xff"],
    "Range": ["bytes=0-1", "bytes=-1", "bytes=" + "0-," * 900, "bytes=9-0", "x=1", "bytes=99999999999999999999-"],
    "If-Range": ['"x"', "yesterday"],
    "If-None-Match": ["*", '"x"', 'W/"', "\"" * 500, "\xff"],
    "If-Match": ["*", '"x"', "x"],
    "If-Modified-Since": ["Thu, 32 Foo 2026 99:99:99 GMT", "Thu, 01 Jan 9999999 00:00:00 GMT", "0", "\xff"],
    "If-Unmodified-Since": ["Thu, 01 Jan 1970 00:00:00 GMT", "x"],
    "Content-Type": [
        *("text/plain", "application/json", "multipart/form-data", "multipart/form-data; boundary=" + "x" * 300),
        *("application/x-www-form-urlencoded; charset=utf-7", "text/html; charset=nonsense", "\xff"),
        'multipart/form-data; boundary=""',
        *("multipart/form-data; boundary=a\xff", "application/x-www-form-urlencoded; charset=base64"),
        *("text/plain; charset*=nonsense''x", "text/plain; charset=undefined", "text/plain; charset=utf-16; x"),
    ],
    "Content-Encoding": ["gzip", "rot13"],
    "Cookie": ["=", "a" * 4000, "sessionid=../../x; csrftoken=\"", "messages=[[]]", "\xff=\xff", ";" * 900],
    "Authorization": ["Basic YTpi", "Bearer " + "x" * 900, "\xff"],
    "Expect": ["100-continue", "200-ok"],
    "Upgrade": ["websocket", "h2c"],
    "Connection": ["close", "keep-alive, Content-Length, Cookie", "Upgrade"],
    "TE": ["trailers", "gzip;q=0.5"],
    "Early-Data": ["1"],
    "Script-Name": ["/evil"],
    "Date": ["yesterday"],
    "Max-Forwards": ["0"],
    "Sec-Fetch-Site": ["cross-site"],
    "X-CSRFToken": ["x", "\xff"],
}  # fmt: skip


@dataclass
class Request:
    """A request as it goes over the wire; a target and the values of headers may be no UTF-8."""

    method: str
    target: bytes
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def raw(self, **others: str) -> bytes:
        headers = others | self.headers
        if self.body or self.method == "POST":
            headers.setdefault("Content-Length", str(len(self.body)))
        lines = [f"{name.replace('_', '-')}: {value}".encode("latin-1") for name, value in headers.items()]
        return b"\r\n".join([b"%s %s HTTP/1.1" % (self.method.encode(), self.target), *lines, b"", b""]) + self.body


class Chance(random.Random):
    """The one source of all that is random, so that a run can be repeated."""

    def often(self, part: float) -> bool:
        return self.random() < part

    def text(self) -> bytes:
        return self.choice(BYTES) if self.often(0.15) else self.choice(TEXTS).encode()

    def path(self, route: str, known: dict[str, list[str]]) -> bytes:
        """Return an address of a route, with what is there, or with what is not, for all that varies."""
        kind = KIND.match(route)
        own = known.get(kind[1], []) if kind else []
        path = VARIES.sub(lambda name: self._value(own if own and name[1] in KEYS else known.get(name[1], [])), route)
        if self.often(0.15):
            pieces = path.split("/")
            pieces.insert(self.randrange(len(pieces) + 1), self.choice(PARTS))
            path = "/".join(pieces)
        raw = path.encode()
        if self.often(0.05):
            place = self.randrange(len(raw) + 1)
            raw = (
                raw[:place]
                + self.choice((quote_from_bytes(self.text()[:900]).encode(), self.choice(BYTES)))
                + raw[place:]
            )
        return raw or b"/"

    def _value(self, known: list[str]) -> str:
        if known and not self.often(0.2):
            return quote(self.choice(known))
        return self.choice(PARTS) if self.often(0.5) else quote_from_bytes(self.text()[:900])

    def query(self, names: list[str], known: list[str]) -> bytes:
        pairs = []
        for _ in range(self.choice((0, 0, 1, 1, 2, 5))):
            value = self.choice(known).encode() if self.often(0.4) else self.text()[:1500]
            pairs.append((self.choice(names), value))
        query = urlencode(pairs).encode()
        return self.choice(BYTES) + query if self.often(0.03) else query

    def headers(self) -> dict[str, str]:
        names = self.sample(list(HEADERS), self.choice((0, 0, 0, 1, 2)))
        return {name: self.choice(HEADERS[name]) for name in names}

    def fields(self, fields: list[tuple[str, str]], others: list[str], known: list[str]) -> list[tuple[str, bytes]]:
        """Return what a form sends with some of it changed, left out, doubled, or sent though it was not asked for."""
        sent = [(name, value.encode(errors="replace")) for name, value in fields]
        for _ in range(self.choice((0, 1, 1, 2, 5))):
            value = self.choice(known).encode() if self.often(0.4) else self.text()
            name = self.choice(sent)[0] if sent and self.often(0.6) else self.choice(others)
            if self.often(0.85):
                sent = [pair for pair in sent if pair[0] != name]
            if self.often(0.85):
                sent.append((name, value))
        return sent


def multipart(fields: list[tuple[str, bytes]], files: list[tuple[str, str, bytes]]) -> tuple[str, bytes]:
    """Return the type and the body of a form with files, each by its field, its name and its bytes."""
    parts = [(f'name="{name}"', value) for name, value in fields]
    parts += [(f'name="{name}"; filename="{file}"\r\nContent-Type: image/png', data) for name, file, data in files]
    body = b"".join(
        b"--limit\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n" % (about.encode(), data) for about, data in parts
    )
    return "multipart/form-data; boundary=limit", body + b"--limit--\r\n"


def zipped(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


@cache
def hostile_files() -> list[tuple[str, bytes]]:
    """Return files by their names: programs in pictures, pictures that unpack to gigabytes, archives that climb."""
    picture = saved(gradient(8, 8), "PNG")
    # The width and the height that it claims, and their sum.
    bomb = bytearray(picture)
    bomb[16:24] = struct.pack(">II", 60_000, 60_000)
    bomb[29:33] = struct.pack(">I", zlib.crc32(bomb[12:29]))
    return [
        *(("a.svg", SVG), ("a.html", PAYLOAD), ("a.png", SVG), ("../../a.png", picture), ("a.png\x00.html", picture)),
        *(("a.png", picture + PAYLOAD), ("a.gif", b"GIF89a/*" + PAYLOAD), ("a.png", picture[:40]), ("a", b"")),
        ("bomb.png", bytes(bomb)),
        ("bomb.zip", zipped({"index.fr.md": bytes(30_000_000)})),
        ("climbs.zip", zipped({"../../../tmp/climbed": PAYLOAD, "/tmp/climbed": PAYLOAD})),
        ("many.zip", zipped({str(number): b"" for number in range(3000)})),
        ("index.fr.md", b"---\na: &a [*a, *a]\n---\n" + PAYLOAD),
        ("fr.po", b'msgid ""\nmsgstr "' + b"x" * 50_000),
    ]
