"""The text of the style page, which shows authors all that they may write, rendered once in each language."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from articles.files.front_matter import read_markdown
from articles.markdown import render
from articles.models import Rendering

# Holds index.<language>.md for each language, and the picture that they show.
FOLDER = Path(__file__).resolve().parent / "style"

# An image called by the name of its file: neither an address nor a key of the library.
FILE_SOURCE = re.compile(r'(<img[^<>]* src=")([^":/]+)(?=")')


@dataclass(frozen=True)
class StylePage:
    """The page in one language. The rendering belongs to no article and is not saved."""

    title: str
    summary: str
    rendering: Rendering


@cache
def in_language(language: str) -> StylePage:
    """Return the page in a language of the site; raise ImportProblems where its file cannot be read."""
    entries, body = read_markdown(FOLDER / f"index.{language}.md")
    rendered = render(body, language)
    html = FILE_SOURCE.sub(lambda image: image[1] + library_source(image[2]), rendered.html)
    return StylePage(
        title=entries["title"].text(),
        summary=entries["summary"].text(),
        rendering=Rendering(language=language, contents=rendered.contents, html=html),
    )


def library_source(name: str) -> str:
    """Return how texts name the image of the library that is kept of a file beside this one's texts."""
    return f"image:style-{Path(name).stem}"
