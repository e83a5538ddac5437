"""gunicorn's own lines, in the form of all others."""

from gunicorn.glogging import Logger

from .log_lines import formatter
from .settings import LOG_FORMAT


class ServerLog(Logger):
    """Writes what gunicorn tells, and nothing of a request: its address can hold a search, or a secret."""

    def setup(self, cfg) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(formatter(LOG_FORMAT))

    def warning(self, msg, *args, **kwargs) -> None:
        # Its threads would write whose request it was; what is none is answered 400, and is no event.
        if not str(msg).startswith("Invalid request from"):
            super().warning(msg, *args, **kwargs)

    def exception(self, msg, *args, **kwargs) -> None:
        if str(msg).startswith("Error handling request"):
            msg, args = "Error handling a request", ()
        super().exception(msg, *args, **kwargs)
