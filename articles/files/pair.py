"""A translation and its original as a translator takes them away: a zip of plain files, and what comes back of it."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from django.utils.translation import gettext as _

from articles import languages
from articles.models import Article, content_of
from articles.shared_facts import facts
from articles.text import ArticleText
from articles.translating import kept
from articles.translating.source import SourceBlock

from . import library
from .answered import answered_file, name_of, read_answered
from .article_files import index_name
from .front_matter import MAX_FRONT_MATTER, decoded, parse_markdown
from .images import references
from .native import LANGUAGE_KEYS, SHARED_KEYS, STAMP_KEYS
from .parcels import MAX_BYTES, MAX_PICTURES, too_large, unpacked
from .problems import FileRefused, ImportProblems, Problem
from .stamps import stamp
from .writing import language_file


@dataclass(frozen=True)
class PairFiles:
    """The files that came back: the translation, the stamps in it, and what there was beside it.

    `answered` is None where the file was not edited, or did not come back.
    """

    text: ArticleText
    version: str
    original: str
    source: ArticleText | None = None
    answered: list[SourceBlock] | None = None


def pair(article: Article, language: str) -> dict[str, str]:
    """Return the files of a translation in work, its original as it stands, and what the one answers of the other."""
    source_language = article.source_language
    original, base = article.latest_revision(source_language), article.in_work(language)
    source = article.text_in(source_language)
    # Companions are other articles, which need not be where this one goes.
    shared = {name: value for name, value in facts(article).items() if name != "companions"}
    answered = kept.answered_in_work(article, language)
    stamps = {"version": stamp(base), "original": stamp(original)}
    files = {
        index_name(source_language): language_file(source, shared, version=stamp(original)),
        index_name(language): language_file(base.content if base else ArticleText(), **stamps),
        name_of(language): answered_file(answered, source),
    }
    about = {"title": article.shown_title()[0], "source": index_name(source_language)}
    about |= {"translation": index_name(language), "answered": name_of(language)}
    return {_("READ ME.txt"): _read_me() % about} | {f"{article.key}/{name}": text for name, text in files.items()}


def pictures(article: Article, language: str) -> dict[str, Path]:
    """Return the image files beside the two texts, as many as come back in a zip, by their paths in it."""
    texts = [article.text_in(article.source_language), content_of(article.in_work(language))]
    named = {reference.name for text in texts for reference in references(Path(), text.body, 1)}
    links = article.image_files.filter(name__in=named).select_related("image").order_by("name")
    found, left = {}, MAX_PICTURES
    for link in links:
        path = library.bytes_of(link.image)
        if path and path.stat().st_size <= left:
            left -= path.stat().st_size
            found[f"{article.key}/{link.name}"] = path
    return found


def _read_me() -> str:
    return _(
        "%(title)s\n\n"
        "%(source)s is the original. Please do not change it.\n"
        "%(translation)s is the translation: this is the file to write. Leave the lines “version” and “original” at "
        "its head as they are.\n"
        "%(answered)s is the original as it was when the translation was last brought up to date. Compare it with "
        "%(source)s, in any program that compares files: what differs is what is to be translated. Only where you do "
        "not translate everything that differs, edit it as well: bring those passages that you did translate to the "
        "words of %(source)s. “left_out” holds the numbers of passages that this language does without.\n\n"
        "When you are done, send the whole folder back as a zip, or %(translation)s alone, on the page where you got "
        "it. Nothing that others wrote in the meantime is overwritten.\n"
    )


def read_pair(name: str, data: bytes, article: Article, language: str) -> PairFiles:
    """Return what came back, as a zip or as the translation alone; raise FileRefused."""
    if not data.startswith(b"PK"):
        if len(data) > MAX_BYTES:
            raise too_large()
        _check_name(PurePosixPath(name.replace("\\", "/")).name, language)
        return _read(name, data, language, {})
    files: dict[str, bytes] = {}
    for path, content in unpacked(data).items():
        place = PurePosixPath(path)
        if place.suffix != ".md":
            continue
        if len(place.parts) > 1 and place.parts[-2] != article.key and place.name == index_name(language):
            raise FileRefused(
                _("This zip holds the article “%(other)s”; this page is that of “%(key)s”.")
                % {"other": place.parts[-2][:100], "key": article.key}
            )
        if place.name in files:
            raise FileRefused(_("“%(name)s” stands twice in this zip.") % {"name": place.name})
        files[place.name] = content
    if index_name(language) not in files:
        raise FileRefused(_("There is no %(name)s in this zip.") % {"name": index_name(language)})
    name = index_name(language)
    return _read(name, files.pop(name), language, files)


def _check_name(name: str, language: str) -> None:
    for code in languages.codes():
        if code != language and name.startswith((f"index.{code}", f"answered.{code}")):
            raise FileRefused(
                _("“%(name)s” is the file of another language; this page takes %(wanted)s.")
                % {"name": name[:100], "wanted": index_name(language)}
            )
    if name.startswith("answered."):
        raise FileRefused(
            _("“%(name)s” alone says nothing: send it in a zip with the translation.") % {"name": name[:100]}
        )


def _read(name: str, data: bytes, language: str, beside: dict[str, bytes]) -> PairFiles:
    try:
        text, stamps = _language_file(Path(name), data)
        others = [code for code in languages.codes() if index_name(code) in beside and code != language]
        source = next((_language_file(Path(index_name(code)), beside[index_name(code)])[0] for code in others), None)
        listed = None
        if (listing := name_of(language)) in beside:
            blocks, is_edited = read_answered(Path(listing), _sent(Path(listing), beside[listing]))
            listed = blocks if is_edited else None
    except ImportProblems as error:
        lines = [
            _("%(file)s, line %(line)d: %(reason)s")
            % {"file": each.path.name, "line": each.line, "reason": each.reason}
            for each in error.problems
        ]
        raise FileRefused(" ".join(lines)) from None
    return PairFiles(text, stamps.get("version", ""), stamps.get("original", ""), source, listed)


def _sent(path: Path, data: bytes) -> str:
    """Return the text of a file whose front matter is no longer than anybody writes: reading YAML takes its time."""
    text = decoded(path, data)
    if text.find("\n---", 3) > MAX_FRONT_MATTER:
        raise ImportProblems([Problem(path, 1, _("what stands above the text is far too long"))])
    return text


def _language_file(path: Path, data: bytes) -> tuple[ArticleText, dict[str, str]]:
    entries, body, _first_line = parse_markdown(path, _sent(path, data))
    for key, value in entries.items():
        if key not in LANGUAGE_KEYS and key not in STAMP_KEYS and key not in SHARED_KEYS:
            raise value.problem(_("unknown key “%(key)s”") % {"key": key})
    values = {key: LANGUAGE_KEYS[key](entries[key]) for key in LANGUAGE_KEYS if key in entries}
    return ArticleText(body=body, **values), {key: entries[key].text() for key in STAMP_KEYS if key in entries}
