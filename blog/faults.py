"""What visitors are told where the machine fails, and the text of an author whose form it could not save.

The view of `handler500`: whatever raised, in a view or around it, comes here. It asks no database and writes no file.
"""

import errno
import logging
import sys
from dataclasses import dataclass

from django import db
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template import loader
from django.utils.functional import Promise
from django.utils.log import log_response
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.login_again import bodies, carried
from articles.admin.refusals import refusal, wants_json
from articles.markdown.limits import BodyRefused, Reason

logger = logging.getLogger(__name__)

# Seconds, as Retry-After tells them.
WAIT = 5


@dataclass(frozen=True, eq=False)
class Fault:
    """What fails beneath the site, in the words of the log and in those for an author."""

    name: str
    explanation: Promise


FULL = Fault("The disk is full", gettext_lazy("The disk of the server is full."))
READ_ONLY = Fault(
    "Disk or database cannot be written to",
    gettext_lazy("The server cannot write to its disk or its database at the moment."),
)
BROKEN = Fault("The disk fails", gettext_lazy("The disk of the server fails: it cannot be read or written to."))
BUSY = Fault("The database is busy", gettext_lazy("Something else has been writing to the database for too long."))
OVERLOADED = Fault("A text takes too long to render", gettext_lazy("The server is too busy at the moment."))
AWAY = Fault("The database cannot be reached", gettext_lazy("The database does not answer."))

# https://www.postgresql.org/docs/current/errcodes-appendix.html
OF_POSTGRESQL = {
    "53100": FULL,
    "25006": READ_ONLY,
    "58030": BROKEN,
    **dict.fromkeys(("40P01", "53300", "55P03", "57014"), BUSY),
}
# The low byte of a code of SQLite, https://www.sqlite.org/rescode.html: BUSY, LOCKED, READONLY, IOERR, CORRUPT, FULL.
OF_SQLITE = {5: BUSY, 6: BUSY, 8: READ_ONLY, 10: BROKEN, 11: BROKEN, 13: FULL}
OF_FILES = {
    errno.EIO: BROKEN,
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), FULL),
    **dict.fromkeys((errno.EROFS, errno.EACCES, errno.EPERM), READ_ONLY),
}


def fault_of(error: BaseException | None) -> Fault | None:
    """Return what fails beneath the site; None where it is the site itself."""
    if isinstance(error, OSError):
        return OF_FILES.get(error.errno)
    if isinstance(error, BodyRefused):
        # Where a page of the site's own is rendered; an author's text is refused on its form.
        return OVERLOADED if error.reason is Reason.SLOW else None
    if not isinstance(error, db.Error):
        return None
    told = error.__cause__
    found = OF_POSTGRESQL.get(getattr(told, "sqlstate", None) or "")
    found = found or OF_SQLITE.get(getattr(told, "sqlite_errorcode", 0) & 0xFF)
    return found or (AWAY if isinstance(error, db.OperationalError | db.InterfaceError) else None)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say what happened: 503 where the machine fails, 500 where the site does.

    Authors read the reason, and find what they sent on the page, with a button that sends it again.
    """
    error = sys.exc_info()[1]
    fault = fault_of(error)
    # A login that failed half way leaves the forms that are open in this browser as good as they were.
    request.META.pop("CSRF_COOKIE_NEEDS_UPDATE", None)
    is_for_author = request.path_info.startswith(settings.SESSION_COOKIE_PATH)
    reason = fault.explanation if fault and is_for_author else ""
    status = 503 if fault else 500
    if wants_json(request):
        words = reason or _("The fault is on our side and has been written to the log. Please try again in a moment.")
        response: HttpResponse = refusal(str(words), status)
    else:
        # By which whoever reads the log finds the lines of this request.
        number = getattr(request, "id", "")
        context = {"reason": reason, "id": number, "was_sent": is_for_author and request.method == "POST"}
        response = HttpResponse(loader.render_to_string("500.html", context | _sent_again(request)), status=status)
    response.headers["Cache-Control"] = "no-store"
    if fault:
        response.headers["Retry-After"] = str(WAIT)
        _log(request, fault, error)
        # Django's own lines, with all that was called, would fill the log for as long as the fault lasts. It tells
        # nothing twice.
        log_response("Told already.", response=response, request=request, level="debug")
    return response


def _sent_again(request: HttpRequest) -> dict:
    """Return what the page needs to send a form of texts once more, nothing for any other request."""
    match = request.resolver_match
    if (
        request.method != "POST"
        or match is None
        or not match.view_name.startswith(("admin:articles_", "admin:blog_"))
        # Checked to come from a page of this site: nobody else may put their text into an author's hands.
        or not getattr(request, "csrf_processing_done", False)
    ):
        return {}
    try:
        sent, texts = carried(request.POST), bodies(request.POST, match.kwargs.get("language", ""))
        has_files = bool(request.FILES)
    except Exception:
        # What could not be read to its end is in the browser alone.
        return {}
    token = get_token(request)
    return {"path": request.get_full_path(), "carried": sent, "texts": texts, "has_files": has_files, "token": token}


def _log(request: HttpRequest, fault: Fault, error: BaseException) -> None:
    # PostgreSQL quotes a row after that.
    told = " ".join(str(error).partition("DETAIL:")[0].split())
    about = (fault.name, request.method, request.path, type(error).__name__, told)
    logger.error("%s. %s %r: %s: %s", *about, extra={"request": request})
