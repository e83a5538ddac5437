"""The project's tree as the running code has it, with a sentence for each place, for the structure page.

The sentence of a Python package or module is the first of its own docstring; what cannot hold a docstring has its
sentence here. The catalogue `structure.po` holds them in the other languages.
"""

import ast
import gettext as catalogues
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language

# In the order in which a newcomer meets them. A test compares both lists with the files under version control.
FOLDERS = {
    "config": "",
    "articles": "",
    "blog": "",
    "templates": "The frame that both applications share: the base page, its partials and the error pages.",
    "static": "What belongs to the whole site: its stylesheet, the colours of code, its icon.",
    "bench": "What is measured, and the figures.",
    "locale": "The words of the interface in every language but English.",
}
FILES = {
    "README.md": "What this is, the two commands that run and test it, and where to go for each kind of change.",
    "DECISIONS.md": "Why things are as they are, where the tree cannot say it.",
    "CHANGELOG.md": "What readers, authors and operators notice from one version to the next.",
    "LICENSE": "The conditions under which anybody may use this code.",
    "run": "The one entry for people: it sets the site up and serves it, or tests it.",
    "manage.py": "",
    "pyproject.toml": "The settings of the tools that check the code.",
    "requirements.in": "The packages that the site needs, chosen by hand.",
    "requirements.txt": "The same with everything they need in turn, locked to exact versions and hashes.",
    "requirements-dev.in": "The packages that tests and linters need, chosen by hand.",
    "requirements-dev.txt": "The same, locked to exact versions and hashes.",
    "Dockerfile": "How to make a container that serves the site.",
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


@dataclass(frozen=True)
class Place:
    """A file or folder: its path from the project's root, its name, its sentence, and what it holds."""

    path: str
    name: str
    sentence: str
    places: list["Place"] = field(default_factory=list)


def folders() -> list[Place]:
    """Return the top-level folders; an application and the configuration with their modules and rooms."""
    return _translated(_folders())


def files() -> list[Place]:
    """Return the files at the project's root."""
    return _translated(_files())


def sentences() -> set[str]:
    """Return every sentence that the structure page shows, in English."""

    def of(places: list[Place]) -> set[str]:
        return {place.sentence for place in places}.union(*(of(place.places) for place in places))

    return of(_folders() + _files())


@cache
def _folders() -> list[Place]:
    return [
        Place(name, f"{name}/", sentence or _first_sentence(_root() / name / "__init__.py"), _inside(_root() / name))
        for name, sentence in FOLDERS.items()
    ]


@cache
def _files() -> list[Place]:
    return [Place(name, name, sentence or _first_sentence(_root() / name)) for name, sentence in FILES.items()]


def _root() -> Path:
    return Path(settings.BASE_DIR)


def _inside(folder: Path) -> list[Place]:
    """Return the modules and rooms of a package, nothing of another kind of folder."""
    if not (folder / "__init__.py").is_file():
        return []
    modules = [path for path in sorted(folder.glob("*.py")) if path.name != "__init__.py"]
    rooms = [path for path in sorted(folder.iterdir()) if path.is_dir() and not path.name.startswith(("_", "."))]
    return [_place(path) for path in modules + rooms]


def _place(path: Path) -> Place:
    if path.is_file():
        name, sentence = path.name, _first_sentence(path)
    else:
        name, sentence = f"{path.name}/", ROOMS.get(path.name) or _first_sentence(path / "__init__.py")
    return Place(path.relative_to(_root()).as_posix(), name, sentence)


def _first_sentence(module: Path) -> str:
    docstring = ast.get_docstring(ast.parse(module.read_text())) or ""
    return docstring.partition("\n\n")[0].replace("\n", " ")


def _translated(places: list[Place]) -> list[Place]:
    # One look-up of the catalogue for a page: each asks the file system.
    catalogue = catalogues.translation("structure", settings.LOCALE_PATHS[0], [get_language()], fallback=True)

    def translated(place: Place) -> Place:
        sentence = place.sentence and catalogue.gettext(place.sentence)
        return Place(place.path, place.name, sentence, [translated(inner) for inner in place.places])

    return [translated(place) for place in places]
