"""The text of the style page, which shows authors all that they may write, rendered once in each language."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from articles import image_store
from articles.files.front_matter import read_markdown
from articles.markdown import render
from articles.models import Image, Rendering

# Holds index.<language>.md for each language that has the text, and the picture that they show.
FOLDER = Path(__file__).resolve().parent / "style"
PICTURE = FOLDER / "leaf.jpg"
PICTURE_KEY = "style-leaf"


@dataclass(frozen=True)
class StylePage:
    """The page in one language. The rendering belongs to no article and is not saved."""

    language: str
    title: str
    summary: str
    rendering: Rendering


@cache
def in_language(language: str) -> StylePage:
    """Return the page in a language of the site; raise ImportProblems where its file cannot be read.

    A language that has no file is shown the text of the site's default language.
    """
    if language != settings.LANGUAGE_CODE and not (FOLDER / f"index.{language}.md").exists():
        return in_language(settings.LANGUAGE_CODE)
    entries, body, _ = read_markdown(FOLDER / f"index.{language}.md")
    rendered = render(body, language)
    # The texts call the picture as an article calls the file beside it; the library knows it by its key.
    html = rendered.html.replace(f'src="{PICTURE.name}"', f'src="image:{PICTURE_KEY}"')
    return StylePage(
        language=language,
        title=entries["title"].text(),
        summary=entries["summary"].text(),
        rendering=Rendering(language=language, contents=rendered.contents, html=html),
    )


def keep_picture() -> bool:
    """Put the page's picture into the library unless it is there; return whether it had to be."""
    if Image.objects.filter(key=PICTURE_KEY).exists():
        return False
    with image_store.workspace() as folder:
        prepared = image_store.prepare(PICTURE.read_bytes(), folder)
        image_store.save(Image(key=PICTURE_KEY, file_name=PICTURE.name), prepared)
    return not isinstance(prepared, Image)
