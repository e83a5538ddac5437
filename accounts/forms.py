"""The forms of logging in: name, password and code; setting up the second factor; the link for a new password."""

import threading
from datetime import timedelta
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import authenticate
from django.contrib.auth.forms import PasswordResetForm
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from . import lockouts, log, second_factor
from .models import Event


def code_field(**options) -> forms.CharField:
    """Return a field for a code of six digits or a recovery code."""
    attributes = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
    return forms.CharField(max_length=32, widget=forms.TextInput(attrs=attributes), **options)


class LoginForm(AdminAuthenticationForm):
    """Name, password and, once any account has a second factor, a code: one answer to all that is wrong."""

    one_time_code = code_field(
        label=_("Code of the second factor"),
        required=False,
        help_text=_("From your app, or a recovery code. Leave this empty if your account has no second factor."),
    )

    def __init__(self, request: HttpRequest | None = None, *args, **kwargs) -> None:
        super().__init__(request, *args, **kwargs)
        if second_factor.is_used():
            wrong = _("Name, password or code is not right, or the account may not come in here. Capitals count.")
            self.error_messages = self.error_messages | {"invalid_login": wrong}
        else:
            del self.fields["one_time_code"]

    def confirm_login_allowed(self, user: AbstractBaseUser) -> None:
        """Refuse who is no author, and who lacks the code, as if the password were wrong."""
        device = second_factor.device_of(user)
        try:
            super().confirm_login_allowed(user)
            if device and not second_factor.verify(device, self.cleaned_data.get("one_time_code", "")):
                raise self.get_invalid_login_error()
        except ValidationError:
            lockouts.count_failure(self.request, user)
            raise self.get_invalid_login_error() from None
        if device:
            # django-otp notes it in the session when that begins.
            user.otp_device = device

    def get_invalid_login_error(self) -> ValidationError:
        if lockouts.is_locked_out(self.request):
            return lockouts.refusal(self.request)
        return super().get_invalid_login_error()


class SetUpForm(forms.Form):
    """The password once more, so that nobody does this on an unwatched screen, and the first code of the app."""

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    one_time_code = code_field(label=_("The six digits that your app shows now"))

    def __init__(self, request: HttpRequest, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_password(self) -> str:
        account, password = self.request.account, self.cleaned_data["password"]
        user = authenticate(self.request, username=account.get_username(), password=password)
        if lockouts.is_locked_out(self.request):
            raise lockouts.refusal(self.request)
        if user != account:
            raise ValidationError(_("This is not your password."), code="wrong_password")
        return password


class CodeForm(forms.Form):
    """A code of a second factor that is set up."""

    one_time_code = code_field(label=_("A code of your app, or a recovery code"))

    def __init__(self, device: TOTPDevice, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.device = device

    def clean_one_time_code(self) -> str:
        code = self.cleaned_data["one_time_code"]
        if not second_factor.verify(self.device, code):
            raise ValidationError(
                _("This code is not right, or was used before. Wait for the next one."), code="wrong_code"
            )
        return code


class NewPasswordForm(PasswordResetForm):
    """Mails a link, at most one an hour to an account. The answer takes as long where there is no such account."""

    PAUSE = timedelta(hours=1)
    SECONDS_TO_ANSWER = 0.5

    def get_users(self, email: str) -> list[AbstractBaseUser]:
        users = list(super().get_users(email))
        names = [user.get_username() for user in users]
        asked = Event.objects.filter(
            kind=Event.Kind.PASSWORD_RESET_ASKED, account__in=names or [""], at__gt=timezone.now() - self.PAUSE
        )
        lately = set(asked.values_list("account", flat=True))
        for name in names or [""]:
            log.record(Event.Kind.PASSWORD_RESET_ASKED, name)
        return [user for user in users if user.get_username() not in lately]

    def save(self, **options) -> None:
        """Mail links to the site's own address, whatever host was asked for."""
        site = urlsplit(settings.SITE_URL)
        super().save(**options | {"domain_override": site.netloc, "use_https": site.scheme == "https"})

    def send_mail(self, *args, **kwargs) -> None:
        """Send a mail once its page is answered: the time that it takes would tell that there is such an account."""
        language = translation.get_language()

        def send() -> None:
            with translation.override(language):
                super(NewPasswordForm, self).send_mail(*args, **kwargs)

        later = threading.Timer(self.SECONDS_TO_ANSWER, send)
        later.name = "mail"
        later.start()
