"""Who imports whom, counted in the project's files: between its packages, and at the borders inside `articles`."""

from collections import Counter
from dataclasses import dataclass
from functools import cache

from .source import PACKAGES, imports_of, modules

# The parts of `articles` that know no database and no request.
PURE = ("articles.markdown", "articles.images")
DATABASE_AND_REQUESTS = ("django.contrib", "django.db", "django.http", "django.urls", "django.views")


@dataclass(frozen=True)
class Borders:
    """Numbers of import statements, tests aside."""

    # For each package how often it imports each one; None for itself.
    rows: tuple[tuple[str, tuple[int | None, ...]], ...]
    # From the rest of `articles` into PURE; and from there to a database or a request, by whatever way.
    into_pure: int
    from_pure: int

    @property
    def pairs(self) -> dict[str, int]:
        """The same numbers by their two packages, like config_blog."""
        return {
            f"{importer}_{imported}": number
            for importer, numbers in self.rows
            for imported, number in zip(PACKAGES, numbers, strict=True)
            if number is not None
        }


@cache
def borders() -> Borders:
    """Count all imports, once in each process."""
    rows = tuple((importer, _row(importer)) for importer in PACKAGES)
    return Borders(
        rows=rows,
        into_pure=sum(
            _names(statement, PURE)
            for name, path in modules("articles").items()
            if not _is_within(name, PURE)
            for statement in imports_of(path)
        ),
        from_pure=sum(
            _names(statement, DATABASE_AND_REQUESTS) for name in _reached(PURE) for statement in _statements(name)
        ),
    )


def _row(importer: str) -> tuple[int | None, ...]:
    """Return the numbers of statements in a package that import each one or something in it; None for itself."""
    statements = (statement for path in modules(importer).values() for statement in imports_of(path))
    imported = Counter(package for names in statements for package in {name.partition(".")[0] for name in names})
    return tuple(None if package == importer else imported[package] for package in PACKAGES)


def _names(statement: tuple[str, ...], packages: tuple[str, ...]) -> bool:
    return any(_is_within(name, packages) for name in statement)


def _is_within(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def _statements(module: str) -> tuple[tuple[str, ...], ...]:
    return imports_of(modules(module.partition(".")[0])[module])


def _reached(packages: tuple[str, ...]) -> set[str]:
    """Return the modules of packages and, in turn, every module of the project that these import."""
    own = {name for package in PACKAGES for name in modules(package)}
    reached, todo = set(), {name for name in own if _is_within(name, packages)}
    while todo:
        reached |= todo
        named = {name for module in todo for statement in _statements(module) for name in statement}
        todo = (named & own) - reached
    return reached
