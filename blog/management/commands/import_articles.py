"""Import a folder of articles in the native format."""

from pathlib import Path

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.files import progress, report
from articles.files.importing import import_folder
from articles.files.problems import ImportProblems
from articles.files.three_way import Side


class Command(BaseCommand):
    help = "Import a folder of articles: <key>/index.<language>.md. All or nothing; a second run changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--user", help="Write in the name of this account, and within its permissions.")
        parser.add_argument(
            "--prefer",
            choices=[side.value for side in Side],
            help="Which side wins where the folder and the site have both changed since the folder was last imported "
            "or exported; without it nothing is imported then.",
        )
        parser.add_argument("--dry-run", action="store_true", help="Say what would happen, and change nothing.")

    def handle(
        self, *, folder: Path, user: str | None = None, prefer: str | None = None, dry_run: bool = False, **options
    ) -> None:
        try:
            outcomes = import_folder(
                folder,
                by=self.account(user) if user else None,
                prefer=Side(prefer) if prefer else None,
                is_dry=dry_run,
                progress=progress.on(self.stderr),
            )
        except ImportProblems as error:
            for line in report.problem_lines(error.problems):
                self.stderr.write(line)
            raise CommandError(report.problem_summary(error.problems, dry_run)) from None
        for line in report.lines(outcomes):
            self.stdout.write(line)
        self.stdout.write(report.summary(outcomes))
        if dry_run:
            self.stdout.write("This was a dry run: nothing was changed.")

    def account(self, name: str) -> AbstractBaseUser:
        users = get_user_model()
        try:
            return users.objects.get(**{users.USERNAME_FIELD: name})
        except users.DoesNotExist:
            raise CommandError(f"There is no account “{name}”.") from None
