"""How an import is to go about it: in whose name, which side wins, and whether anything is written at all."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser

from .three_way import Side

# Of the revisions that an import makes.
NOTE = "import_articles"


@dataclass(frozen=True)
class Wishes:
    """`by` is None for the site's own work; `prefer` decides conflicts, which None leaves to be told."""

    by: AbstractBaseUser | None = None
    prefer: Side | None = None
    is_dry: bool = False

    def allow(self, may: Callable[..., bool], *arguments: object) -> bool:
        """Return whether the one in whose name it is may do something; the site itself may do everything."""
        return self.by is None or may(self.by, *arguments)
