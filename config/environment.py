"""Readers of environment variables that refuse a bad value with one line that names the variable."""

import os
import re
import zoneinfo
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

# A connection outlives its request: to open one costs more than what most pages ask of it. One to a file goes on with
# that file where somebody puts another one in its place, and what an author saves then would be lost.
CONNECTION_SECONDS = {"sqlite": 1, "postgres": 60, "postgresql": 60}

# One URI on one line (RFC 9116, section 2.5.3).
CONTACT = re.compile(r"mailto:[^\s@<>]+@[^\s@<>]+|https://[^\s<>]+", re.ASCII)


def text(name: str, default: str = "") -> str:
    """Return the variable without surrounding white space; unset and empty both mean `default`."""
    return os.environ.get(name, "").strip() or default


def secret(name: str, file: Path) -> str:
    """Return the variable, else what the file holds, else ""."""
    try:
        return text(name) or file.read_text().strip()
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeError) as error:
        raise ImproperlyConfigured(f"{name} is not set, and its file cannot be read: {error}.") from None


def held_in(file: str, name: str) -> str:
    """Return what the file holds that the variable `name` names, without white space around it; "" without a file."""
    if not file:
        return ""
    try:
        found = Path(file).read_text().strip()
    except (OSError, UnicodeError) as error:
        raise ImproperlyConfigured(f"{name} is a file that cannot be read: {error}.") from None
    if not found:
        raise ImproperlyConfigured(f"{name} is an empty file: {file}.")
    return found


def switch(name: str, default: bool = False) -> bool:
    """Return True for 1, true, yes or on, False for 0, false, no or off, in any case."""
    value = text(name).lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    if not value:
        return default
    raise ImproperlyConfigured(f"{name} is {value!r}; write 1 or 0.")


def choice(name: str, default: str, values: list[str]) -> str:
    """Return one of a few words, in any case."""
    value = text(name, default).lower()
    if value not in values:
        raise ImproperlyConfigured(f"{name} is {value!r}; write {' or '.join(values)}.")
    return value


def integer(name: str, default: int, lowest: int, highest: int) -> int:
    """Return a whole number from `lowest` to `highest`, both included."""
    value = text(name, str(default))
    if not (value.isascii() and value.isdigit() and len(value) < 10 and lowest <= int(value) <= highest):
        raise ImproperlyConfigured(f"{name} is {value!r}; write a whole number from {lowest} to {highest}.")
    return int(value)


def origin(name: str, default: str) -> SplitResult:
    """Return an origin (RFC 6454), scheme://host[:port] without a path, split into its parts."""
    value = text(name, default).rstrip("/")
    try:
        parts = urlsplit(value)
        valid = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
        valid = valid and value == f"{parts.scheme}://{parts.netloc}" and "@" not in parts.netloc
    except ValueError:
        valid = False
    if not valid or any(character.isspace() for character in value):
        raise ImproperlyConfigured(
            f"{name} is {value!r}; write the address readers type, without a path, like https://blog.example.org."
        )
    # As browsers write it in Host and Origin.
    is_default = parts.port == {"http": 80, "https": 443}[parts.scheme]
    netloc = parts.netloc.lower()
    return parts._replace(netloc=netloc.rpartition(":")[0] if is_default else netloc)


def contact(name: str) -> str:
    """Return a URI of whom to write to, https: or mailto:, which a plain mail address becomes; "" where it is unset."""
    value = text(name)
    if "@" in value and ":" not in value:
        value = f"mailto:{value}"
    if value and not CONTACT.fullmatch(value):
        raise ImproperlyConfigured(f"{name} is {value!r}; write a mail address, or a page’s like https://example.org/.")
    return value


def time_zone(name: str, default: str) -> str:
    """Return the name of a time zone that the IANA database knows, like Europe/Paris."""
    value = text(name, default)
    try:
        zoneinfo.ZoneInfo(value)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise ImproperlyConfigured(f"{name} is {value!r}; write a name like Europe/Paris or UTC.") from None
    return value


def redis(name: str) -> str:
    """Return the address of a Redis, like redis://localhost:6379/0; "" where there is none."""
    value = text(name)
    if not value:
        return ""
    from redis.connection import parse_url

    try:
        parse_url(value)
        parts = urlsplit(value)
        # redis-py takes a database that is no number for none.
        is_numbered = parts.path.strip("/").isdigit() or parts.path in {"", "/"}
        valid = bool(parts.path) if parts.scheme == "unix" else bool(parts.hostname) and is_numbered
    except ValueError:
        valid = False
    if not valid:
        # The value can hold a password: the message must not repeat it.
        raise ImproperlyConfigured(
            f"{name} is not understood; write redis://host:6379/0, rediss:// for TLS, or unix:///folder/socket."
        )
    return value


def database(name: str, default: str, password: str = "") -> dict:
    """Return Django's description of the database behind a `sqlite:` or `postgresql:` address.

    `password` is for an address that has none.
    """
    value = text(name, default)
    # The value can hold a password: the message must not repeat it.
    problem = ImproperlyConfigured(
        f"{name} is not understood; write sqlite:////folder/file or postgresql://user:password@host/name."
    )
    seconds = CONNECTION_SECONDS.get(value.partition(":")[0])
    if seconds is None:
        raise problem
    try:
        found = dj_database_url.parse(value, conn_max_age=seconds, conn_health_checks=True)
    except (ValueError, KeyError):
        raise problem from None
    return found | {"PASSWORD": found["PASSWORD"] or password}
