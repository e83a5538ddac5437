"""Why an archive is not made, or not taken."""


class BackupRefused(Exception):
    """One line for whoever called the command; nothing was changed."""
