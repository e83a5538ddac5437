"""What the login offers."""

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def may_reset_by_mail() -> bool:
    """Return whether the site can send a link for a new password."""
    return bool(settings.EMAIL_HOST)
