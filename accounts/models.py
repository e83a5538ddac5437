"""The log of what accounts did."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Event(models.Model):
    """One thing that an account did, or that was tried in its name. `log.record` writes them; nothing changes them.

    Names stand in it as they were: no event goes with the account, the group or the text that it tells of.
    """

    class Kind(models.TextChoices):
        LOGGED_IN = "logged_in", _("logged in")
        LOGGED_OUT = "logged_out", _("logged out")
        LOGIN_FAILED = "login_failed", _("log-in refused")
        LOCKED_OUT = "locked_out", _("locked out after too many refused log-ins")
        PASSWORD_CHANGED = "password_changed", _("password changed")
        PASSWORD_RESET_ASKED = "password_reset_asked", _("link for a new password asked for")
        SECOND_FACTOR_ADDED = "second_factor_added", _("second factor set up")
        SECOND_FACTOR_REMOVED = "second_factor_removed", _("second factor taken away")
        SECOND_FACTOR_FAILED = "second_factor_failed", _("second factor refused")
        RECOVERY_CODES_MADE = "recovery_codes_made", _("recovery codes made")
        RECOVERY_CODE_USED = "recovery_code_used", _("recovery code used")
        ACCOUNT_ADDED = "account_added", _("account added")
        ACCOUNT_CHANGED = "account_changed", _("account changed")
        ACCOUNT_DELETED = "account_deleted", _("account deleted")
        GROUP_ADDED = "group_added", _("group added")
        GROUP_CHANGED = "group_changed", _("group changed")
        GROUP_DELETED = "group_deleted", _("group deleted")
        PERMISSIONS_CHANGED = "permissions_changed", _("permissions changed")
        PUBLISHED = "published", _("published")
        SCHEDULED = "scheduled", _("publication scheduled")
        UNPUBLISHED = "unpublished", _("unpublished")
        DELETED = "deleted", _("deleted")
        UNDELETED = "undeleted", _("brought back after deletion")
        IMPORTED = "imported", _("imported")
        RESTORED = "restored", _("site restored from a backup")

    at = models.DateTimeField(_("date and time"), default=timezone.now)
    kind = models.CharField(_("what happened"), max_length=30, choices=Kind)
    # "" for the site's own work, as by a command, and where an unknown name was tried.
    account = models.CharField(_("account"), max_length=150, blank=True)
    subject = models.CharField(_("of what"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    # How often it happened within the hour after `at`.
    times = models.PositiveIntegerField(_("times"), default=1)
    # What it happened to, as {"of": "articles.tag", "pk": 1}; what changed, by names: {"added": […], "removed": […],
    # "fields": […]}; {"for": …}, the time that a text is scheduled for; {"count": …}, how many files were imported.
    details = models.JSONField(_("details"), default=dict, blank=True)
    # A visitor's, forgotten after `log.DAYS_OF_ADDRESSES`.
    address = models.GenericIPAddressField(_("address"), null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        default_permissions = ("view",)
        verbose_name = _("event")
        verbose_name_plural = _("events in the log")
        indexes = [
            models.Index(fields=["-at", "-id"], name="event_newest"),
            # What is asked at each log-in: the addresses to forget, the refusals to count together.
            models.Index(fields=["at"], name="event_with_address", condition=models.Q(address__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind} {self.account or '–'} {self.subject}".rstrip()
