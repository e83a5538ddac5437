"""People with the roles of the site."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

ROLES = ("Author", "Translator", "Editor")


def person(name: str, *roles: str):
    """Return an account of the admin in the groups of some roles."""
    user = get_user_model().objects.create_user(name, is_staff=True)
    user.groups.set(Group.objects.filter(name__in=roles))
    assert user.groups.count() == len(roles), "The groups of the roles are missing."
    return user
