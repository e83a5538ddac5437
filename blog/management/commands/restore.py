"""Bring a site back from a file."""

import sys
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from articles.translating import following
from blog import set_up
from blog.backup.refusal import BackupRefused
from blog.backup.restoring import Restored, is_empty, restore
from blog.backup.rows import applied_migrations
from blog.backup.trying import Tried, one_at_a_time, tried


class Command(BaseCommand):
    help = "Put what `backup` kept in the place of the site. Checks everything first, and keeps aside what it replaces."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--yes", action="store_true", help="replace the site without a question")

    def handle(self, *, file: Path, yes: bool = False, **options) -> None:
        try:
            with one_at_a_time(), tried(file) as found:
                self.describe(found)
                if not applied_migrations():
                    # A new machine, on which nothing was set up yet.
                    call_command("migrate", interactive=False, verbosity=0)
                if not (is_empty() or yes or self.is_confirmed()):
                    raise CommandError("Nothing was changed. With --yes the site is replaced.")
                self.report(restore(found))
        except BackupRefused as refusal:
            raise CommandError(f"Nothing was changed. {refusal}") from None
        except OSError as error:
            raise CommandError(f"Nothing was changed. {error.filename or file}: {error.strerror}.") from None
        except DatabaseError as error:
            raise CommandError(f"Nothing was changed. The database says {str(error).splitlines()[0]}.") from None
        self.bring_up_to_date()

    def describe(self, found: Tried) -> None:
        manifest = found.archive.manifest
        articles = found.rows.manifest.files["data/articles.article.jsonl"]["rows"]
        self.stdout.write(f"Archive: made {manifest.made_at:%Y-%m-%d %H:%M} UTC, {articles} articles, whole.")
        # Whoever made the archive may have added one.
        users = get_user_model()
        rows = found.rows.rows(users._meta.label_lower)
        names = sorted(ascii(row[users.USERNAME_FIELD])[1:-1] for row in rows if row["is_superuser"])
        self.stdout.write(f"Accounts in it that may do everything: {', '.join(names) or 'none'}.")
        for name in sorted(manifest.lost)[:5]:
            self.stderr.write(f"Missing since before the backup: the image file {name!a}.")

    def is_confirmed(self) -> bool:
        return sys.stdin.isatty() and input("Replace this site by it? [y/N] ").strip().lower() in {"y", "yes"}

    def report(self, restored: Restored) -> None:
        if restored.replaced:
            self.stdout.write(f"Replaced data: {restored.replaced}, with passwords. Delete it when it is not needed.")
        self.stdout.write("Restored.")
        for account in restored.without_password:
            self.stdout.write(f"No password: ./run manage changepassword {account}")

    def bring_up_to_date(self) -> None:
        """Make what an older archive lacks, as each start of the site does."""
        following.fill_in()
        call_command("render_articles", stale=True, stdout=self.stdout, stderr=self.stderr)
        self.stdout.write(set_up.render_pages())
