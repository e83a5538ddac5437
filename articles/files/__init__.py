"""Articles as Markdown files: the native folder format, read, imported and written; translations as files for others."""
