"""Wagtail, which the site is compared with: in an environment of its own, outside the project."""

import subprocess
from pathlib import Path

from bench.environments import INHERITED
from bench.serving.programs import Server

REQUIREMENTS = ["wagtail==8.0.1", "django==5.2.19", "gunicorn==27.0.1"]
SITE = "bench.serving.wagtail_site"
ARTICLES = [f"/articles/article-{number}/" for number in range(50)]
LISTS = [f"/articles/?page={number}" for number in range(2, 6)]


def variables(data: Path) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": f"{SITE}.settings",
        "SECRET_KEY": "for the benchmark alone, and long enough for Django's checks",
        "WAGTAIL_DATA": str(data),
    }


def fill(programs: Path, checkout: Path, data: Path, size: int) -> None:
    data.mkdir()
    command = [programs / "python", "-m", f"{SITE}.fill", str(size)]
    subprocess.run(command, cwd=checkout, env=INHERITED | variables(data), check=True)  # noqa: S603


def server(programs: Path, checkout: Path, data: Path, is_cached: bool = False) -> Server:
    """Return the site under gunicorn, as our own gthread is set up."""
    return Server(
        command=[
            str(programs / "gunicorn"),
            *("--worker-class", "gthread", "--workers", "2", "--threads", "4", "--keep-alive", "3"),
            *("--no-control-socket", "--log-level", "warning"),
            *("--bind", "127.0.0.1:PORT", f"{SITE}.wsgi:application"),
        ],
        folder=checkout,
        variables=variables(data) | {"WAGTAIL_CACHED": str(int(is_cached))},
        path=ARTICLES[0],
    )
