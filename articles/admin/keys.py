"""Keys of rows as addresses and forms name them."""


def key_in(words: str) -> int | None:
    """Return the key that some words write, None where no row can have it: neither database counts further."""
    return int(words) if words.isascii() and words.isdigit() and len(words) < 19 else None
