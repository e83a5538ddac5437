"""The project's tree with a sentence for each place, as the structure page shows it.

The sentence of a Python package or module is the first of its own docstring; what cannot hold a docstring has its
sentence here. The catalogue `structure.po` holds them in the other languages.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .source import PACKAGES, ROOT, project_path, sentence_of

# In the order in which a newcomer meets them. A test compares both lists with the files under version control.
FOLDERS = {
    "config": "",
    "articles": "",
    "blog": "",
    "accounts": "",
    "templates": "The frame that the applications share: the base page, its partials and the error pages.",
    "static": "What belongs to the whole site: its stylesheet, the colours of code, its icon.",
    "bench": "What is measured, and the figures.",
    "docs": "What operators and contributors must know: installing, configuring, upgrading, changing.",
    "locale": "The words of the interface in every language but English.",
}
FILES = {
    "README.md": "What this is, the two commands that run and test it, and where to go for each kind of change.",
    "DECISIONS.md": "Why things are as they are, where the tree cannot say it.",
    "CHANGELOG.md": "What readers, authors and operators notice from one version to the next.",
    "SECURITY.md": "Who might attack the site, what stops them, and which test shows it.",
    "LICENSE": "The conditions under which anybody may use this code.",
    "run": "The one entry for people: it sets the site up and serves it, or tests it.",
    "manage.py": "",
    "pyproject.toml": "The settings of the tools that check the code.",
    "requirements.in": "The packages that the site needs, chosen by hand.",
    "requirements.txt": "The same with everything they need in turn, locked to exact versions and hashes.",
    "requirements-dev.in": "The packages that tests and linters need, chosen by hand.",
    "requirements-dev.txt": "The same, locked to exact versions and hashes.",
    "Dockerfile": "How to make a container that serves the site.",
    "compose.yaml": "The whole site in containers: gateway, site, database, counters, backups.",
}

# The rooms of an application that hold no module of their own to quote.
ROOMS = {
    "content": "The articles that ship with the project, as Markdown files.",
    "migrations": "How the database came to its present form, step by step.",
    "style": "The text of the style page in each language, and the picture that it shows.",
    "static": "The scripts and styles that belong to this application alone.",
    "templates": "The pages that this application fills.",
    "templatetags": "What its templates can do beyond Django's own tags.",
    "management": "The commands that it adds to manage.py.",
    "tests": "What it promises, as sentences that a machine checks.",
}

# The names that Django gives, or the server's interface: their like is in every project.
CONVENTIONS = {
    *("admin", "apps", "asgi", "context_processors", "feeds", "forms", "management", "middleware", "migrations"),
    *("models", "settings", "sitemaps", "static", "templates", "templatetags", "tests", "urls", "views", "wsgi"),
}


@dataclass(frozen=True)
class Place:
    """A file or folder: its path from the project's root, its name, and its sentence in English."""

    path: str
    name: str
    sentence: str
    # What an application holds.
    places: tuple["Place", ...] = ()

    @property
    def is_convention(self) -> bool:
        return self.name.removesuffix("/").removesuffix(".py") in CONVENTIONS


@cache
def folders() -> list[Place]:
    """Return the top-level folders, packages with what they hold; what a deployment left out is not shown."""
    return [_place(ROOT / name, sentence) for name, sentence in FOLDERS.items() if (ROOT / name).is_dir()]


@cache
def files() -> list[Place]:
    """Return the files at the project's root."""
    return [_place(ROOT / name, sentence) for name, sentence in FILES.items() if (ROOT / name).is_file()]


def _place(path: Path, sentence: str = "") -> Place:
    if path.is_file():
        return Place(project_path(path), path.name, sentence or sentence_of(path))
    sentence = sentence or sentence_of(path / "__init__.py")
    return Place(project_path(path), f"{path.name}/", sentence, _inside(path) if path.name in PACKAGES else ())


def _inside(package: Path) -> tuple[Place, ...]:
    """Return the modules of a package, then its rooms."""
    modules = [path for path in sorted(package.glob("*.py")) if path.name != "__init__.py"]
    rooms = [path for path in sorted(package.iterdir()) if path.is_dir() and not path.name.startswith(("_", "."))]
    return tuple(_place(path) for path in modules) + tuple(_place(path, ROOMS.get(path.name, "")) for path in rooms)
