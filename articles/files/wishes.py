"""How an import is to go about it: in whose name, which side wins, and whether anything is written at all."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.contrib.auth.models import AbstractBaseUser

from articles.models import Slugged

from .three_way import Side

# Of the revisions that an import makes.
NOTE = "import_articles"


@dataclass(frozen=True)
class Wishes:
    """`by` is None for the site's own work; `prefer` decides conflicts, which None leaves to be told.

    `named` are the tags, series and authors that were found so far, by the name of their kind and their key.
    """

    by: AbstractBaseUser | None = None
    prefer: Side | None = None
    is_dry: bool = False
    named: dict[tuple[str, str], Slugged] = field(default_factory=dict)

    def allow(self, may: Callable[..., bool], *arguments: object) -> bool:
        """Return whether the one in whose name it is may do something; the site itself may do everything."""
        return self.by is None or may(self.by, *arguments)
