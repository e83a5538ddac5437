"""Who imports whom, counted in the project's files: between its packages, and at the borders inside `articles`."""

from dataclasses import dataclass
from functools import cache

from .source import PACKAGES, modules, read

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
    rows = tuple(
        (importer, tuple(None if importer == imported else count(importer, imported) for imported in PACKAGES))
        for importer in PACKAGES
    )
    return Borders(
        rows=rows,
        into_pure=sum(
            _names(statement, PURE)
            for name, path in modules("articles").items()
            if not _is_within(name, PURE)
            for statement in read(path).imports
        ),
        from_pure=sum(
            _names(statement, DATABASE_AND_REQUESTS) for name in _reached(PURE) for statement in _statements(name)
        ),
    )


def count(importer: str, imported: str) -> int:
    """Return the number of statements in a package that import another one or something in it."""
    statements = (statement for path in modules(importer).values() for statement in read(path).imports)
    return sum(_names(statement, (imported,)) for statement in statements)


def _names(statement: tuple[str, ...], packages: tuple[str, ...]) -> bool:
    return any(_is_within(name, packages) for name in statement)


def _is_within(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def _statements(module: str) -> tuple[tuple[str, ...], ...]:
    return read(modules(module.partition(".")[0])[module]).imports


def _reached(packages: tuple[str, ...]) -> set[str]:
    """Return the modules of packages and, in turn, every module of the project that these import."""
    own = {name for package in PACKAGES for name in modules(package)}
    reached, todo = set(), {name for name in own if _is_within(name, packages)}
    while todo:
        reached |= todo
        named = {name for module in todo for statement in _statements(module) for name in statement}
        todo = (named & own) - reached
    return reached
