"""When readers last got something new."""

import uuid

from django.db import models


class LastChange(models.Model):
    """When anything that a reader can see was last written; there is one row. `changes` keeps it."""

    at = models.DateTimeField()
    # Another one with each write. A number that counts would come again when a backup is restored.
    token = models.UUIDField(default=uuid.uuid4)

    def __str__(self) -> str:
        return str(self.at)
