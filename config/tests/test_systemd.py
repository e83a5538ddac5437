"""The documented service, as systemd reads it."""

import shutil
import subprocess
import tempfile
from pathlib import Path
from unittest import skipUnless

from django.conf import settings
from django.test import SimpleTestCase

FILE = settings.BASE_DIR / "docs" / "recto-verso.service"


@skipUnless(shutil.which("systemd-analyze"), "It takes systemd-analyze, which a container may lack.")
class ServiceTests(SimpleTestCase):
    def test_systemd_finds_no_fault_in_the_service_and_little_that_it_may_do(self):
        with tempfile.TemporaryDirectory() as folder:
            unit = Path(folder) / FILE.name
            unit.write_text(FILE.read_text().replace("/srv/recto-verso", str(settings.BASE_DIR)))
            for command in (
                ["verify", "--man=no", unit],
                # In tenths, of 10 for a service that may do everything.
                ["security", "--offline=true", "--threshold=20", unit],
            ):
                told = subprocess.run(["systemd-analyze", *command], capture_output=True, text=True, check=False)
                self.assertEqual((told.returncode, told.stderr), (0, ""), told.stdout)
