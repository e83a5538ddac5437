"""The pictures of articles for social networks: their addresses, and the files that keep them once they are made."""

import logging
import os
import re
import tempfile
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.http import require_safe

from articles import languages, social_image
from articles.media import CACHE_FOR_EVER, OF_A_PICTURE
from articles.models import Article
from articles.prepared import prepared
from articles.redirects import redirect_to

from .models import Site

logger = logging.getLogger(__name__)

# Key, language, digest.
NAME = re.compile(r"([a-z0-9-]{1,100})\.([a-z-]{2,10})\.([0-9a-f]{16})\.png")


def address(article: Article, language: str, site: Site) -> str:
    """Return the path of an article's picture: another one as soon as the picture would show something else."""
    return _path(_name(article, language, site))


# An article's page names it several times.
@lru_cache(maxsize=64)
def _path(name: str) -> str:
    return reverse("social_image", kwargs={"name": name})


@require_safe
def serve(request: HttpRequest, name: str) -> HttpResponse:
    """Answer with the picture of a live article, made when it is first asked for.

    An address of before leads to the picture of today; any other name is not found, so that nobody has pictures made.
    """
    match = NAME.fullmatch(name)
    if match is None or match[2] not in languages.codes():
        raise Http404
    language = match[2]
    article = _live.first(language, key=match[1], now=timezone.now())
    if article is None:
        raise Http404
    with override(language):
        site = Site.current()
        current = _name(article, language, site)
        if name != current:
            return redirect_to(request, address(article, language, site), is_permanent=False)
        content = _kept(current) or _made(current, article, language, site)
    headers = OF_A_PICTURE | {"Cache-Control": CACHE_FOR_EVER, "Content-Language": language}
    return HttpResponse(content, content_type="image/png", headers=headers)


@prepared
def _live(language: str, *, key: str, now: datetime) -> QuerySet:
    return Article.objects.published(language, at=now).filter(key=key).for_titles().order_by()


def _name(article: Article, language: str, site: Site) -> str:
    digest = social_image.digest(*_shown(article, language, site))
    return f"{article.key}.{language}.{digest}.png"


def _shown(article: Article, language: str, site: Site) -> tuple[str, str, str, int]:
    title, name = (
        getattr(article, languages.column("title", language)),
        getattr(site, languages.column("name", language)),
    )
    return title, name, language, languages.codes().index(language)


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "social"


def _place(name: str) -> Path:
    """Return where a picture is kept: in a folder for each article and language, beside what it replaces."""
    article, digest = name.removesuffix(".png").rsplit(".", 1)
    return _folder() / article / f"{digest}.png"


def _kept(name: str) -> bytes | None:
    try:
        return _place(name).read_bytes()
    # One that cannot be read is drawn anew, as one that is not there.
    except OSError:
        return None


def _made(name: str, article: Article, language: str, site: Site) -> bytes:
    """Draw a picture, and keep it where the disk takes it."""
    content = social_image.draw(*_shown(article, language, site))
    try:
        _keep(_place(name), content)
    except OSError as error:
        logger.error("The picture %s cannot be kept, and is drawn each time: %s", name, error)
    return content


def _keep(path: Path, content: bytes) -> None:
    """Write a picture whole or not at all, in the place of those of before."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.replace(file.name, path)  # noqa: PTH105, a rename that replaces
        except OSError:
            with suppress(OSError):
                os.unlink(file.name)  # noqa: PTH108, beside the rename
            raise
    for old in path.parent.glob("*.png"):
        if old != path:
            old.unlink(missing_ok=True)
