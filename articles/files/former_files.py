"""What an earlier export wrote into a folder and what is gone now: taken away where the site has had all of it."""

from pathlib import Path

from articles import languages
from articles.models import Article
from articles.text import ArticleText
from articles.translating.kept import answered_blocks, standing

from .answered import read_answered
from .article_files import copy_name, index_name
from .front_matter import parse_markdown, read_text
from .library import FOLDER, LISTING, is_stored
from .problems import ImportProblems
from .subjects import KINDS
from .target import Target

TEXT_FIELDS = ("title", "slug", "summary")


def is_known(article: Article, path: Path) -> bool:
    """Return whether the site has had the words of an article's file: another one was written by somebody since."""
    language = path.name.split(".")[1]
    try:
        entries, body, _line = parse_markdown(path, read_text(path))
        head = {name: entries[name].text() for name in TEXT_FIELDS if name in entries}
    except ImportProblems:
        return False
    if path.name.startswith("answered."):
        return _has_been_answered(article, language, path)
    text = ArticleText(body=body, **head)
    # Without those of other languages and sizes: a history can be long.
    revisions = article.revisions.filter(language=language, title=text.title, summary=text.summary)
    return any(_says(revision.content, text) for revision in revisions.defer("shared").iterator())


def _says(content: ArticleText, text: ArticleText) -> bool:
    return content.reads_like(text) and text.slug in (None, content.slug)


def _has_been_answered(article: Article, language: str, path: Path) -> bool:
    try:
        blocks, is_edited = read_answered(path, read_text(path))
    except ImportProblems:
        return False
    return not is_edited or blocks == answered_blocks(standing(article, language))


def clear(target: Target, listed: set[str]) -> None:
    """Remove what is gone from a folder that was just written; `listed` are the images that it had listed before."""
    for folder in target.folders():
        _clear_article(target, folder, listed)
    for name in target.unwritten(FOLDER):
        if name in listed or name == LISTING:
            target.remove(name)
        else:
            target.leave(name, "no file of the site’s")
    target.forget(FOLDER)
    for name in [*(f"{kind}.yaml" for kind in KINDS), "redirects.yaml"]:
        if name not in target.written and (target.root / name).is_file():
            target.remove(name)


def _clear_article(target: Target, folder: str, listed: set[str]) -> None:
    names = target.unwritten(folder)
    if not names:
        return
    article = Article.objects.filter(key=folder).first()
    texts = {make(code) for code in languages.codes() for make in (index_name, copy_name, "answered.{}.md".format)}
    for name in names:
        path = target.root / name
        is_text = path.name in texts and path.is_file() and not path.is_symlink()
        if (is_text and article and is_known(article, path)) or (not is_text and (name in listed or is_stored(path))):
            target.remove(name)
        else:
            target.leave(name, "written by hand, and not imported" if is_text else "no file of the site’s")
    target.forget(folder)
