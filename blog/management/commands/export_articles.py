"""Write all that the site says into a folder, in the native format."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.files.exporting import Selection, export_folder
from articles.files.target import ExportRefused, Target
from articles.models import Article
from blog.files import written_parts

STATES = [Article.State.LIVE, Article.State.SCHEDULED, Article.State.DRAFT]


class Command(BaseCommand):
    help = (
        "Export articles into a folder, as import_articles reads it; without options all that is live or scheduled, "
        "with pages, images, the site's texts and redirects. Only files that differ are written."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--article", action="append", default=[], metavar="KEY", help="This article; repeatable.")
        parser.add_argument("--tag", action="append", default=[], metavar="KEY", help="Articles of this tag.")
        parser.add_argument("--language", action="append", default=[], help="Texts in this language.")
        parser.add_argument("--state", action="append", default=[], choices=[state.value for state in STATES])
        parser.add_argument("--drafts", action="store_true", help="Drafts as well.")
        parser.add_argument("--working-copies", action="store_true", help="Texts that wait to replace others as well.")

    def handle(self, *, folder: Path, **options) -> None:
        target = Target(folder, lambda name, outcome: self.stdout.write(f"{folder / name}: {outcome}"))
        selection = Selection(
            *(frozenset(options[name]) for name in ("article", "tag", "language", "state")),
            has_drafts=options["drafts"],
            has_working_copies=options["working_copies"],
        )
        try:
            count = export_folder(target, selection, written_parts())
        except ExportRefused as refusal:
            raise CommandError(str(refusal)) from None
        except OSError as error:
            raise CommandError(f"{error.filename or folder} cannot be written: {error.strerror}.") from None
        self.stdout.write(f"Articles: {count}. Files changed: {target.changes}.")
