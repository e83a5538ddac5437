"""A real nginx with one of the documented configurations."""

import http.client
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from blog.tests.ports import free_port

AROUND = (
    "pid {folder}/pid; error_log stderr; events {{}} http {{ {temporary} access_log off; include {folder}/site.conf; }}"
)
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


class NginxMixin:
    """For tests that ask nginx, which `start` starts."""

    def start(self, file: Path, **other: str) -> None:
        """Start nginx as a file sets it up, with other words in place of some of its own; it stops with the test."""
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.port = free_port()
        site = file.read_text().replace("listen 80", f"listen 127.0.0.1:{self.port}")
        for documented, here in {"/var/cache/nginx": str(folder), **other}.items():
            site = site.replace(documented, here)
        (folder / "site.conf").write_text(site)
        temporary = " ".join(f"{name}_temp_path {folder}/{name};" for name in TEMPORARY)
        (folder / "nginx.conf").write_text(AROUND.format(folder=folder, temporary=temporary))
        # One process of ours: one of another account could not read the folder.
        options = ("-p", folder, "-c", folder / "nginx.conf", "-g", "daemon off; master_process off;")
        server = subprocess.Popen(["nginx", *options], stderr=subprocess.DEVNULL)
        self.addCleanup(server.wait)
        self.addCleanup(server.terminate)
        end = time.monotonic() + 20
        while time.monotonic() < end and server.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except OSError:
                time.sleep(0.01)
        self.fail("nginx does not listen.")

    def get(self, path: str, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
        """Return the response, with its body as `content`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        response.content = response.read()
        connection.close()
        return response
