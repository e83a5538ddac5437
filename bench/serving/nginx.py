"""nginx twice: with a page as a file, and in front of the site as `docs/nginx.conf` sets it up."""

import os
import re
from pathlib import Path

from bench.serving.programs import Server, free_port

FRONT = Path(__file__).resolve().parents[2] / "docs" / "nginx.conf"

# All that nginx writes is in a folder of its own. Started by root, it would serve as somebody who may not read there.
MAIN = """{user}
worker_processes 2;
daemon off;
pid {folder}/nginx.pid;
error_log stderr;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    sendfile on;
    default_type text/html;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{servers}
}}
"""
SERVERS = """
    server {{
        listen 127.0.0.1:{port};
        root {folder}/files;
    }}
    include {folder}/front.conf;
"""


def nginx(folder: Path, servers: str, path: str, port: int) -> Server:
    """Return nginx with what stands in its `http` block; it has a page at a path and a port."""
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(MAIN.format(user=user, folder=folder, servers=servers))
    return Server(["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")], folder=folder, path=path, port=port)


def server(folder: Path, page: bytes, front: int, site: int) -> Server:
    """Return nginx with a page at /page.html; at the port `front`, it stands in front of the port `site`."""
    (folder / "files").mkdir(parents=True)
    (folder / "files" / "page.html").write_bytes(page)
    # One program asks, as often as it can; what TLS costs is another matter.
    configuration = re.sub(r"(?m)^    (ssl|limit)_.*\n", "", FRONT.read_text())
    for documented, here in (
        ("/var/cache/nginx", str(folder)),
        ("127.0.0.1:8000", f"127.0.0.1:{site}"),
        ("listen 80;", f"listen unix:{folder}/plain;"),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{front};"),
    ):
        configuration = configuration.replace(documented, here)
    (folder / "front.conf").write_text(configuration)
    port = free_port()
    return nginx(folder, SERVERS.format(folder=folder, port=port), "/page.html", port)
