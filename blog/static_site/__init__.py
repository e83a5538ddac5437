"""The whole readers' site as files, made by the same views, for any server of files."""

from .exporting import Summary, export
from .problems import ExportError

__all__ = ["ExportError", "Summary", "export"]
