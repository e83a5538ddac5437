"""Misconfigurations that would hurt, each with what to do; `manage.py check` and every other command tell them.

`check --deploy` tells those as well that a set-up mends by itself; settings.py silences those of Django's own that this
site has decided otherwise. https://docs.djangoproject.com/en/5.2/topics/checks/
"""

import ipaddress
import os
import resource
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

# On these, SQLite's log of writes is not shared between machines, and locks are not to be relied upon.
NETWORK_FILE_SYSTEMS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "ceph", "glusterfs", "fuse.sshfs"}
# The modes of PostgreSQL's client that never go without TLS.
ENCRYPTED = {"require", "verify-ca", "verify-full"}
# As config/gunicorn.py counts on.
OPEN_FILES = 1024
# What containers are told by: Docker, Podman, Kubernetes.
CONTAINER_MARKS = ("/.dockerenv", "/run/.containerenv", "/var/run/secrets/kubernetes.io")


def checked(deploy: bool = False) -> Callable:
    """Register a function that yields messages; one for a deployment is asked by `check --deploy` alone."""

    def registered(check: Callable[[], Iterator[CheckMessage]]) -> Callable:
        register(lambda app_configs=None, **kwargs: list(check()), "site", deploy=deploy)
        return check

    return registered


def is_local(host: str | None) -> bool:
    """Return whether a host is this machine."""
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return (host or "").rpartition(".")[2].lower() in {"", "localhost"}


def is_public() -> bool:
    return not is_local(urlsplit(settings.SITE_URL).hostname)


def is_https() -> bool:
    return settings.SITE_URL.startswith("https:")


@checked()
def site_url() -> Iterator[CheckMessage]:
    if not is_public():
        return
    if settings.DEBUG:
        hint = "Unset DEBUG; or leave SITE_URL at this machine while you work on the code."
        yield Error("DEBUG shows code and settings to every visitor of SITE_URL.", hint=hint, id="site.E001")
    if not is_https():
        hint = "Put a proxy that ends TLS in front, and write SITE_URL with https."
        yield Warning("Passwords and sessions travel to SITE_URL readable by everybody.", hint=hint, id="site.W002")
    if len(settings.SECRET_KEY) < 32 or len(set(settings.SECRET_KEY)) < 5:
        hint = "Unset SECRET_KEY, so that the set-up makes one in var/secret_key; or write 50 random characters."
        yield Warning("SECRET_KEY can be guessed, and what it signs be forged.", hint=hint, id="site.W003")


@checked()
def private_files() -> Iterator[CheckMessage]:
    database, files = settings.DATABASES["default"], [settings.SECRET_KEY_FILE]
    if database["ENGINE"].endswith("sqlite3"):
        files.append(database["NAME"])
    for file in map(Path, files):
        if is_public() and is_open_to_others(file):
            hint = f"Call: chmod 600 {file}"
            yield Warning(f"Every account of this machine can read {file.name}.", hint=hint, id="site.W004")


def is_open_to_others(file: Path) -> bool:
    try:
        modes = file.stat().st_mode, file.parent.stat().st_mode
    except OSError:
        return False
    return bool(modes[0] & stat.S_IROTH and modes[1] & stat.S_IXOTH)


@checked()
def listening() -> Iterator[CheckMessage]:
    if is_https() and not is_local(settings.HOST) and not any(map(os.path.exists, CONTAINER_MARKS)):
        hint = "Set HOST to 127.0.0.1, or let a firewall admit the proxy alone."
        yield Warning(
            f"The server listens on {settings.HOST}: who goes round the proxy has no TLS, and can claim any address.",
            hint=hint,
            id="site.W005",
        )


@checked()
def proxies() -> Iterator[CheckMessage]:
    if is_https() and not settings.TRUSTED_PROXIES:
        hint = "Unset TRUSTED_PROXIES, or write how many proxies add an address to X-Forwarded-For."
        words = "All visitors have the address of the proxy that ends TLS: limits and lock-outs meet everybody at once."
        yield Warning(words, hint=hint, id="site.W012")


@checked()
def database() -> Iterator[CheckMessage]:
    found = settings.DATABASES["default"]
    if found["ENGINE"].endswith("sqlite3"):
        kind = file_system(Path(found["NAME"]).parent)
        if kind in NETWORK_FILE_SYSTEMS:
            hint = "Put the file on a disk of this machine, or use PostgreSQL: DATABASE_URL."
            words = f"The database is on a network file system ({kind}), where it breaks."
            yield Error(words, hint=hint, id="site.E006")
    elif is_far(found.get("HOST")) and found.get("OPTIONS", {}).get("sslmode") not in ENCRYPTED:
        hint = "End DATABASE_URL in ?sslmode=verify-full, or in ?sslmode=require."
        yield Warning("Texts and passwords may travel to the database unencrypted.", hint=hint, id="site.W007")


def is_far(host: str | None) -> bool:
    """Return whether a host is beyond this machine and its private networks, where containers name each other."""
    try:
        return not ipaddress.ip_address(host or "").is_private
    except ValueError:
        return "." in (host or "").strip("/.") and not (host or "").startswith("/") and not is_local(host)


