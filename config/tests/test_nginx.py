"""The documented set-up behind nginx."""

import subprocess
import tempfile
from pathlib import Path

from django.conf import settings
from django.test import SimpleTestCase

FILE = settings.BASE_DIR / "bench" / "nginx.conf"
AROUND = (
    "pid {folder}/pid; error_log stderr; events {{}} http {{ {temporary} access_log off; include {folder}/site.conf; }}"
)
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


class NginxTests(SimpleTestCase):
    def test_nginx_takes_the_file_that_the_readme_names(self):
        self.assertIn(str(FILE.relative_to(settings.BASE_DIR)), (settings.BASE_DIR / "README.md").read_text())
        with tempfile.TemporaryDirectory() as folder:
            temporary = " ".join(f"{name}_temp_path {folder}/{name};" for name in TEMPORARY)
            # Who is not root may neither write there nor listen here.
            site = FILE.read_text().replace("/var/cache/nginx", folder)
            Path(folder, "site.conf").write_text(site.replace("listen 80", f"listen unix:{folder}/socket"))
            Path(folder, "nginx.conf").write_text(AROUND.format(folder=folder, temporary=temporary))
            command = ["nginx", "-t", "-q", "-p", folder, "-c", f"{folder}/nginx.conf"]
            told = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertEqual((told.returncode, told.stderr), (0, ""))
