"""The login; the log, to read; and accounts and groups, whose changes stand in it."""

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.admin import StaticDevice
from django_otp.plugins.otp_totp.admin import TOTPDevice

from . import log
from .event_lines import details, subject_column, what, who
from .forms import LoginForm
from .logged_admin import LoggedChangesMixin
from .models import Event

User = get_user_model()
Kind = Event.Kind


class AreaFilter(admin.SimpleListFilter):
    """Events by what they are about."""

    title = _("area")
    parameter_name = "area"
    AREAS = {
        "entry": (
            _("Log-ins, passwords, second factors"),
            [
                *(Kind.LOGGED_IN, Kind.LOGGED_OUT, Kind.LOGIN_FAILED, Kind.LOCKED_OUT),
                *(Kind.PASSWORD_CHANGED, Kind.PASSWORD_RESET_ASKED),
                *(Kind.SECOND_FACTOR_ADDED, Kind.SECOND_FACTOR_REMOVED, Kind.SECOND_FACTOR_FAILED),
                *(Kind.RECOVERY_CODES_MADE, Kind.RECOVERY_CODE_USED),
            ],
        ),
        "refused": (_("What was refused"), [Kind.LOGIN_FAILED, Kind.LOCKED_OUT, Kind.SECOND_FACTOR_FAILED]),
        "accounts": (
            _("Accounts and permissions"),
            [
                *(Kind.ACCOUNT_ADDED, Kind.ACCOUNT_CHANGED, Kind.ACCOUNT_DELETED, Kind.PERMISSIONS_CHANGED),
                *(Kind.GROUP_ADDED, Kind.GROUP_CHANGED, Kind.GROUP_DELETED),
            ],
        ),
        "site": (
            _("What readers find"),
            [
                *(Kind.PUBLISHED, Kind.SCHEDULED, Kind.UNPUBLISHED, Kind.DELETED, Kind.UNDELETED),
                *(Kind.IMPORTED, Kind.RESTORED),
            ],
        ),
    }

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple]:
        return [(area, label) for area, (label, _kinds) in self.AREAS.items()]

    def queryset(self, request: HttpRequest, events: QuerySet) -> QuerySet:
        if self.value() not in self.AREAS:
            return events
        return events.filter(kind__in=self.AREAS[self.value()][1])


class ReadOnlyAdmin(admin.ModelAdmin):
    """A list to read. Nobody adds, changes or deletes anything here, whatever permissions they have."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    """The log, for who may see it."""

    list_display_links = None
    list_filter = [AreaFilter, "at"]
    search_fields = ["account", "subject"]
    search_help_text = _("The name of an account, or of what it happened to.")
    list_per_page = 100
    show_full_result_count = False

    def get_list_display(self, request: HttpRequest) -> list:
        return ["at", what, who, subject_column(request.user), details, "address"]

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None):
        if self.has_view_permission(request):
            log.forget_addresses()
        return super().changelist_view(request, extra_context)


admin.site.login_form = LoginForm
admin.site.unregister([User, Group])
# They would show the keys of everybody. An account has pages for its own, and a command takes away what is lost.
# The import from their admin has registered them first, whatever the order of the applications.
admin.site.unregister([TOTPDevice, StaticDevice])


@admin.register(User)
class LoggedUserAdmin(LoggedChangesMixin, UserAdmin):
    added_kind, changed_kind, deleted_kind = Kind.ACCOUNT_ADDED, Kind.ACCOUNT_CHANGED, Kind.ACCOUNT_DELETED
    rights = ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")

    def log_change(self, request: HttpRequest, user: Model, message: list) -> None:
        super().log_change(request, user, message)
        # The page for another one's password has a form of its own, which saves no more than that.
        if message == [{"changed": {"fields": ["password"]}}]:
            log.record(Kind.ACCOUNT_CHANGED, request.user, of=user, details={"fields": ["password"]})


@admin.register(Group)
class LoggedGroupAdmin(LoggedChangesMixin, GroupAdmin):
    added_kind, changed_kind, deleted_kind = Kind.GROUP_ADDED, Kind.GROUP_CHANGED, Kind.GROUP_DELETED
    rights = ("permissions",)
