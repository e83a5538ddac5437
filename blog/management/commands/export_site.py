"""Write the whole readers' site as static files."""

import sys
import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles import progress
from blog.static_site import ExportError, Summary, export

# Links that lead nowhere, as many as a person looks at.
SHOWN = 20


class Command(BaseCommand):
    help = "Write the whole readers' site as static files. Another run writes only what changed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="A new or empty folder, or one that an earlier run wrote.")
        parser.add_argument(
            "--relative", action="store_true", help="Make all links relative: for any host, and below any path."
        )
        parser.add_argument("--jobs", type=int, help="The number of processes; by default one for each core.")

    def handle(self, *, folder: Path, relative: bool = False, jobs: int | None = None, **options) -> None:
        started_at = time.monotonic()
        try:
            summary = export(folder, is_relative=relative, jobs=jobs, progress=progress.on(sys.stderr))
        except ExportError as error:
            raise CommandError(str(error)) from None
        self._tell(summary, time.monotonic() - started_at)

    def _tell(self, summary: Summary, seconds: float) -> None:
        for address, page in list(summary.dead.items())[:SHOWN]:
            self.stdout.write(f"{page} links to {address}, where the site has nothing either.")
        if len(summary.dead) > SHOWN:
            self.stdout.write(f"Such links in all: {len(summary.dead)}.")
        if summary.has_changed_meanwhile:
            self.stdout.write("The site changed meanwhile: another run takes that in.")
        self.stdout.write(
            f"Files: {summary.written} written, {summary.unchanged} unchanged, {summary.removed} removed; "
            f"{seconds:.1f} seconds."
        )
