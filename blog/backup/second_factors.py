"""The second factors that a restore keeps, by the name of the account: with an archive without passwords, as these are
kept, and with one of a release that knew no second factor: else it would be switched off unseen."""

from django.apps.registry import Apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Model

from .rows import SECOND_FACTORS, Node


class SecondFactors:
    """The apps and recovery codes that are there when it is made; `write` puts them back once the tables are empty."""

    def __init__(self, apps: Apps) -> None:
        self.users, self.name = apps.get_model(settings.AUTH_USER_MODEL), get_user_model().USERNAME_FIELD
        self.names = dict(self.users.objects.values_list("pk", self.name))
        models = {label: apps.get_model(label) for label in SECOND_FACTORS}
        self.devices = [row for model in models.values() if _has_user(model) for row in model.objects.order_by("pk")]
        others = [model for model in models.values() if not _has_user(model)]
        self.codes = [row for model in others for row in model.objects.select_related("device").order_by("pk")]

    def write(self) -> None:
        """Give each to the account that bears the name of its owner now; where there is none, it is gone."""
        numbers = dict(self.users.objects.values_list(self.name, "pk"))
        for row in self.devices:
            if owner := numbers.get(self.names[row.user_id]):
                row.user_id = owner
                row.save(force_insert=True)
        for row in self.codes:
            if self.names[row.device.user_id] in numbers:
                row.save(force_insert=True)


def are_known_to(migrations: tuple[Node, ...]) -> bool:
    """Return whether a release with these migrations has the tables of second factors."""
    return {label.partition(".")[0] for label in SECOND_FACTORS} <= {app for app, _name in migrations}


def _has_user(model: type[Model]) -> bool:
    return any(field.name == "user" for field in model._meta.fields)
