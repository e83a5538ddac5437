"""The accounts application, as Django registers it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        # Models can be named from here on.
        from . import log_ins

        log_ins.connect()
