"""French dates as French writes them, where Django's own leave out a word."""

DATETIME_FORMAT = r"j F Y \à H:i"
