"""The files tags.yaml, series.yaml and authors.yaml beside the articles, read and checked."""

from functools import partial
from pathlib import Path

import yaml

from articles import languages
from articles.models import key_validator

from .front_matter import Value, parse_yaml, read_text
from .problems import Faults
from .subjects import KINDS, Kind, SubjectEntry


def read_subjects(folder: Path) -> list[SubjectEntry]:
    """Return what a folder says of tags, series and authors; raise ImportProblems with all that is wrong."""
    reader = _Reader()
    entries = [entry for name, kind in KINDS.items() for entry in reader.entries(folder, name, kind)]
    reader.refuse_any()
    return entries


def check_key(faults: Faults, key: str, path: Path, line: int = 1) -> None:
    """Note where something is named by what is no key."""
    if not key_validator.regex.match(key):
        faults.note(path, f"“{key}” is no key: {key_validator.message}", line)


class _Reader(Faults):
    def entries(self, folder: Path, name: str, kind: Kind) -> list[SubjectEntry]:
        if (misnamed := folder / f"{name}.yml").exists():
            self.note(misnamed, f"not read: the file of the {name} is {name}.yaml")
        path = folder / f"{name}.yaml"
        is_there = path.exists() or path.is_symlink()
        values = self.attempt(lambda: parse_yaml(path, read_text(path)), default={}) if is_there else {}
        for key, value in values.items():
            if kind.key == "key":
                check_key(self, key, path, value.key_line)
        entry = partial(SubjectEntry, kind)
        return [entry(key, self.texts(kind, value), path, value.key_line) for key, value in values.items()]

    def texts(self, kind: Kind, value: Value) -> dict[str, dict[str, str]]:
        texts = self.attempt(value.mapping, default={})
        for language in texts.keys() - set(languages.codes()):
            self.note(value.path, f"unknown language “{language}”", texts[language].key_line)
        return {code: self.attempt(self.language_texts, kind, texts[code], default={}) for code in texts}

    def language_texts(self, kind: Kind, value: Value) -> dict[str, str]:
        """Return the texts of a thing in one language; a single one is the main one."""
        if isinstance(value.node, yaml.ScalarNode):
            return {kind.texts[0]: value.text()}
        texts = value.mapping()
        for key in texts.keys() - set(kind.texts):
            known = ", ".join(kind.texts)
            self.note(value.path, f"unknown key “{key}”; the known ones are {known}", texts[key].key_line)
        return {key: self.attempt(text.text, default="") for key, text in texts.items()}
