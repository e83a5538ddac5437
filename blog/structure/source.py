"""The project's Python files, read without running them: first sentences, imports and tests."""

import ast
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)

# The project's packages: each may import those after it.
PACKAGES = ("config", "blog", "articles", "accounts")


# What stands at the start of a module, before any code; a statement that imports; a test among the methods of a class.
# A parser of the whole language would read four megabytes for them, and take twenty times as long.
DOCSTRING = re.compile(r'(?:#.*\n|\s)*"""(.*?)"""', re.DOTALL)
IMPORT = re.compile(r"^[ \t]*((?:from[ \t]+[\w.]+[ \t]+)?import[ \t]+(?:\([^)]*\)|[^\n(]+))", re.MULTILINE)
TEST = re.compile(r"^ {4}def (test_\w+)\(", re.MULTILINE)


def sentence_of(path: Path) -> str:
    """Return the first sentence of a file's docstring; "" without one."""
    docstring = DOCSTRING.match(path.read_text())
    return first_sentence(docstring[1].strip()) if docstring else ""


@cache
def imports_of(path: Path) -> tuple[tuple[str, ...], ...]:
    """Return for each import statement of a file the modules that it may name: `from a import b` names a and a.b."""
    package = _package(path)
    return tuple(_named(node, package) for node in _imports(path.read_text()))


def tests_in(path: Path) -> list[str]:
    """Return the methods of a file's classes that are called test_…."""
    return TEST.findall(path.read_text())


def first_sentence(docstring: str | None) -> str:
    """Return the first paragraph of a docstring on one line, which holds one sentence or two."""
    return " ".join((docstring or "").partition("\n\n")[0].split())


@cache
def modules(package: str) -> dict[str, Path]:
    """Return the files of a package by their modules' names, without its tests."""
    folder = ROOT / package.replace(".", "/")
    paths = sorted(path for path in folder.rglob("*.py") if "tests" not in path.relative_to(ROOT).parts)
    return {module_name(path): path for path in paths}


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def project_path(path: Path) -> str:
    """Return a path as seen from the project's root."""
    return path.relative_to(ROOT).as_posix()


def place_of(module: str) -> str:
    """Return the path of a module of the project; of any other its dotted name, which says whose it is."""
    if module.partition(".")[0] not in PACKAGES:
        return module
    path = ROOT / module.replace(".", "/")
    return project_path(path / "__init__.py" if path.is_dir() else path.with_suffix(".py"))


def _package(path: Path) -> str:
    return module_name(path) if path.name == "__init__.py" else module_name(path).rpartition(".")[0]


def _imports(text: str) -> Iterator[ast.Import | ast.ImportFrom]:
    for match in IMPORT.finditer(text):
        # A line of a docstring may begin with the same words.
        with suppress(SyntaxError):
            yield ast.parse(match[1]).body[0]


def _named(node: ast.Import | ast.ImportFrom, package: str) -> tuple[str, ...]:
    if isinstance(node, ast.Import):
        return tuple(alias.name for alias in node.names)
    # One dot is the package itself, each further one the package around it.
    around = package.split(".")[: package.count(".") + 2 - node.level] if node.level else []
    base = ".".join([*around, *([node.module] if node.module else [])])
    return base, *(f"{base}.{alias.name}" for alias in node.names)
