"""What is said of one link: whether readers get what it promises, and why not."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """How bad it is; the filter of the list of articles names it so."""

    DEAD = "dead", _("dead")
    UNSURE = "unsure", _("not sure")
    MOVED = "moved", _("moved for good")


class Reason(TextChoices):
    """Why; its words follow the address in a sentence."""

    NO_ARTICLE = "no_article", _("there is no article with this key")
    NOT_LIVE = "not_live", _("that article is not live")
    NO_IMAGE = "no_image", _("there is no such image")
    NO_FILE = "no_file", _("a file of this image is lost")
    INSECURE = "insecure", _("pages show images from https addresses alone")
    NO_PLACE = "no_place", _("the page is there, but no heading or other place on it has that name")
    NOT_FOUND = "not_found", _("there is no such page")
    GONE = "gone", _("the page is gone for good")
    ANSWERED = "answered", _("the server answers with an error")
    MOVED = "moved", _("it is now at another address")
    LOOP = "loop", _("it redirects too often")
    NO_HOST = "no_host", _("no host is known by this name")
    NO_ANSWER = "no_answer", _("the server does not answer")
    CERTIFICATE = "certificate", _("the server’s certificate is not valid")
    PRIVATE = "private", _("it leads into a private network, which is not checked")
    MALFORMED = "malformed", _("this is no address that can be checked")


@dataclass(frozen=True)
class Verdict:
    """What is said of a link; nothing is wrong where `kind` is empty.

    `status` is the one of HTTP that was answered, `target` where a moved link leads.
    """

    kind: str = ""
    reason: str = ""
    status: int | None = None
    target: str = ""

    FIELDS = ("kind", "reason", "status", "target")

    @property
    def sentence(self) -> str:
        """Why, in the active language, with the number of the answer where that tells more."""
        words = str(Reason(self.reason).label) if self.reason else ""
        return f"{words} ({self.status})" if self.status and self.reason == Reason.ANSWERED else words


GOOD = Verdict()


def dead(reason: Reason, status: int | None = None) -> Verdict:
    return Verdict(Kind.DEAD, reason, status)


def unsure(reason: Reason, status: int | None = None) -> Verdict:
    return Verdict(Kind.UNSURE, reason, status)


def moved(target: str) -> Verdict:
    return Verdict(Kind.MOVED, Reason.MOVED, target=target)


def answered(status: int, target: str = "") -> Verdict:
    """Return what an answer of HTTP says; `target` is where permanent redirects led to it."""
    if status < 400:
        return moved(target) if target else GOOD
    if status == 404:
        return dead(Reason.NOT_FOUND, status)
    if status == 410:
        return dead(Reason.GONE, status)
    # What is forbidden, throttled or broken for a program may be right for a reader.
    return unsure(Reason.ANSWERED, status)
