"""The stored images as the site serves them: by name, and nothing else below /media/."""

import logging
import os
from functools import lru_cache
from io import BufferedReader
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from .images.names import CONTENT_TYPES, DIGEST_LENGTH, FILE_NAME
from .models import Image

logger = logging.getLogger(__name__)

CACHE_FOR_EVER = "public, max-age=31536000, immutable"
# The policy lets nothing run, should a browser ever take the file for something else. A feed reader, which is a site
# of its own, may show the picture.
OF_A_PICTURE = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


# Exempt, so that a wrong method is told to be one, instead of lacking a cookie.
@csrf_exempt
@require_safe
def stored_image(request: HttpRequest, name: str) -> HttpResponse:
    """Answer with a file that image_store wrote; 404 for any other name and for what cannot be read.

    A name never changes its content (RFC 8246, immutable).
    """
    file = _opened(name)
    status = os.fstat(file.fileno())
    etag = f'"{status.st_mtime_ns:x}-{status.st_size:x}"'
    headers = {"Cache-Control": CACHE_FOR_EVER, "ETag": etag}
    response = FileResponse(file, content_type=CONTENT_TYPES[name.rpartition(".")[2]], headers=headers)
    if request.method == "HEAD":
        response.streaming_content = ()
    answer = get_conditional_response(request, etag=etag, response=response)
    if answer is not response:
        file.close()
    # A browser takes the headers of a 304 over for the file that it has.
    for header, value in OF_A_PICTURE.items():
        answer.headers[header] = value
    return answer


def _opened(name: str) -> BufferedReader:
    if not FILE_NAME.fullmatch(name):
        raise Http404
    try:
        file = (Path(settings.MEDIA_ROOT) / name).open("rb")
    except OSError as error:
        _tell(name, error.strerror)
        raise Http404 from None
    # What a power cut leaves of a file. A browser would keep it for ever, in the place of the picture.
    if not os.fstat(file.fileno()).st_size:
        file.close()
        _tell(name, "it is empty")
        raise Http404
    return file


@lru_cache(maxsize=1000)
def _tell(name: str, reason: str) -> None:
    """Write to the log, once for each process, that a file is not there as it should be."""
    if Image.objects.filter(digest__startswith=name[:DIGEST_LENGTH]).exists():
        logger.error("An image cannot be shown: %s: %s. Upload it again, or restore a backup.", name, reason)
