"""French joins a date and its time by a word."""

DATETIME_FORMAT = r"j F Y \à H:i"
