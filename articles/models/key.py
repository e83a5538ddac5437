"""The rule of a key: the name of an article or a tag that is the same in all languages."""

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

key_validator = RegexValidator(
    r"\A[a-z0-9]+(?:-[a-z0-9]+)*\Z", _("Write lower-case letters without accents, digits and hyphens.")
)
