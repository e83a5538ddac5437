"""A real nginx with one of the documented configurations."""

import http.client
import subprocess
import tempfile
from pathlib import Path

from blog.tests.ports import free_port

from .tls import Certificate, until_it_listens

AROUND = (
    "pid {folder}/pid; error_log stderr; events {{}} http {{ {temporary} access_log off; include {folder}/site.conf; }}"
)
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


class NginxMixin:
    """For tests that ask nginx, which `start` starts."""

    def start(self, file: Path, **other: str) -> None:
        """Start nginx as a file sets it up, with other words in place of some of its own; it stops with the test.

        It listens at `plain_port`; where it ends TLS at `port` as well, else both are one.
        """
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        site = file.read_text()
        self.plain_port = self.port = free_port()
        self.certificate = None
        if "listen 443 " in site:
            self.port, self.certificate = free_port(), Certificate(folder)
            other = {"/etc/ssl/blog": str(folder), "listen 443": f"listen 127.0.0.1:{self.port}"} | other
        other = {"/var/cache/nginx": str(folder), "listen 80": f"listen 127.0.0.1:{self.plain_port}"} | other
        for documented, here in other.items():
            site = site.replace(documented, here)
        (folder / "site.conf").write_text(site)
        temporary = " ".join(f"{name}_temp_path {folder}/{name};" for name in TEMPORARY)
        (folder / "nginx.conf").write_text(AROUND.format(folder=folder, temporary=temporary))
        # One process of ours: one of another account could not read the folder.
        options = ("-p", folder, "-c", folder / "nginx.conf", "-g", "daemon off; master_process off;")
        server = subprocess.Popen(["nginx", *options], stderr=subprocess.DEVNULL)
        self.addCleanup(server.wait)
        self.addCleanup(server.terminate)
        until_it_listens(server, self.plain_port)

    def get(self, path: str, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
        """Return the response, with its body as `content`; through TLS where nginx ends it."""
        if self.certificate:
            context = self.certificate.trusted()
            connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=20, context=context)
        else:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        response.content = response.read()
        connection.close()
        return response
