"""What is wrong with a folder of files, all of it at once: file, line and reason."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import models

# French has them before its signs.
NO_BREAK_SPACES = "\u00a0\u202f"
NOT_ALLOWED = "%s may not write this, or not where readers see it"


@dataclass(frozen=True, order=True)
class Problem:
    """One fault in a file; `line` counts from 1.

    Of a conflict, `diff` shows what was changed on either side, as lines of a unified diff.
    """

    path: Path
    line: int
    reason: str
    diff: str = ""

    def __str__(self) -> str:
        reason = printable(self.reason, kept="\n")
        return f"{printable(self.path)}:{self.line}: {reason}"


def printable(words: object, kept: str = "") -> str:
    """Return words or a path as a terminal can show them, whatever signs somebody put into them."""
    kept += NO_BREAK_SPACES
    return "".join(sign if sign.isprintable() or sign in kept else ascii(sign)[1:-1] for sign in str(words))


class ImportProblems(Exception):
    """A folder that cannot be imported; nothing of it was."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


class Faults:
    """Collects what is wrong, so that one fault keeps no other from being told."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def note(self, path: Path, reason: str, line: int = 1) -> None:
        self.problems.append(Problem(path, line, reason))

    def attempt(self, step: Callable[..., Any], *arguments: Any, default: Any = None) -> Any:
        """Return what a step gives, the default where it raises ImportProblems."""
        try:
            return step(*arguments)
        except ImportProblems as error:
            self.problems += error.problems
            return default

    def refuse_any(self) -> None:
        """Raise ImportProblems where anything was found wrong."""
        if self.problems:
            raise ImportProblems(self.problems)


class FileRefused(Exception):
    """A file that somebody sent and that cannot be taken; the sentence says why, in the active language."""


def require(is_allowed: bool, problem: Problem, by: AbstractBaseUser | None) -> None:
    """Raise the problem, with the reason, where somebody may not do what a file asks for."""
    if not is_allowed:
        raise ImportProblems([replace(problem, reason=NOT_ALLOWED % by)])


def checked(instance: models.Model, problem: Problem) -> models.Model:
    """Return a row that its model's own rules allow, else raise the problem with the reason."""
    try:
        instance.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        reasons = " ".join(error.messages)
        raise ImportProblems([replace(problem, reason=f"“{instance}”: {reasons}")]) from None
    return instance
