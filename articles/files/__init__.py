"""Articles as Markdown files: the native folder format, read and imported."""
