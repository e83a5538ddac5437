"""The pages of the second factor, and of a new password by mail."""

import io
from collections.abc import Callable
from functools import wraps

import segno
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth import views
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from . import second_factor
from .forms import CodeForm, NewPasswordForm, SetUpForm

HOME = "accounts:second_factor"


def author_required(view: Callable) -> Callable:
    """Let in authors who have shown all that their account asks for, and those who are to set up a second factor."""

    @never_cache
    @wraps(view)
    def checked(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not (admin.site.has_permission(request) or _is_to_set_up(request)):
            return redirect_to_login(request.get_full_path() if request.method == "GET" else reverse(HOME))
        return view(request, *args, **kwargs)

    return checked


def _is_to_set_up(request: HttpRequest) -> bool:
    account = request.account
    return account.is_active and account.is_staff and second_factor.must_set_up(request)


def _page(request: HttpRequest, template: str, **context) -> TemplateResponse:
    request.current_app = admin.site.name
    frame = admin.site.each_context(request)
    if not frame["has_permission"]:
        frame["is_nav_sidebar_enabled"] = False
    context = frame | {"title": _("Second factor"), "subtitle": None} | context
    return TemplateResponse(request, f"accounts/{template}.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@author_required
@sensitive_post_parameters()
def second_factor_page(request: HttpRequest) -> HttpResponse:
    """Show how things stand; a POST makes a key for a new app."""
    account = request.account
    if device := second_factor.device_of(account):
        return _state(request, CodeForm(device))
    if request.method == "POST":
        second_factor.prepare(account)
        return redirect("accounts:second_factor_set_up")
    return _page(request, "second_factor_offer", is_required=settings.SECOND_FACTOR_REQUIRED)


def _state(request: HttpRequest, form: CodeForm) -> HttpResponse:
    left = second_factor.recovery_codes_left(request.user)
    return _page(request, "second_factor", form=form, left=left, is_required=settings.SECOND_FACTOR_REQUIRED)


@require_http_methods(["GET", "HEAD", "POST"])
@author_required
@sensitive_post_parameters()
def set_up(request: HttpRequest) -> HttpResponse:
    """Show the key as a picture and in letters; a right code lets the app count and shows the recovery codes."""
    account = request.account
    device = second_factor.prepared_for(account)
    if device is None or second_factor.device_of(account):
        return redirect(HOME)
    form = SetUpForm(request, request.POST or None)
    if form.is_valid():
        if codes := second_factor.confirm(request, device, form.cleaned_data["one_time_code"]):
            request.user = account
            return _page(request, "recovery_codes", title=_("Your recovery codes"), codes=codes)
        form.add_error("one_time_code", _("This code is not right. Is your device’s clock right? Try the next code."))
    return _page(
        request,
        "second_factor_set_up",
        title=_("Set up the second factor"),
        form=form,
        key=second_factor.key_of(device),
        address=device.config_url,
    )


@require_safe
@author_required
def qr_code(request: HttpRequest) -> HttpResponse:
    """Return the key of the app that waits for its first code, as a QR code (ISO/IEC 18004)."""
    device = second_factor.prepared_for(request.account)
    if device is None:
        raise Http404
    picture = io.BytesIO()
    # Dark on light in either scheme: not every camera reads the other way round.
    segno.make(device.config_url, micro=False).save(picture, kind="svg", light="#fff", dark="#000", omitsize=True)
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")


def code_required(view: Callable) -> Callable:
    """Let in with a code of the second factor that the account has; who has none yet is led to where to set it up."""

    @require_POST
    @author_required
    @sensitive_post_parameters()
    @wraps(view)
    def checked(request: HttpRequest) -> HttpResponse:
        device = second_factor.device_of(request.account)
        if device is None:
            return redirect(HOME)
        form = CodeForm(device, request.POST)
        return view(request) if form.is_valid() else _state(request, form)

    return checked


@code_required
def new_recovery_codes(request: HttpRequest) -> HttpResponse:
    """Replace the recovery codes, for a code."""
    codes = second_factor.make_recovery_codes(request.user)
    return _page(request, "recovery_codes", title=_("Your recovery codes"), codes=codes)


@code_required
def remove(request: HttpRequest) -> HttpResponse:
    """Take the second factor away, for a code."""
    second_factor.remove(request.user, by=request.user)
    messages.success(request, _("Your account has no second factor any more."))
    return redirect(HOME)


@method_decorator(never_cache, name="dispatch")
class ByMailMixin:
    """A page of the admin that is there where the site can send mail."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not settings.EMAIL_HOST:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs) -> dict:
        frame = admin.site.each_context(self.request) | {"is_nav_sidebar_enabled": False}
        return frame | super().get_context_data(**kwargs)


class PasswordResetView(ByMailMixin, views.PasswordResetView):
    form_class = NewPasswordForm
    email_template_name = "accounts/password_reset_email.txt"
    subject_template_name = "accounts/password_reset_subject.txt"
    success_url = reverse_lazy("accounts:password_reset_done")


class PasswordResetDoneView(ByMailMixin, views.PasswordResetDoneView):
    pass


class PasswordResetConfirmView(ByMailMixin, views.PasswordResetConfirmView):
    success_url = reverse_lazy("accounts:password_reset_complete")


class PasswordResetCompleteView(ByMailMixin, views.PasswordResetCompleteView):
    pass
