"""When readers last got something new."""

from django.db import models


class LastChange(models.Model):
    """When anything that a reader can see was last written; there is one row. `changes` keeps it."""

    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.at)
