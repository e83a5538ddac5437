"""The parts of the configuration and of each application, as the running site has them."""

from dataclasses import dataclass
from functools import cache

from django.contrib import admin
from django.core.management import get_commands, load_command_class
from django.template.library import import_library

from .addresses import Address, addresses_in
from .fields import Model, models_of
from .source import PACKAGES, ROOT, place_of, sentence_of, tests_in
from .tree import Place, folders

# For each package tests that a newcomer learns something from, read out as the sentences that they are.
TESTS_READ_OUT = {
    "config": ["test_a_laptop_needs_no_variable_at_all", "test_a_refused_database_address_is_not_repeated"],
    "blog": [
        "test_every_language_has_a_home_page",
        "test_no_cookie_no_script_and_nothing_from_another_host",
        "test_a_forged_host_is_refused_and_never_repeated",
    ],
    "accounts": [],
    "articles": [
        "test_the_date_alone_decides_and_each_language_has_its_own",
        "test_a_missing_translation_is_never_filled_from_the_other_language",
        "test_a_taken_slug_gets_the_first_free_number",
    ],
}


@dataclass(frozen=True)
class Part:
    """Something with a name in code: its sentence in English, or its file, and what it gives or is for."""

    name: str
    sentence: str = ""
    place: str = ""
    gives: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tests:
    """How many test modules and tests there are, and some of them read out: name and sentence in English."""

    modules: int
    methods: int
    read_out: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Application:
    """A package of the project."""

    name: str
    folder: Place
    models: list[Model]
    addresses: list[Address]
    admin: list[Part]
    commands: list[Part]
    templates: list[str]
    tags: list[Part]
    tests: Tests

    @property
    def models_place(self) -> str:
        return "models/" if (ROOT / self.name / "models").is_dir() else "models.py"


@cache
def applications() -> list[Application]:
    """Return the configuration and the applications, each with its parts, in the order of the tree."""
    return [_application(folder.path, folder) for folder in folders() if folder.path in PACKAGES]


def _application(name: str, folder: Place) -> Application:
    return Application(
        name=name,
        folder=folder,
        models=models_of(name),
        addresses=addresses_in(name),
        admin=_admin(name),
        commands=_commands(name),
        templates=_templates(name),
        tags=_tags(name),
        tests=_tests(name),
    )


def _admin(name: str) -> list[Part]:
    registered = {type(form): model.__name__ for model, form in admin.site._registry.items()}
    return [
        Part(form.__name__, place=place_of(form.__module__), gives=(model,))
        for form, model in registered.items()
        if form.__module__.startswith(f"{name}.")
    ]


def _commands(name: str) -> list[Part]:
    own = sorted(command for command, application in get_commands().items() if application == name)
    return [Part(command, str(load_command_class(name, command).help)) for command in own]


def _templates(name: str) -> list[str]:
    folder = ROOT / name / "templates"
    return [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*.*"))]


def _tags(name: str) -> list[Part]:
    parts = []
    for path in sorted((ROOT / name / "templatetags").glob("[!_]*.py")):
        library = import_library(f"{name}.templatetags.{path.stem}")
        gives = tuple(sorted({*library.tags, *library.filters}))
        parts.append(Part(path.stem, sentence_of(path), gives=gives))
    return parts


def _tests(name: str) -> Tests:
    found = [tests_in(path) for path in sorted((ROOT / name / "tests").glob("test_*.py"))]
    names = {test for tests in found for test in tests}
    return Tests(
        modules=len(found),
        methods=sum(map(len, found)),
        read_out=tuple((test, _sentence(test)) for test in TESTS_READ_OUT[name] if test in names),
    )


def _sentence(test: str) -> str:
    words = test.removeprefix("test_").replace("_", " ")
    return f"{words[0].upper()}{words[1:]}."
