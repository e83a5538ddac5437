"""Make the search index again, as after a change of how words are folded."""

import sys

from django.core.management.base import BaseCommand, CommandParser

from articles import progress
from articles.models import Rendering
from articles.search.rebuilding import entries_to_make, index_renderings


class Command(BaseCommand):
    help = "Index all articles again in all their languages. It changes no text, and may be stopped and repeated."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--stale", action="store_true", help="only what is missing or was indexed by older rules")

    def handle(self, *, stale: bool, **options) -> None:
        todo = entries_to_make(only_stale=stale)
        for pk in progress.on(sys.stderr)("Search", todo):
            index_renderings(Rendering.objects.filter(pk=pk))
        self.stdout.write(f"Search: {len(todo)} texts indexed." if todo else "Search: up to date.")
