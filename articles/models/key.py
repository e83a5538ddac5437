"""The rule of a key: the name of an article or a tag that is the same in all languages."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.slugs import free, shortened

key_validator = RegexValidator(
    r"\A[a-z0-9]+(?:-[a-z0-9]+)*\Z", _("Write lower-case letters without accents, digits and hyphens.")
)


def free_key(model: type[models.Model], words: str, length: int = 90) -> str:
    """Return a key that no row of a model has, made of the words of a slug; of the model's name where there are none.

    `length` leaves room for the number that tells two of one name apart.
    """
    words = shortened(words, length) or model._meta.model_name
    return free(words, lambda key: model._default_manager.filter(key=key).exists())
