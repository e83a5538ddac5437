"""What Django tells of log-ins and passwords, written to the log."""

from axes.signals import user_locked_out
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest
from django.utils.translation import gettext

from . import log
from .client_address import client_address
from .models import Event


def connect() -> None:
    """Hear of log-ins: for these, Django and django-axes have signals and no method to extend."""
    user_logged_in.connect(logged_in, dispatch_uid="log")
    user_logged_out.connect(logged_out, dispatch_uid="log")
    user_login_failed.connect(refused, dispatch_uid="log")
    user_locked_out.connect(locked_out, dispatch_uid="log")


def logged_in(request: HttpRequest, user: AbstractBaseUser, **kwargs) -> None:
    log.record(Event.Kind.LOGGED_IN, user, address=_address(request))


def logged_out(request: HttpRequest, user: AbstractBaseUser | None, **kwargs) -> None:
    if user is not None:
        log.record(Event.Kind.LOGGED_OUT, user, address=_address(request))


def refused(credentials: dict, request: HttpRequest | None = None, **kwargs) -> None:
    log.record(Event.Kind.LOGIN_FAILED, known_name(credentials), address=_address(request))


def locked_out(username: str | None, request: HttpRequest | None = None, **kwargs) -> None:
    log.record(Event.Kind.LOCKED_OUT, known_name({"username": username}), address=_address(request))


def known_name(credentials: dict) -> str:
    """Return the name that somebody tried if an account has it, else "": it may be a password typed too early."""
    users = get_user_model()
    name = credentials.get(users.USERNAME_FIELD) or credentials.get("username")
    if not isinstance(name, str) or "\0" in name:
        return ""
    return name if users.objects.filter(**{users.USERNAME_FIELD: name}).exists() else ""


def _address(request: HttpRequest | None) -> str | None:
    return client_address(request) if request else None


class PasswordLog:
    """A password validator that refuses nothing: Django tells each of every new password, wherever it was set."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        pass

    def get_help_text(self) -> str:
        return gettext("The log notes that there is a new password, and never the password itself.")

    def password_changed(self, password: str, user: AbstractBaseUser | None = None) -> None:
        if user is not None:
            log.record(Event.Kind.PASSWORD_CHANGED, user)
