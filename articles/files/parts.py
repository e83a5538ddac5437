"""What a folder holds beside articles, brought in by whoever knows it, with the articles or not at all."""

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from django.contrib.auth.models import AbstractBaseUser

from .subjects import Outcome


class Part(Protocol):
    """One kind of such things. It is read before the transaction and saved in it, after the articles.

    `is_first` has it saved before them: for what articles name. `is_dry` says that the transaction will be undone;
    then `save` leaves everything alone that is no row of the database, such as files.
    """

    is_first: bool

    def read(self, folder: Path) -> None:
        """Read and check what the folder holds, which may be nothing; raise ImportProblems with all that is wrong."""

    def save(self, by: AbstractBaseUser | None, is_dry: bool) -> Iterable[Outcome]:
        """Save what was read; return what became of each file. Raise ImportProblems."""
