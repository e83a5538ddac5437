"""The site's own texts and its pages as files, read and written: parts of a folder of articles."""

from articles.files.parts import Part
from articles.files.redirects import Redirects
from articles.files.three_way import Side

from .pages import Pages
from .site_texts import SiteTexts


def parts(prefer: Side | None = None) -> list[Part]:
    """Return what a folder holds beside articles, for one import; `prefer` says which side wins in a conflict."""
    return [SiteTexts(), Pages(prefer), Redirects()]


def written_parts() -> list[SiteTexts | Pages]:
    """Return the same for one export, which knows the redirects by itself."""
    return [SiteTexts(), Pages()]
