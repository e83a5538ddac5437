"""Take the second factor away from an account whose owner has lost both the app and the recovery codes."""

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import second_factor


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the name that the account logs in with")

    def handle(self, *, name: str, **options) -> None:
        users = get_user_model()
        user = users.objects.filter(**{users.USERNAME_FIELD: name}).first()
        if user is None:
            raise CommandError(f"There is no account {name}.")
        if second_factor.remove(user):
            self.stdout.write(f"{name} logs in with the password alone, until a second factor is set up again.")
        else:
            self.stdout.write(f"{name} has no second factor.")
