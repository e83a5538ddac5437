"""Redirects from addresses that readers know of another system, in the admin."""

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from accounts.logged_admin import LoggedDeletionsMixin
from articles.models import Redirect


@admin.register(Redirect)
class RedirectAdmin(LoggedDeletionsMixin, admin.ModelAdmin):
    list_display = ["old_path", "leads_to"]
    list_select_related = ["article"]
    search_fields = ["old_path", "new_path", "article__key"]
    list_per_page = 50

    def get_fields(self, request: HttpRequest, redirect: Redirect | None = None) -> list[str]:
        return ["old_path", "leads_to"] if redirect and redirect.article_id else ["old_path", "new_path"]

    def get_readonly_fields(self, request: HttpRequest, redirect: Redirect | None = None) -> list[str]:
        return ["leads_to"]

    @admin.display(description=gettext_lazy("leads to"))
    def leads_to(self, redirect: Redirect) -> SafeString | str:
        path = redirect.target()
        return format_html('<a href="{0}">{0}</a>', path) if path else str(redirect.article or "")
