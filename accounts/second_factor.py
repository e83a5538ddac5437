"""The second factor of an account: codes by time from an app (RFC 6238), and recovery codes for when it is lost.

django-otp keeps and compares them. An account has one app at most.
"""

from base64 import b32encode

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.http import HttpRequest
from django_otp import DEVICE_ID_SESSION_KEY, verify_token
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from . import log
from .models import Event

RECOVERY_CODES = 10
DIGITS = 6
# So many wrong codes in a row count. After each, django-otp lets a pause pass that doubles from a second on, here to
# nine minutes: without an end to it, who knows a password could hold the account's owner off for years.
MAX_FAILURES = 10


def device_of(user: AbstractBaseUser) -> TOTPDevice | None:
    """Return the app of an account, None where none is set up."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).order_by("pk").first()


def is_used() -> bool:
    """Return whether any account has a second factor."""
    return TOTPDevice.objects.filter(confirmed=True).exists()


def is_shown(session: SessionBase, user: AbstractBaseUser) -> bool:
    """Return whether whoever has a session has shown all that the account asks for."""
    device = device_of(user)
    if device is None:
        return not settings.SECOND_FACTOR_REQUIRED
    return session.get(DEVICE_ID_SESSION_KEY) == device.persistent_id


def must_set_up(request: HttpRequest) -> bool:
    """Return whether the account is logged in and gets no further without a second factor."""
    return settings.SECOND_FACTOR_REQUIRED and request.account.is_authenticated and device_of(request.account) is None


def verify(device: TOTPDevice, code: str) -> bool:
    """Return whether a code is right: one of the app, or a recovery code of its owner. Each is right once."""
    user = device.user
    _bound_pauses(user)
    code = "".join(code.lower().replace("-", "").split())
    if len(code) == DIGITS:
        is_right = code.isascii() and code.isdigit() and verify_token(user, device.persistent_id, code) is not None
    else:
        is_right = _use_recovery_code(user, code)
    if not is_right:
        log.record(Event.Kind.SECOND_FACTOR_FAILED, user)
    return is_right


def _bound_pauses(user: AbstractBaseUser) -> None:
    for devices in (TOTPDevice.objects, StaticDevice.objects):
        too_many = devices.filter(user=user, throttling_failure_count__gt=MAX_FAILURES)
        too_many.update(throttling_failure_count=MAX_FAILURES)


def _use_recovery_code(user: AbstractBaseUser, code: str) -> bool:
    codes = StaticDevice.objects.filter(user=user).order_by("pk").first()
    if not (codes and code and verify_token(user, codes.persistent_id, code)):
        return False
    log.record(Event.Kind.RECOVERY_CODE_USED, user)
    return True


def prepare(user: AbstractBaseUser) -> None:
    """Make a new key for an app that does not count until `confirm`."""
    with transaction.atomic():
        TOTPDevice.objects.filter(user=user, confirmed=False).delete()
        TOTPDevice.objects.create(user=user, name="app", confirmed=False)


def prepared_for(user: AbstractBaseUser) -> TOTPDevice | None:
    """Return the app that waits for its first code."""
    return TOTPDevice.objects.filter(user=user, confirmed=False).order_by("pk").first()


def key_of(device: TOTPDevice) -> str:
    """Return the key as people type it into an app: in groups of four."""
    key = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(key[start : start + 4] for start in range(0, len(key), 4))


def confirm(request: HttpRequest, device: TOTPDevice, code: str) -> list[str] | None:
    """Let an app count from now on if it shows the right code; return the recovery codes, None where it is wrong."""
    code = "".join(code.split())
    if not (code.isascii() and code.isdigit()) or verify_token(device.user, device.persistent_id, code) is None:
        return None
    with transaction.atomic():
        TOTPDevice.objects.filter(pk=device.pk).update(confirmed=True)
        log.record(Event.Kind.SECOND_FACTOR_ADDED, device.user)
        codes = make_recovery_codes(device.user)
    # This session has shown it; what the session was called before is worth nothing any more.
    request.session.cycle_key()
    request.session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    return codes


@transaction.atomic
def make_recovery_codes(user: AbstractBaseUser) -> list[str]:
    """Replace the recovery codes of an account by new ones and return these."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery codes")
    codes = [StaticToken.random_token() for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    log.record(Event.Kind.RECOVERY_CODES_MADE, user)
    return [f"{code[:4]}-{code[4:]}" for code in codes]


def recovery_codes_left(user: AbstractBaseUser) -> int:
    return StaticToken.objects.filter(device__user=user).count()


@transaction.atomic
def remove(user: AbstractBaseUser, by: AbstractBaseUser | None = None) -> bool:
    """Take the second factor away; return whether there was one. `by` is None for a command."""
    had_one = device_of(user) is not None
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    if had_one:
        log.record(Event.Kind.SECOND_FACTOR_REMOVED, by, of=user)
    return had_one
