"""Front matter that sections and the configuration give to all texts below. https://gohugo.io/content-management/front-matter/#cascade"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from .config import Config


@dataclass
class Cascades:
    """What is given to texts, by the language and the path of the section that gives it; ("", "") is the whole site."""

    found: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)

    def add(self, language: str, section: str, said: Any) -> None:
        rules = [rule for rule in (said if isinstance(said, list) else [said]) if isinstance(rule, dict)]
        if rules:
            self.found[language, section] = [_small(rule) for rule in rules]

    def of(self, language: str, path: str) -> dict[str, Any]:
        """Return what a text gets by the path of its file below the content; the closest section goes before others."""
        values: dict[str, Any] = {}
        for rules in self._around(language, path):
            for rule in rules:
                if _is_meant(rule, language, path):
                    params = rule.get("params")
                    for key, value in {**(_small(params) if isinstance(params, dict) else {}), **rule}.items():
                        if key not in ("target", "_target", "params"):
                            values.setdefault(key, value)
        return values

    def _around(self, language: str, path: str) -> Iterator[list[dict[str, Any]]]:
        sections = path.split("/")[:-1]
        for length in range(len(sections), -1, -1):
            yield self.found.get((language, "/".join(sections[:length]).lower()), [])
        yield self.found.get(("", ""), [])


def of_configuration(config: Config) -> Cascades:
    cascades = Cascades()
    cascades.add("", "", config.get("cascade"))
    return cascades


def _small(values: dict[str, Any]) -> dict[str, Any]:
    return {str(key).lower(): value for key, value in values.items()}


def _is_meant(rule: dict[str, Any], language: str, path: str) -> bool:
    target = rule.get("target") or rule.get("_target")
    target = _small(target) if isinstance(target, dict) else {}
    # Braces list alternatives; ** takes any number of folders.
    wanted = str(target.get("path") or "**").lower().replace("{", "").replace("}", "")
    return (
        str(target.get("kind") or "page") in ("page", "")
        and str(target.get("lang") or language).lower() in ("*", language)
        and fnmatchcase(f"/{path.lower()}", wanted if wanted.startswith(("/", "*")) else f"/{wanted}")
    )
