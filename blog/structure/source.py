"""The project's Python files, read without running them: first sentences, imports, names and tests."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)

# The project's packages: each may import those after it.
PACKAGES = ("config", "blog", "articles", "accounts")


@dataclass(frozen=True)
class Source:
    """What a Python file holds; the first file that is asked for reads it, and no text is kept."""

    # The first sentence of the docstring; "" without one.
    sentence: str
    # For each import statement the modules that it may name: `from a import b` names a and perhaps a.b.
    imports: tuple[tuple[str, ...], ...]
    # Dotted, as in ArticleQuerySet.published.
    names: frozenset[str]
    # The methods of classes that are called test_….
    tests: tuple[str, ...]


@cache
def read(path: Path) -> Source:
    """Return what a file of the project holds; raise OSError where there is none."""
    tree = ast.parse(path.read_text())
    names = dict(_names(tree))
    return Source(
        sentence=first_sentence(ast.get_docstring(tree)),
        imports=tuple(_imports(tree, _package(path))),
        names=frozenset(names),
        tests=tuple(name.rpartition(".")[2] for name, node in names.items() if _is_test(name, node)),
    )


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


def _statements(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield all statements, however deep, without a look at the expressions in them, which are ten times as many."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        for part in ("body", "orelse", "finalbody", "handlers", "cases"):
            inside = getattr(node, part, None)
            # A lambda and a conditional expression have a body too.
            waiting += inside if isinstance(inside, list) else ()


def _imports(tree: ast.Module, package: str) -> Iterator[tuple[str, ...]]:
    for node in _statements(tree):
        if isinstance(node, ast.Import):
            yield tuple(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            # One dot is the package itself, each further one the package around it.
            around = package.split(".")[: package.count(".") + 2 - node.level] if node.level else []
            base = ".".join([*around, *([node.module] if node.module else [])])
            yield base, *(f"{base}.{alias.name}" for alias in node.names)


def _names(tree: ast.Module | ast.ClassDef, prefix: str = "") -> Iterator[tuple[str, ast.stmt]]:
    for node in tree.body:
        match node:
            case ast.ClassDef():
                yield prefix + node.name, node
                yield from _names(node, f"{prefix}{node.name}.")
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield prefix + node.name, node
            case ast.Assign(targets=[ast.Name(name)]) | ast.AnnAssign(target=ast.Name(name)):
                yield prefix + name, node


def _is_test(name: str, node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef) and "." in name and node.name.startswith("test_")
