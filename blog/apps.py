"""The blog application, as Django registers it."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BlogConfig(AppConfig):
    name = "blog"
    verbose_name = _("Blog")

    def ready(self) -> None:
        # Models can be named from here on.
        from . import changes

        changes.connect()
