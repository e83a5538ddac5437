"""The settings of a server that tests let fail: `var/` is the folder DATA_DIR, and writers wait for a moment only.

CLOCK names a file with the days by which the clock of this process is ahead, CONNECTION_SECONDS how long a
connection to a file lasts.
"""

import os
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from config.settings import *  # noqa: F403
from config.settings import DATABASES

DATA_DIR = Path(os.environ["DATA_DIR"])
MEDIA_ROOT = DATA_DIR / "media"
# Where it is full from the start, Python takes another one.
tempfile.tempdir = str(DATA_DIR / "tmp")

_options = DATABASES["default"]["OPTIONS"]
if "timeout" in _options:
    _options["timeout"] = 0.5
    DATABASES["default"]["CONN_MAX_AGE"] = float(os.environ["CONNECTION_SECONDS"])
else:
    _options["options"] = "-c lock_timeout=500ms"

if "CLOCK" in os.environ:
    _clock, _now, _time = Path(os.environ["CLOCK"]), timezone.now, time.time

    def _ahead() -> timedelta:
        return timedelta(days=int(_clock.read_text() or 0))

    def _now_ahead() -> datetime:
        return _now() + _ahead()

    timezone.now, time.time = _now_ahead, lambda: _time() + _ahead().total_seconds()
