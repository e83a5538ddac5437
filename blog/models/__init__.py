"""The publication's own texts: what the site is called, and its pages, a module for each thing."""

from .last_change import LastChange
from .page import Page
from .page_rendering import PageRendering
from .page_revision import PageRevision
from .site import Site

__all__ = ["LastChange", "Page", "PageRendering", "PageRevision", "Site"]
