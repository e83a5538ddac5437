"""What the check of links found. All of it is found again: no backup holds it, and no page for readers shows it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.link_verdict import Verdict


class Judged(models.Model):
    """What was said of a link, see `articles.link_verdict.Verdict`."""

    # Their values are those of Kind and Reason there.
    kind = models.CharField(_("finding"), max_length=10, blank=True)
    reason = models.CharField(max_length=20, blank=True)
    status = models.PositiveSmallIntegerField(null=True)
    target = models.TextField(blank=True)

    class Meta:
        abstract = True
        # Nobody writes it but the check.
        default_permissions = ()

    @property
    def verdict(self) -> Verdict:
        return Verdict(*(getattr(self, field) for field in Verdict.FIELDS))


class LinkFinding(Judged):
    """A link with which something is wrong, in a text that readers see."""

    # The label of the model of what has the link, like articles.article, and its primary key.
    model = models.CharField(max_length=100)
    object_id = models.PositiveBigIntegerField()
    # Empty where the link belongs to no language.
    language = models.CharField(_("language"), max_length=10, blank=True)
    # As its author wrote it.
    address = models.TextField()
    found_at = models.DateTimeField()

    class Meta(Judged.Meta):
        ordering = ["model", "object_id", "language", "pk"]
        indexes = [models.Index(fields=["model", "object_id", "language"], name="link_finding_of_text")]

    def __str__(self) -> str:
        return f"{self.model} {self.object_id} [{self.language}]: {self.address}"


class OutsideAddress(Judged):
    """An address of another site as it answered last."""

    # Shorter than what PostgreSQL takes in an index.
    MAX_LENGTH = 2000

    address = models.CharField(max_length=MAX_LENGTH, unique=True)
    asked_at = models.DateTimeField()
    # Since when nothing else was heard of it than errors.
    failing_since = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.address


class LinkCheck(models.Model):
    """The last check of all links; there is one row."""

    made_at = models.DateTimeField()
    links = models.PositiveIntegerField()
    # Addresses of other sites that nobody has asked yet.
    unasked = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d %H:%M}"
