"""The site in its variants: as `./run` serves it, without room in its store, without the store, and bare answers."""

import subprocess
from pathlib import Path

from bench.environments import INHERITED
from bench.serving.programs import Server, free_port

GUNICORN = [".venv/bin/gunicorn", "--config", "config/gunicorn.py"]
GTHREAD = [*GUNICORN, "--worker-class", "gthread", "--threads", "4"]
# As ./run sets it.
VARIABLES = {"MALLOC_ARENA_MAX": "2"}

# None of them is part of a series, which Wagtail's articles are not either.
ARTICLES = [f"/en/articles/article-{number}/" for number in range(100, 150)]
# More than there are connections: one page is made by one thread at a time.
LISTS = [f"/en/?page={number}" for number in range(2, 22)]


def set_up(checkout: Path, size: int, paragraphs: int, **variables: str) -> None:
    """Make the site of a checkout ready to serve, with so many articles."""
    fill = f"from bench.serving.articles import fill; fill({size}, {paragraphs})"
    for words in (["set_up"], ["shell", "--no-imports", "--command", fill]):
        command = [".venv/bin/python", "manage.py", *words]
        subprocess.run(command, cwd=checkout, env=INHERITED | variables, check=True, stdout=subprocess.DEVNULL)  # noqa: S603


def paths(number: int) -> list[str]:
    """Return so many addresses of articles, half of them in each language."""
    words = ("/en/articles/", "/fr/articles/")
    return [f"{words[place % 2]}article-{place // 2}/" for place in range(number)]


def served(checkout: Path, command: list[str] = GUNICORN, **variables: str) -> Server:
    return Server(command, folder=checkout, path=ARTICLES[0], variables=VARIABLES | variables)


def behind_nginx(checkout: Path) -> tuple[Server, int]:
    """Return the site as it stands behind nginx, and the port that nginx is to listen on."""
    front = free_port()
    return served(checkout, SITE_URL=f"http://127.0.0.1:{front}", SHARED_CACHE_SECONDS="1"), front


def bare(checkout: Path, answers: Path, is_asgi: bool = True) -> Server:
    """Return the same server with an application that gives recorded answers."""
    command = [*GUNICORN, "bench.serving.bare:asgi"] if is_asgi else [*GTHREAD, "bench.serving.bare:wsgi"]
    return Server(command, folder=checkout, path="/0", variables=VARIABLES | {"BARE_ANSWERS": str(answers)})
