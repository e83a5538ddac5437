"""The articles and what belongs to them, a module for each thing.

Translated fields (see translation.py) have one column per language and no fallback. Texts are written by
saving.save_language alone.
"""

from .article import Article
from .author import Author
from .companion import Companion
from .illustrated import Illustrated
from .image import ArticleImage, Image
from .key import free_key, key_validator
from .link_finding import LinkCheck, LinkFinding, OutsideAddress
from .preview_link import PreviewLink
from .redirect import Redirect
from .rendering import Rendering
from .revision import Revision, SavedText, WorkingCopy, content_of
from .search_entry import SearchEntry
from .series import Series
from .slugged import FormerSlug, Slugged
from .tag import Tag
from .translation import Translation
from .unsaved_text import UnsavedText
from .whole import whole

__all__ = [
    "Article",
    "ArticleImage",
    "Author",
    "Companion",
    "FormerSlug",
    "Illustrated",
    "Image",
    "LinkCheck",
    "LinkFinding",
    "OutsideAddress",
    "PreviewLink",
    "Redirect",
    "Rendering",
    "Revision",
    "SavedText",
    "SearchEntry",
    "Series",
    "Slugged",
    "Tag",
    "Translation",
    "UnsavedText",
    "WorkingCopy",
    "content_of",
    "free_key",
    "key_validator",
    "whole",
]
