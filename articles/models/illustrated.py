"""What shows images of the library in a body of Markdown."""

from django.db import models

from articles import languages


class Illustrated(models.Model):
    """What has a body in each language. The library asks every model of this kind before it lets an image go."""

    class Meta:
        abstract = True

    @classmethod
    def naming(cls, image: models.Model) -> models.QuerySet:
        """Return those, hidden or deleted ones included, that name an image in the body of some language."""
        # A key goes on where a letter, a digit or a hyphen follows.
        pattern = rf"image:{image.key}(?![a-z0-9-])"
        bodies = [languages.column("body", code) for code in languages.codes()]
        named = models.Q(*((f"{body}__regex", pattern) for body in bodies), _connector=models.Q.OR)
        return cls._default_manager.filter(named).defer(*bodies)
