"""The documented set-up behind nginx."""

import subprocess
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from django.conf import settings
from django.test import SimpleTestCase

from blog.tests.ports import free_port
from config.security_headers import HEADERS

from .nginx import AROUND, TEMPORARY, NginxMixin
from .tls import Certificate

FILE = settings.BASE_DIR / "docs" / "nginx.conf"


class Site(BaseHTTPRequestHandler):
    """Answers as the site does: with the headers that protect readers, some of them other than usual."""

    HEADERS = HEADERS | {"Cross-Origin-Resource-Policy": "cross-origin", "Cache-Control": "public, s-maxage=9"}

    def do_GET(self):
        self.send_response(200)
        for name, value in self.HEADERS.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *about):
        pass


class NginxTests(NginxMixin, SimpleTestCase):
    def test_nginx_takes_the_file_that_the_documentation_names(self):
        self.assertIn(f"]({FILE.name})", (settings.BASE_DIR / "docs" / "server.md").read_text())
        with tempfile.TemporaryDirectory() as folder:
            temporary = " ".join(f"{name}_temp_path {folder}/{name};" for name in TEMPORARY)
            Certificate(Path(folder))
            # Who is not root may neither write there nor listen here.
            site = FILE.read_text().replace("/var/cache/nginx", folder).replace("/etc/ssl/blog", folder)
            for port in ("80", "443"):
                site = site.replace(f"listen {port}", f"listen unix:{folder}/{port}")
            Path(folder, "site.conf").write_text(site)
            Path(folder, "nginx.conf").write_text(AROUND.format(folder=folder, temporary=temporary))
            command = ["nginx", "-t", "-q", "-p", folder, "-c", f"{folder}/nginx.conf"]
            told = subprocess.run(command, capture_output=True, text=True, check=False)
        # Later releases of nginx have another word for HTTP/2, which earlier ones, as Debian 12's, do not know.
        said = [
            line for line in told.stderr.splitlines() if 'the "listen ... http2" directive is deprecated' not in line
        ]
        self.assertEqual((told.returncode, said), (0, []))

    def test_the_site_s_headers_pass_once_and_nginx_s_own_answers_have_their_like(self):
        site = ThreadingHTTPServer(("127.0.0.1", 0), Site)
        self.addCleanup(site.server_close)
        threading.Thread(target=site.serve_forever, daemon=True).start()
        self.addCleanup(site.shutdown)
        self.start(FILE, **{"127.0.0.1:8000": f"127.0.0.1:{site.server_address[1]}"})
        # From the site, then from what nginx keeps.
        for _ in range(2):
            answer = self.get("/en/")
            for name, value in Site.HEADERS.items():
                self.assertEqual(answer.headers.get_all(name), [value])
        too_large = self.get("/en/", "POST", Content_Length=str(25 * 1024 * 1024))
        self.start(FILE, **{"127.0.0.1:8000": f"127.0.0.1:{free_port()}"})
        for answer, status in ((too_large, 413), (self.get("/en/"), 502)):
            self.assertEqual((answer.status, answer.headers["Server"]), (status, "nginx"))
            self.assertIn("default-src 'none'; frame-ancestors 'none'", answer.headers["Content-Security-Policy"])
            for name in HEADERS.keys() - {"Content-Security-Policy"}:
                self.assertEqual(answer.headers.get_all(name), [HEADERS[name]])
