"""Posts of another system written as a folder of the native format, which an import reads like any other."""

from .destinations import PagePath
from .feeds import FeedPath
from .writing import Conversion, write_native

__all__ = ["Conversion", "FeedPath", "PagePath", "write_native"]
