"""What a copy was made of: where it is the same as before, the copy is right without a look at any page."""

from functools import cache
from hashlib import sha256

from django.conf import settings
from django.utils import timezone

from blog.site_version import current_version

# What pages are made of beside the database.
SOURCES = ("articles", "blog", "config", "locale", "templates")
LEFT_OUT = {"__pycache__", "tests", "content"}


def current_state(*, is_relative: bool) -> dict:
    """Return the state of everything that readers see, as plain values; two queries."""
    version = current_version()
    return {
        "site": [str(version.token or ""), version.next_live_at.isoformat() if version.next_live_at else ""],
        "code": _digest_of_code(),
        "settings": [settings.SITE_URL, settings.TIME_ZONE, settings.DEBUG],
        # Which holds for some months.
        "security_txt": settings.SECURITY_CONTACT and [settings.SECURITY_CONTACT, f"{timezone.now():%Y-%m}"],
        "relative": is_relative,
    }


def is_certain(state: dict) -> bool:
    """Return whether an equal state means an equal site: one that was never written to has no sign of its own."""
    return bool(state["site"][0])


# A process that runs keeps the code that it began with.
@cache
def _digest_of_code() -> str:
    folders = (settings.BASE_DIR / name for name in SOURCES)
    files = [
        path
        for folder in folders
        for path in folder.rglob("*")
        if LEFT_OUT.isdisjoint(path.relative_to(settings.BASE_DIR).parts)
    ]
    files += [settings.BASE_DIR / "requirements.txt", settings.STATIC_ROOT / "staticfiles.json"]
    digest = sha256()
    for path in sorted(files):
        if path.is_file():
            digest.update(f"{path}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
