"""Find the links of the site that lead nowhere."""

import sys

from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles import progress
from articles.link_verdict import Kind
from blog.link_check import AT_MOST, Check, check


class Command(BaseCommand):
    help = (
        "Follow every link that readers find in articles, pages and redirects, and keep what is wrong for the admin. "
        "Exits with 1 where a link is dead; what is only doubtful or has moved does not count."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--external", action="store_true", help="Ask other sites as well.")
        parser.add_argument(
            "--at-most", type=int, default=AT_MOST, metavar="N", help="Ask for so many of their addresses at most."
        )

    def handle(self, *, external: bool = False, at_most: int = AT_MOST, **options) -> None:
        if at_most < 0:
            raise CommandError("--at-most is a number of addresses.", returncode=2)
        found = check(is_external=external, at_most=at_most, progress=progress.on(sys.stderr))
        self.tell(found)
        dead = sum(verdict.kind == Kind.DEAD for verdicts in found.found.values() for verdict in verdicts.values())
        if dead:
            raise CommandError(f"Dead links: {dead}.", returncode=1)

    def tell(self, found: Check) -> None:
        for place, verdicts in found.found.items():
            for address, verdict in verdicts.items():
                target = f": {verdict.target}" if verdict.target else ""
                label = Kind(verdict.kind).label
                self.stdout.write(f"{found.names[place]}: {address}: {label}, {verdict.sentence}{target}")
        unasked = f" Addresses of other sites not asked yet: {found.unasked}." if found.unasked else ""
        self.stdout.write(f"Links followed: {found.links}.{unasked}")
