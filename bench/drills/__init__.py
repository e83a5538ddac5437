"""What takes too long for the tests: each module is a drill, with `run(is_short) -> Drill`."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Drill:
    """What came out: the figures in sentences, and whether they are as they should be."""

    name: str
    sentences: list[str]
    has_passed: bool
