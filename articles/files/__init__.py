"""Articles as Markdown files: the native folder format, imported and written; translations taken away and back."""
