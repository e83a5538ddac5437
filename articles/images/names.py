"""The names of stored image files: of their content and width, so that a browser may keep each for ever."""

import re

CONTENT_TYPES = {
    "avif": "image/avif",
    "webp": "image/webp",
    "jpg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
}

# How much of the content's digest a name holds, in hexadecimal digits.
DIGEST_LENGTH = 16

FILE_NAME = re.compile(rf"[0-9a-f]{{{DIGEST_LENGTH}}}-[1-9][0-9]{{0,3}}\.(?:{'|'.join(CONTENT_TYPES)})")


def file_name(digest: str, width: int, extension: str) -> str:
    """Return the name of one file of an image: `digest` is of the uploaded bytes, `width` in pixels."""
    return f"{digest[:DIGEST_LENGTH]}-{width}.{extension}"


def extensions(fallback: str, is_animated: bool) -> list[str]:
    """Return the extensions that an image has in each width.

    `fallback` is that of the still picture which every browser shows: jpg or png.
    """
    return ["webp", "gif", fallback] if is_animated else ["avif", "webp", fallback]
