"""Keep the whole site in one file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from blog.backup.keeping import dated, thin_out
from blog.backup.making import back_up
from blog.backup.refusal import BackupRefused
from blog.backup.rows import applied_migrations


class Command(BaseCommand):
    help = "Keep the whole site in one file, images included, while it is written to. `restore` brings it back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="a new file, or a folder/, in which the file is named by the time")
        parser.add_argument(
            "--keep", type=int, metavar="N", help="in a folder: delete all but the newest N of the files so named"
        )
        parser.add_argument(
            "--with-passwords",
            action="store_true",
            help="take in the hashes of passwords and the addresses of previews; guard the file well",
        )

    def handle(self, *, file: str, keep: int | None = None, with_passwords: bool = False, **options) -> None:
        path = folder = Path(file)
        if keep is not None and (keep < 1 or path.is_file()):
            raise CommandError("--keep takes a number from 1 on, and a folder.")
        if keep or file.endswith("/") or path.is_dir():
            path = dated(folder)
        try:
            if not applied_migrations():
                raise BackupRefused("There is no site yet.")
            if path.exists():
                raise BackupRefused(f"There is a file {path} already.")
            made = back_up(path, has_secrets=with_passwords)
            self.stdout.write(f"Backup: {path}, {made.rows} rows, {made.images} image files.")
            if made.lost:
                # Older backups may have them.
                names = ", ".join(made.lost[:5])
                raise BackupRefused(f"Image files are missing on this site, {len(made.lost)} of them: {names}.")
            for old in thin_out(folder, keep) if keep else ():
                self.stdout.write(f"Deleted: {old}")
        except BackupRefused as refusal:
            raise CommandError(str(refusal)) from None
        except OSError as error:
            raise CommandError(f"No backup: {error.filename or path}: {error.strerror}.") from None
        except DatabaseError as error:
            raise CommandError(f"No backup: the database says {str(error).splitlines()[0]}.") from None
