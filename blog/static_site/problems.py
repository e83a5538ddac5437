"""What stops an export."""


class ExportError(Exception):
    """A reason why the site cannot be written, in one sentence for the person who asked for it."""
