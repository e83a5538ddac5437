"""compose.yaml as Docker Compose understands it, for tests."""

import re

import yaml
from django.conf import settings

FILE = settings.BASE_DIR / "compose.yaml"
# https://docs.docker.com/reference/compose-file/interpolation/: of its forms, those that the file uses.
VARIABLE = re.compile(r"\$\$|\$\{(\w+)(:[-+])([^}]*)\}")


def composed(**variables: str) -> dict:
    """Return the file with these variables put in, as an .env file beside it would."""

    def value(found: re.Match) -> str:
        name, kind, word = found.groups()
        if not name:
            return "$"
        there = variables.get(name, "")
        return (word if there else "") if kind == ":+" else there or word

    return yaml.safe_load(VARIABLE.sub(value, FILE.read_text()))


def labels(service: dict) -> dict[str, str]:
    """Return the labels of a service, or the options of a command that are written name=value."""
    lines = service.get("labels") or [line.removeprefix("--") for line in service["command"]]
    return dict(line.split("=", 1) for line in lines)
