"""Addresses of accounts, all below that of the admin."""

from django.urls import path

from . import views

app_name = "accounts"
urlpatterns = [
    path("second-factor/", views.second_factor_page, name="second_factor"),
    path("second-factor/set-up/", views.set_up, name="second_factor_set_up"),
    path("second-factor/qr.svg", views.qr_code, name="second_factor_qr"),
    path("second-factor/recovery-codes/", views.new_recovery_codes, name="recovery_codes"),
    path("second-factor/remove/", views.remove, name="second_factor_remove"),
    path("new-password/", views.PasswordResetView.as_view(), name="password_reset"),
    path("new-password/sent/", views.PasswordResetDoneView.as_view(), name="password_reset_done"),
    path(
        "new-password/<uidb64>/<token>/",
        views.PasswordResetConfirmView.as_view(),
        name="password_reset_confirm",
    ),
    path("new-password/set/", views.PasswordResetCompleteView.as_view(), name="password_reset_complete"),
]
