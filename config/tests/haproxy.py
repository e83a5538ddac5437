"""A real HAProxy as docs/haproxy.cfg sets it up."""

import subprocess
import tempfile
from pathlib import Path

from django.conf import settings

from blog.tests.ports import free_port

from .tls import Certificate, until_it_listens

FILE = settings.BASE_DIR / "docs" / "haproxy.cfg"


class HAProxyMixin:
    """For tests that ask HAProxy, which `start_haproxy` starts."""

    def start_haproxy(self, site: int, **other: str) -> None:
        """Start HAProxy in front of a port; it stops with the test. Where it is told to log, it does so to `log`."""
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.plain_port, self.port, self.certificate = free_port(), free_port(), Certificate(folder)
        self.log = folder / "log"
        text = FILE.read_text()
        here = {
            "bind :80\n": f"bind 127.0.0.1:{self.plain_port}\n",
            "bind :443": f"bind 127.0.0.1:{self.port}",
            "/etc/haproxy": str(folder),
            "127.0.0.1:8000": f"127.0.0.1:{site}",
            "    user haproxy\n    group haproxy\n    maxconn 4000\n": "    nbthread 1\n    maxconn 200\n",
            "/dev/log": "stdout format raw",
        }
        for documented, word in (here | other).items():
            text = text.replace(documented, word)
        (folder / "haproxy.cfg").write_text(text)
        with self.log.open("w") as log:
            server = subprocess.Popen(["haproxy", "-db", "-f", folder / "haproxy.cfg"], stdout=log)
        self.addCleanup(server.wait)
        self.addCleanup(server.terminate)
        until_it_listens(server, self.port)