def file_system(folder: Path) -> str:
    """Return the kind of the file system that a folder is on, "" where the machine does not tell."""
    folder, found = folder.resolve(), ("", "")
    try:
        mounts = Path("/proc/self/mounts").read_text(errors="replace").splitlines()
    except OSError:
        return ""
    for _device, place, kind, *_options in map(str.split, mounts):
        # The longest is the nearest; of two at one place, the later one hides the other.
        if folder.is_relative_to(place) and len(place) >= len(found[0]):
            found = place, kind
    return found[1]


@checked()
def memory() -> Iterator[CheckMessage]:
    needed = settings.WEB_CONCURRENCY * settings.PAGE_STORE_MEGABYTES
    there = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 10**6
    if needed > there // 2:
        hint = "Lower PAGE_STORE_MEGABYTES or WEB_CONCURRENCY."
        words = f"The stores of pages may grow to {needed} MB, and this machine has {there} MB in all."
        yield Warning(words, hint=hint, id="site.W008")


@checked()
def counters() -> Iterator[CheckMessage]:
    redis = urlsplit(settings.REDIS_URL)
    if redis.scheme == "redis" and is_far(redis.hostname):
        hint = "Write REDIS_URL with rediss: instead of redis:."
        yield Warning("Visitors' addresses travel to REDIS_URL unencrypted.", hint=hint, id="site.W015")


@checked(deploy=True)
def open_files() -> Iterator[CheckMessage]:
    allowed, _most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if allowed < OPEN_FILES:
        hint = f"Call ulimit -n {OPEN_FILES} before the server starts; systemd says LimitNOFILE."
        yield Warning(f"A process may open {allowed} files; visitors will be turned away.", hint=hint, id="site.W009")


@checked()
def mail() -> Iterator[CheckMessage]:
    if settings.EMAIL_USE_SSL and settings.EMAIL_USE_TLS:
        hint = "Unset EMAIL_USE_TLS for a server that encrypts from the first byte on, else EMAIL_USE_SSL."
        yield Error("EMAIL_USE_SSL and EMAIL_USE_TLS exclude each other: no mail is sent.", hint=hint, id="site.E013")
    is_encrypted = settings.EMAIL_USE_SSL or settings.EMAIL_USE_TLS
    if settings.EMAIL_HOST and not (is_encrypted or is_local(settings.EMAIL_HOST)):
        hint = "Set EMAIL_USE_TLS=1, or EMAIL_USE_SSL=1 for port 465."
        yield Warning("Links for new passwords travel to EMAIL_HOST unencrypted.", hint=hint, id="site.W014")


@checked()
def mail_server() -> Iterator[CheckMessage]:
    host, port, is_ssl = settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_SSL
    if settings.EMAIL_HOST_USER and not host:
        hint = "Set EMAIL_HOST, or unset EMAIL_HOST_USER and EMAIL_HOST_PASSWORD."
        yield Warning("No server for mail is named: the login offers no new password.", hint=hint, id="site.W016")
    if not host:
        return
    # An address of IPv6 has more colons than the one before a port.
    if set("/@ ") & set(host) or host.count(":") == 1:
        hint = "Write the name of the server alone; its port is EMAIL_PORT."
        yield Error("EMAIL_HOST is not the name of a server: no mail is sent.", hint=hint, id="site.E017")
    if bool(settings.EMAIL_HOST_USER) != bool(settings.EMAIL_HOST_PASSWORD):
        hint = "Set EMAIL_HOST_USER and EMAIL_HOST_PASSWORD, or neither."
        yield Warning("Without name and password the site does not log in to EMAIL_HOST.", hint=hint, id="site.W018")
    if (port, is_ssl) in {(465, False), (587, True)}:
        hint = "Port 465 goes with EMAIL_USE_SSL=1, port 587 without it."
        yield Warning("EMAIL_PORT and EMAIL_USE_SSL contradict each other: no mail is sent.", hint=hint, id="site.W019")
    if "@" not in settings.DEFAULT_FROM_EMAIL:
        hint = "Write it like no-reply@example.org."
        yield Error("DEFAULT_FROM_EMAIL is no mail address: no mail is sent.", hint=hint, id="site.E020")


@checked()
def image_formats() -> Iterator[CheckMessage]:
    # Not with the settings, which commands read that need no Pillow.
    from articles.images.decoding import missing_formats

    if missing := missing_formats():
        hint = (
            "AVIF needs the C++ library of the system: apt-get install libstdc++6. "
            "All else is in Pillow as PyPI has it: .venv/bin/pip install --force-reinstall --no-deps pillow"
        )
        words = f"Pillow cannot read and write {', '.join(missing)} on this machine: no image can be stored."
        yield Error(words, hint=hint, id="site.E021")


@checked(deploy=True)
def set_up() -> Iterator[CheckMessage]:
    if not (Path(settings.STATIC_ROOT) / "staticfiles.json").is_file():
        hint = "Call: ./run manage collectstatic, or start the site with ./run, which sets it up."
        yield Error("The static files are not collected: every page will fail.", hint=hint, id="site.E010")
    if not list(Path(settings.LOCALE_PATHS[0]).glob("*/LC_MESSAGES/django.mo")):
        hint = "Call: ./run manage compilemessages, or start the site with ./run, which sets it up."
        yield Warning("The catalogues are not compiled: every page speaks English.", hint=hint, id="site.W011")
