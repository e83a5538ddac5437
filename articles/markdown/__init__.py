"""Markdown to safe HTML: the one pipeline that every text goes through. It knows no database and no request."""

from .rendering import RENDER_VERSION, NestedTooDeeply, Rendered, render

__all__ = ["RENDER_VERSION", "NestedTooDeeply", "Rendered", "render"]
