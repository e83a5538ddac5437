"""What Mozilla's HTTP Observatory says of the site behind TLS: readers' pages, and the admin's login.

https://github.com/mdn/mdn-http-observatory
"""

import json
import subprocess
import tempfile
from pathlib import Path

from bench.drills import Drill
from bench.environments import INHERITED, npm_package
from bench.serving import site
from bench.serving.nginx import nginx
from bench.serving.programs import Server, free_port
from blog.tests.checkout import fresh_checkout

PACKAGE = ("@mdn/mdn-http-observatory", "1.4.8")

# By path, the least score.
READERS = {"/en/": 120, site.ARTICLES[0]: 120, "/fr/recherche/": 120, "/en/feed.xml": 120}
AUTHORS = {"/admin/login/": 110}

# One port: who speaks to it without TLS is led to https.
TLS = """
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {folder}/certificate.pem;
        ssl_certificate_key {folder}/key.pem;
        error_page 497 =301 https://$http_host$request_uri;
        location / {{
            proxy_pass http://127.0.0.1:{behind};
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-Proto https;
        }}
    }}
    server {{
        listen 127.0.0.1:{ready};
        return 200;
    }}
"""


def run(is_short: bool) -> Drill:
    """Scan each page; in short, one of readers and the login."""
    wanted = dict(list(READERS.items())[:1] if is_short else READERS) | AUTHORS
    observatory = installed()
    with fresh_checkout() as checkout, tempfile.TemporaryDirectory() as name:
        site.set_up(checkout, 110, 10)
        folder, front = Path(name), free_port()
        behind = Server(
            site.GUNICORN, checkout, "/healthz", site.VARIABLES | {"SITE_URL": f"https://localhost:{front}"}
        )
        with behind.running(), tls(folder, front, behind.port).running():
            found = {path: scan(observatory, folder, f"localhost:{front}{path}") for path in wanted}
    sentences = [f"`{path}`: {found[path]} (wanted: {least} or more)" for path, least in wanted.items()]
    return Drill("observatory", sentences, all(found[path] >= least for path, least in wanted.items()))


def installed() -> Path:
    """Return the folder of the package."""
    folder = npm_package(*PACKAGE)
    # Its list of the hosts that browsers know to have TLS comes from the network; this machine is not among them.
    (folder / "conf" / "hsts-preload.json").write_text("{}")
    return folder


def tls(folder: Path, front: int, behind: int) -> Server:
    """Return nginx that ends TLS at one port for the site at another, with a certificate of its own."""
    files = ["-keyout", folder / "key.pem", "-out", folder / "certificate.pem"]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *names, *files]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603
    ready = free_port()
    servers = TLS.format(folder=folder, port=front, behind=behind, ready=ready)
    return nginx(folder, servers, "/", ready)


def scan(observatory: Path, folder: Path, address: str) -> int:
    """Return the score of one page."""
    trusted = {"NODE_EXTRA_CA_CERTS": str(folder / "certificate.pem")}
    command = ["node", "src/scan.js", address]
    told = subprocess.run(  # noqa: S603
        command, cwd=observatory, env=INHERITED | trusted, capture_output=True, text=True, check=False
    )
    said = json.loads(told.stdout)
    if "error" in said:
        raise SystemExit(f"{address}: {said['error']}")
    return said["scan"]["score"]
