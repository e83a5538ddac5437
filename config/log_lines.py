"""The lines of the log: an event begins one, and no visitor's words begin another."""

import copy
import logging
import re

# All that some program takes for the end of a line, or that moves the cursor of a terminal.
CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")


class LineFormatter(logging.Formatter):
    """Writes control characters in a message as Python does, and each further line of a traceback further in.

    What Django refuses has no traceback: the code is right, and any visitor could fill the disk with them.
    """

    def format(self, record: logging.LogRecord) -> str:
        if record.name.startswith("django.security."):
            record = copy.copy(record)
            record.exc_info = record.exc_text = None
        return super().format(record)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802, Python's own name
        return CONTROL.sub(lambda found: repr(found[0])[1:-1], super().formatMessage(record))

    def formatException(self, ei) -> str:  # noqa: N802, Python's own name
        lines = super().formatException(ei).splitlines()
        return "\n".join(["".join(lines[:1]), *(f"  {line}" for line in lines[1:])])
