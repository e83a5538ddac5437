"""What has a body of Markdown, in which it shows images of the library and links to articles."""

import re
from collections.abc import Iterable

from django.apps import apps
from django.db import models

from articles import languages

# What a body holds where it names an image; the key is as long as it can be.
IMAGE_NAME = re.compile(r"image:([a-z0-9-]+)")


class Illustrated(models.Model):
    """What has a body in each language, and renderings of it, each with its `language` and its `html`.

    The library asks every model of this kind before it lets an image go, and an article who links to it.
    """

    class Meta:
        abstract = True

    @classmethod
    def naming(cls, image: models.Model) -> models.QuerySet:
        """Return those, hidden or deleted ones included, that name an image in the body of some language."""
        pattern = cls.name_of(image)
        bodies = [languages.column("body", code) for code in languages.codes()]
        named = models.Q(*((f"{body}__regex", pattern) for body in bodies), _connector=models.Q.OR)
        return cls._default_manager.filter(named).defer(*bodies)

    @classmethod
    def named_images(cls) -> set[tuple[int, str]]:
        """Return what `naming` finds for every image, read once: the primary key of the text and the image's key."""
        bodies = [languages.column("body", code) for code in languages.codes()]
        rows = cls.holding(["image:"]).order_by().values_list("pk", *bodies).iterator()
        return {(pk, key) for pk, *texts in rows for text in texts for key in IMAGE_NAME.findall(text or "")}

    @staticmethod
    def name_of(image: models.Model) -> str:
        """Return the regular expression of an image's name in a body."""
        # A key goes on where a letter, a digit or a hyphen follows.
        return rf"image:{image.key}(?![a-z0-9-])"

    @classmethod
    def holding(cls, words: Iterable[str]) -> models.QuerySet:
        """Return those that hold one of several words in the body of some language, whatever is beside it."""
        bodies = [languages.column("body", code) for code in languages.codes()]
        held = models.Q(*((f"{body}__contains", word) for word in words for body in bodies), _connector=models.Q.OR)
        return cls._default_manager.filter(held).defer(*bodies)

    @classmethod
    def kinds(cls) -> list[type["Illustrated"]]:
        """Return the models of this kind, in whatever application."""
        return [model for model in apps.get_models() if issubclass(model, cls)]
