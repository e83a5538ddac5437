"""Old addresses of what is no article, and where they lead: `redirects.yaml`, each as `/old/path/: /new/path/`."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from django.apps import apps
from django.contrib.auth.models import AbstractBaseUser

from articles.addresses import path_in
from articles.models import FormerSlug, Redirect

from .front_matter import Value, parse_yaml, read_text
from .problems import Problem, checked, require
from .subjects import Outcome
from .target import Target
from .writing import yaml_file

NAME = "redirects.yaml"


def paths() -> dict[str, str]:
    """Return where each old address leads: those that were noted, and the former ones of tags, series and the like."""
    noted = Redirect.objects.filter(article=None).values_list("old_path", "new_path")
    return dict(sorted((dict(_former()) | dict(noted)).items()))


def _former() -> Iterator[tuple[str, str]]:
    for former in FormerSlug.objects.order_by("pk").iterator():
        model = apps.get_model(former.model)
        thing = model._base_manager.filter(pk=former.object_id).first()
        now = thing and thing.get_absolute_url(former.language)
        if now and thing.slug_in(former.language) != former.slug:
            name = f"{model._meta.app_label}:{model._meta.model_name}_detail"
            yield unquote(path_in(former.language, name, slug=former.slug)), now


def write(target: Target) -> None:
    if found := paths():
        target.write(NAME, yaml_file(found))


class Redirects:
    """The part of an import that reads them. What an address leads to on the site is kept."""

    is_first = False

    def __init__(self) -> None:
        self.entries: dict[str, Value] = {}

    def read(self, folder: Path) -> None:
        path = folder / NAME
        self.entries = parse_yaml(path, read_text(path)) if os.path.lexists(path) else {}
        for value in self.entries.values():
            value.text()

    def save(self, by: AbstractBaseUser | None, is_dry: bool) -> Iterator[Outcome]:
        there = paths() if self.entries else {}
        for old, value in self.entries.items():
            new, problem = value.text(), Problem(value.path, value.key_line, "")
            if there.get(old) == new:
                continue
            taken = Redirect.objects.filter(old_path=old).first()
            if old in there or taken:
                yield value.path, f"{old} kept: it leads elsewhere on the site"
                continue
            require(by is None or by.has_perm("articles.add_redirect"), problem, by)
            if not new.startswith("/"):
                raise value.problem(f"“{new}” is no path: write one like /en/tags/django/")
            checked(Redirect(old_path=old, new_path=new), problem).save()
            yield value.path, f"{old} created"
