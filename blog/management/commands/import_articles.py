"""Import a folder of articles in the native format, or the blog of another system."""

import sys
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles import progress
from articles.addresses import path_in
from articles.files import report
from articles.files.importing import import_folder
from articles.files.problems import ImportProblems
from articles.files.subjects import Outcome
from articles.files.three_way import Side
from articles.importers.formats import FORMATS, NATIVE, converted, detect
from articles.importers.notes import note_lines
from blog.files import parts


def page_path(language: str, slug: str) -> str:
    return path_in(language, "blog:page_detail", slug=slug)


def feed_path(language: str, slug: str) -> str:
    """Return the path of a tag's feed, of that of all articles where the slug is empty."""
    return path_in(language, "blog:tag_feed", slug=slug) if slug else path_in(language, "blog:feed")


class Command(BaseCommand):
    help = (
        "Import a folder of articles, <key>/index.<language>.md, or the blog of another system. All or nothing; "
        "a second run changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="A folder, or the file that WordPress or Ghost exported.")
        parser.add_argument(
            "--from", dest="source", choices=[*FORMATS, NATIVE], help="What the folder is of; without it, found out."
        )
        parser.add_argument(
            "--keep-converted",
            type=Path,
            metavar="FOLDER",
            help="Keep what the blog of another system becomes, as a folder of articles.",
        )
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
            outcomes = self.imported(
                folder,
                options.get("source"),
                options.get("keep_converted"),
                by=self.account(user) if user else None,
                prefer=Side(prefer) if prefer else None,
                is_dry=dry_run,
                progress=progress.on(sys.stderr),
                name=folder.resolve().name,
            )
        except ImportProblems as error:
            for line in report.problem_lines(error.problems):
                self.stderr.write(line)
            raise CommandError(report.problem_summary(error.problems, dry_run)) from None
        # The notes after the files, which may be thousands.
        for line in [*report.lines(outcomes), *self.notes]:
            self.stdout.write(line)
        self.stdout.write(report.summary(outcomes))
        if dry_run:
            self.stdout.write("This was a dry run: nothing was changed.")

    def imported(self, folder: Path, source: str | None, keep: Path | None, **wishes: Any) -> list[Outcome]:
        """Return what became of each file of the folder, or of the blog of another system, with `notes` on that."""
        self.notes: list[str] = []
        if source is None:
            source = detect(folder)
            if source != NATIVE:
                self.stdout.write(f"This is taken for a blog of {FORMATS[source]}; --from says otherwise.")
        if source == NATIVE:
            return import_folder(folder, parts=parts(wishes.get("prefer")), **wishes)
        with converted(folder, source, page_path, keep, feed_path) as conversion:
            self.notes = list(note_lines(conversion.notes, folder))
            return conversion.told(import_folder(conversion.folder, parts=parts(wishes.get("prefer")), **wishes))

    def account(self, name: str) -> AbstractBaseUser:
        users = get_user_model()
        try:
            return users.objects.get(**{users.USERNAME_FIELD: name})
        except users.DoesNotExist:
            raise CommandError(f"There is no account “{name}”.") from None
