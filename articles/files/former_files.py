"""What an earlier export wrote into a folder and what is gone now: taken away where the site has had all of it."""

from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any

from articles import languages, shared_facts
from articles.models import Article
from articles.shared_facts import FACTS
from articles.text import ArticleText
from articles.translating.kept import answered_blocks, answered_in_work, standing

from .answered import name_of, read_answered
from .article_files import copy_answered_name, copy_name, index_name
from .facts import in_order
from .front_matter import parse_markdown, read_text
from .library import FOLDER, LISTING, is_stored
from .native import LANGUAGE_KEYS, SHARED_KEYS
from .problems import ImportProblems
from .stamps import version
from .subjects import KINDS
from .target import Target

# What a file says of a fact that it does not name.
NO_FACTS = {"source": "", "authors": [], "tags": [], "series": "", "part": None, "companions": []}


def is_known(article: Article, path: Path) -> bool:
    """Return whether the site has had what an article's file says: anything else was written by somebody since."""
    language = path.name.split(".")[1]
    try:
        if path.name in (name_of(language), copy_answered_name(language)):
            return _has_been_answered(article, language, path)
        entries, body, _line = parse_markdown(path, read_text(path))
        text = ArticleText(
            body=body, **{name: read(entries[name]) for name, read in LANGUAGE_KEYS.items() if name in entries}
        )
        facts = {name: in_order(name, SHARED_KEYS[name](entries[name])) for name in FACTS if name in entries}
        stamp = entries["version"].text() if "version" in entries else ""
    except ImportProblems:
        return False
    is_untouched = stamp == version(text, NO_FACTS | facts if "-" in stamp else None)
    return is_untouched or (_was_text(article, language, text) and _were_facts(article, facts))


def _was_text(article: Article, language: str, text: ArticleText) -> bool:
    # A history can be long: those of another title have other words.
    revisions = article.revisions.filter(language=language, title=text.title).defer("shared")
    contents = (revision.content for revision in revisions.iterator(chunk_size=50))
    return any(content == (text if text.slug else replace(text, slug=content.slug)) for content in contents)


def _were_facts(article: Article, facts: dict[str, Any]) -> bool:
    """Return whether the languages of an article share, or once shared, what a file states."""
    snapshots = chain([shared_facts.facts(article)], article.revisions.values_list("shared", flat=True))
    return not facts or any(all(shared.get(name) == value for name, value in facts.items()) for shared in snapshots)


def _has_been_answered(article: Article, language: str, path: Path) -> bool:
    blocks, is_edited = read_answered(path, read_text(path))
    kept = answered_blocks(standing(article, language)), answered_in_work(article, language)
    return not is_edited or blocks in kept


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
    makers = (index_name, copy_name, name_of, copy_answered_name)
    texts = {make(code) for code in languages.codes() for make in makers}
    for name in names:
        path = target.root / name
        is_text = path.name in texts and path.is_file() and not path.is_symlink()
        if (is_text and article and is_known(article, path)) or (not is_text and (name in listed or is_stored(path))):
            target.remove(name)
        else:
            target.leave(name, "written by hand, and not imported" if is_text else "no file of the site’s")
    target.forget(folder)
