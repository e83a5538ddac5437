"""Import a folder of articles in the native format."""

from pathlib import Path

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.files.importing import import_folder
from articles.files.problems import ImportProblems


class Command(BaseCommand):
    help = "Import a folder of articles: <key>/index.<language>.md. All or nothing; a second run changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--user", help="Write in the name of this account, and within its permissions.")

    def handle(self, *, folder: Path, user: str | None = None, **options) -> None:
        try:
            outcomes = import_folder(folder, by=self.account(user) if user else None)
        except ImportProblems as error:
            for problem in error.problems:
                self.stderr.write(str(problem))
            raise CommandError(f"Nothing was imported. Problems: {len(error.problems)}.") from None
        for path, outcome in outcomes:
            self.stdout.write(f"{path}: {outcome}")
        changed = sum(outcome.endswith(("created", "updated")) for _, outcome in outcomes)
        self.stdout.write(f"Changes: {changed}.")

    def account(self, name: str) -> AbstractBaseUser:
        users = get_user_model()
        try:
            return users.objects.get(**{users.USERNAME_FIELD: name})
        except users.DoesNotExist:
            raise CommandError(f"There is no account “{name}”.") from None
