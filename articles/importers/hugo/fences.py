"""What Hugo says of a block of code after its language, as this site reads it."""

import re


def fence_attributes(said: str) -> str:
    """Return the attributes of a fence as this site reads them, of what Hugo reads after its language."""
    said = said.replace("'", '"')
    linked = re.search(r"\bhl_lines\s*=\s*(?:\[([^\]]*)\]|\"([^\"]*)\"|([\d -]+))", said, re.IGNORECASE)
    numbered = re.search(r"\blinenos\s*=\s*\"?(\w+)", said, re.IGNORECASE)
    start = re.search(r"\blinenostart\s*=\s*\"?(\d+)", said, re.IGNORECASE)
    marked = " ".join(re.findall(r"\d+(?:-\d+)?", next(filter(None, linked.groups()), ""))) if linked else ""
    wanted = []
    if numbered and numbered[1].lower() not in ("false", "0"):
        wanted.append(f'linenums="{start[1] if start else 1}"')
    if marked:
        wanted.append(f'hl_lines="{marked}"')
    return f" {{{' '.join(wanted)}}}" if wanted else ""
