#!/usr/bin/env python
"""Django's command line for this project."""

import os
import signal
import sys


def main() -> None:
    # Ctrl-C ends a command at once, without a traceback: what it wrote is whole, by transactions.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import OperationalError, ProgrammingError

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        # A wrong setting is the operator's to mend: one line, no traceback.
        sys.exit(f"Configuration error: {error}")
    except EOFError:
        sys.exit("This command asks for an answer, and there is no terminal to give it in.")
    except (OperationalError, ProgrammingError) as error:
        # Mostly a site that nobody has set up yet, or a server that is gone.
        if "--traceback" in sys.argv:
            raise
        said = next(iter(str(error).splitlines()), type(error).__name__)
        sys.exit(f"The database cannot be used: {said}. ./run sets it up where it is new; --traceback tells more.")


if __name__ == "__main__":
    main()
