"""Accounts that log in by the form, with a password that takes no time to compare."""

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpResponse
from django.test import Client, override_settings
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import second_factor

LOGIN = "/admin/login/"
PASSWORD = "nine words that nobody has put together before"
quick_passwords = override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])


def author(name: str = "anna", **about) -> AbstractBaseUser:
    about = {"is_staff": True, "is_superuser": True, "password": make_password(PASSWORD)} | about
    return get_user_model().objects.create(username=name, **about)


def log_in(client: Client, name: str = "anna", password: str = PASSWORD, code: str = "", **headers) -> HttpResponse:
    return client.post(LOGIN, {"username": name, "password": password, "one_time_code": code}, **headers)


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


def with_second_factor(user: AbstractBaseUser) -> tuple[TOTPDevice, list[str]]:
    """Return an app that counts, and its recovery codes."""
    second_factor.prepare(user)
    TOTPDevice.objects.filter(user=user).update(confirmed=True)
    return TOTPDevice.objects.get(user=user), second_factor.make_recovery_codes(user)


def code_of(device: TOTPDevice) -> str:
    """Return what the app shows now, and let it be good once more."""
    TOTPDevice.objects.filter(pk=device.pk).update(last_t=-1)
    return f"{totp(device.bin_key):06}"
