"""Markdown to safe HTML: the one pipeline that every text goes through. It knows no database and no request."""

from .ahead import rendering_ahead
from .limits import BodyRefused
from .process import render
from .rendering import RENDER_VERSION, Rendered
from .typography import typeset

__all__ = ["RENDER_VERSION", "BodyRefused", "Rendered", "render", "rendering_ahead", "typeset"]
