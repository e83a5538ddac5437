"""Render all articles again, as after a change of the Markdown pipeline."""

import sys

from django.core.management.base import BaseCommand, CommandParser

from articles import progress
from articles.models import Article
from articles.rerendering import render_again, renderings_to_make


class Command(BaseCommand):
    help = "Render all articles again in all their languages. It changes no text, and may be stopped and repeated."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--stale", action="store_true", help="only what an older pipeline rendered")

    def handle(self, *, stale: bool, **options) -> None:
        todo = renderings_to_make(only_stale=stale)
        kept = []
        for pk, language in progress.on(sys.stderr)("Renderings", todo):
            if refusal := render_again(pk, language):
                key = Article.objects.values_list("key", flat=True).get(pk=pk)
                kept.append(f"{key} ({language}) keeps the rendering it has. {refusal}")
        # Now that the line of the progress is free again.
        for line in kept:
            self.stderr.write(line)
        self.stdout.write(f"Renderings: {len(todo) - len(kept)} made." if todo else "Renderings: up to date.")
