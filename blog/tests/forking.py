"""Commands of `manage.py`, each in a process that a test can kill: they fork off one that has loaded Django already.

`python -m blog.tests.forking FOLDER` reads a command from each line of its input, a list in JSON, and writes the number
of the process that follows it, then how that one ended. FOLDER is the DATA_DIR.
"""

import json
import os
import sys
import traceback
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command


def main() -> None:
    django.setup()
    settings.DATA_DIR = Path(sys.argv[1])
    settings.MEDIA_ROOT = settings.DATA_DIR / "media"
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            follow(json.loads(line))
        print(pid, flush=True)
        print(os.waitpid(pid, 0)[1], flush=True)


def follow(command: list[str]) -> None:
    """Follow a command and end the process."""
    sys.stdout = sys.stderr
    status = 1
    try:
        call_command(*command)
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    main()
