"""Words of an earlier revision brought back: a new save like any other, of one language alone."""

from dataclasses import replace

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from .models import Article, Revision
from .saving import save_language
from .text import ArticleText
from .translating import following
from .validation import slug_owner


def restored_text(article: Article, revision: Revision, base: Revision | None) -> ArticleText:
    """Return a text with the title, summary and body of a revision; address and date stay those of `base`.

    Where `base` is no text the address comes back as well, if nobody else has it now, without a date.
    """
    if base and base.title:
        return replace(base.content, title=revision.title, summary=revision.summary, body=revision.body)
    taken = revision.slug and slug_owner(article, revision.language, revision.slug)
    return replace(revision.content, slug=None if taken else revision.slug, published_at=None)


@transaction.atomic
def restore_words(
    article: Article,
    revision: Revision,
    *,
    based_on: Revision | None,
    by: AbstractBaseUser | None = None,
    note: str = "",
    as_working_copy: bool = False,
) -> Revision | None:
    """Save the words of a revision in the place of those of `based_on`, which whoever restores them has seen.

    Return and raise what `save_language` does.
    """
    saved = save_language(
        article,
        revision.language,
        restored_text(article, revision, based_on),
        based_on=based_on,
        by=by,
        note=note,
        as_working_copy=as_working_copy,
        # A translation brought back is as old as the original that it was made from.
        source_revision=revision.source_revision,
    )
    if saved:
        following.return_to(revision, saved)
    return saved
