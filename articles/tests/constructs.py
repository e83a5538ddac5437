"""What authors may write, with the HTML that it must give."""

import re
from pathlib import Path


def constructs() -> dict[str, tuple[str, str]]:
    """Return the source and the HTML of each construct of constructs.txt, by its name."""
    pieces = Path(__file__).with_name("constructs.txt").read_text().split("\n=== ")[1:]
    pattern = re.compile(r"(.*?)\n(.*?)\n---->\n(.*?)\n*", re.DOTALL)
    return {match[1]: (match[2], match[3]) for match in map(pattern.fullmatch, pieces)}
