"""HTTP/2 byte by byte (RFC 9113, with headers as RFC 7541 lets them be written plainly): also what no client sends."""

import socket
import struct
from contextlib import suppress

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RESET, SETTINGS, PING, GOAWAY = 0, 1, 3, 4, 6, 7
END_STREAM, END_HEADERS = 1, 4

Fields = list[tuple[bytes, bytes]]


def frame(kind: int, flags: int, stream: int, payload: bytes = b"") -> bytes:
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def block(fields: Fields) -> bytes:
    """Return a header block whose fields are literals, without index and without compression."""
    return b"".join(b"\x00" + _text(name) + _text(value) for name, value in fields)


def _text(data: bytes) -> bytes:
    if len(data) < 127:
        return bytes([len(data)]) + data
    rest, coded = len(data) - 127, b"\x7f"
    while rest >= 128:
        coded, rest = coded + bytes([rest % 128 + 128]), rest // 128
    return coded + bytes([rest]) + data


def request(fields: Fields, body: bytes | None = None, trailers: Fields | None = None) -> bytes:
    """Return the frames of the first request of a connection."""
    sent = frame(HEADERS, END_HEADERS | (END_STREAM if body is None else 0), 1, block(fields))
    if body is not None:
        sent += frame(DATA, 0 if trailers else END_STREAM, 1, body)
    if trailers:
        sent += frame(HEADERS, END_HEADERS | END_STREAM, 1, block(trailers))
    return sent


def answer(connection: socket.socket, sent: bytes) -> list[tuple[int, int, bytes]]:
    """Send a request, and return the frames of what is answered: each its kind, its flags and its payload."""
    connection.sendall(PREFACE + frame(SETTINGS, 0, 0) + sent)
    received, frames = b"", []
    with suppress(OSError):
        while data := connection.recv(65_536):
            received += data
            while len(received) >= 9 and len(received) >= 9 + (length := int.from_bytes(received[:3], "big")):
                kind, flags = received[3], received[4]
                frames.append((kind, flags, received[9 : 9 + length]))
                received = received[9 + length :]
                is_end = kind in (RESET, GOAWAY) or (kind in (DATA, HEADERS) and flags & END_STREAM)
                if is_end:
                    return frames
    return frames
