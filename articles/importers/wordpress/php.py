"""What PHP's serialize() writes, as far as plugins of languages need it: maps of words and numbers; nothing is run."""

import re
from html import unescape

MAX_DEPTH = 5
NUMBER = re.compile(rb"[id]:(-?\d{1,18}(?:\.\d+)?(?:[eE][+-]?\d+)?);")
TRUTH = re.compile(rb"b:([01]);")
WORDS = re.compile(rb's:(\d{1,9}):"')
MAP = re.compile(rb"a:(\d{1,6}):\{")


class Unreadable(ValueError):
    """Something else than a map of words, numbers and maps."""


def unserialized(text: str) -> dict:
    """Return the map that a text holds; {} where it holds none or is broken."""
    source = (unescape(text) if "&quot;" in text else text).strip().encode()
    try:
        value, end = _value(source, 0, 0)
    except Unreadable:
        return {}
    return value if isinstance(value, dict) and end == len(source) else {}


def _value(source: bytes, at: int, depth: int) -> tuple[object, int]:
    if match := NUMBER.match(source, at):
        return (float(match[1]) if match[0][:1] == b"d" else int(float(match[1]))), match.end()
    if match := TRUTH.match(source, at):
        return match[1] == b"1", match.end()
    if source.startswith(b"N;", at):
        return None, at + 2
    if match := WORDS.match(source, at):
        end = match.end() + int(match[1])
        if source[end : end + 2] != b'";':
            raise Unreadable
        return source[match.end() : end].decode(errors="replace"), end + 2
    if match := MAP.match(source, at):
        return _map(source, match.end(), int(match[1]), depth)
    raise Unreadable


def _map(source: bytes, at: int, count: int, depth: int) -> tuple[dict, int]:
    if depth >= MAX_DEPTH:
        raise Unreadable
    result = {}
    for _ in range(count):
        key, at = _value(source, at, MAX_DEPTH)
        if isinstance(key, dict):
            raise Unreadable
        result[key], at = _value(source, at, depth + 1)
    if source[at : at + 1] != b"}":
        raise Unreadable
    return result, at + 1
