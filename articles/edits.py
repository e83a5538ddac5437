"""What an author asks of one language with one save of the form: which text, where it goes, and what comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from . import languages
from .checklist import remarks
from .markdown import Rendered
from .merging import Conflict, TextMerge
from .models import Article, Revision, content_of
from .permissions import may_publish
from .publishing import drop_working_copy, published_now, unpublish, unpublished
from .remark import Remark
from .saving import (
    EditConflict,
    end_working_copy,
    merged,
    rebase_working_copy,
    save_language,
    set_aside,
    standing_revision,
)
from .text import ArticleText
from .turns import take_turns
from .validation import refuse_too_long, validate, with_slug

# What the buttons beside a language ask for.
PUBLISH_NOW, PUBLISH_AGAIN, PUBLISH_COPY = "publish_now", "publish_again", "publish_copy"
SCHEDULE, UNPUBLISH, DROP_COPY = "schedule", "unpublish", "drop_copy"
ACTIONS = (PUBLISH_NOW, PUBLISH_AGAIN, PUBLISH_COPY, SCHEDULE, UNPUBLISH, DROP_COPY)
PUBLISHING = {PUBLISH_NOW, PUBLISH_AGAIN, PUBLISH_COPY, SCHEDULE}


@dataclass
class Edit:
    """The text of one language as its author sends it, and the button that was pressed.

    `prepare` merges it with what others saved and holds it to the rules; `save` writes it. Nobody else may save in
    between: both belong in one transaction that has taken its turn.
    """

    article: Article
    language: str
    base: Revision | None
    sent: ArticleText
    action: str = ""
    wants_copy: bool = False
    by: AbstractBaseUser | None = None

    def __post_init__(self) -> None:
        self.start = content_of(self.base)
        self.text = self.sent
        self.was_merged = False

    @property
    def is_touched(self) -> bool:
        return self.sent != self.start

    @property
    def is_of_copy(self) -> bool:
        """True where the author wrote in the working copy."""
        return self.base is not None and self.base.is_working_copy

    @property
    def _takes_copy(self) -> bool:
        """True where the working copy takes part, also one that somebody else began since the form was opened."""
        return self.is_of_copy or self.action == PUBLISH_COPY

    @property
    def is_wanted(self) -> bool:
        """True where there is anything to do."""
        return self.is_touched or bool(self.action)

    @cached_property
    def to_copy(self) -> bool:
        """Whether the text goes to the working copy: what readers see, or will see, is changed by a button alone."""
        if self.action == DROP_COPY:
            # What was typed stays in the history with what was dropped.
            return True
        if not self.article.text_in(self.language).published_at:
            return False
        if self.action == UNPUBLISH:
            return self.is_of_copy
        if self.action:
            return False
        return self.is_of_copy or self.wants_copy or not self._may_publish

    @cached_property
    def _may_publish(self) -> bool:
        return self.by is None or may_publish(self.by, self.article, self.language)

    def prepare(self) -> Rendered | None:
        """Find the text to be saved; return its rendering, None where there is nothing to save.

        Raise EditConflict where others changed the same words, and ValidationError keyed by the names of the
        untranslated fields.
        """
        refuse_too_long(self.text)
        if self.article.pk is None:
            self.standing = None
        else:
            self._meet_others()
        self.text = self._dated(self.text)
        self.text = with_slug(self.article, self.language, self.text)
        if self.text == content_of(self.standing) and not self.is_of_copy:
            return None
        return validate(self.article, self.language, self.text)

    def _meet_others(self) -> None:
        if not self.is_touched:
            # Untouched: a button beside it means the text that is there now, whoever wrote it.
            self.base = self._now_in_work()
            self.text = content_of(self.base)
        elif self._takes_copy and not self.to_copy and (copy := self.article.working_copy(self.language)):
            # What others wrote in the working copy goes with it.
            self.text = self._merged(self.text, as_working_copy=True)
            self.base = copy
        self.text = self._merged(self.text, self.to_copy)
        self.standing = standing_revision(self.article, self.language, self.to_copy)

    def _now_in_work(self) -> Revision | None:
        if self._takes_copy and (copy := self.article.working_copy(self.language)):
            return copy
        return self.article.latest_revision(self.language)

    def _merged(self, text: ArticleText, as_working_copy: bool) -> ArticleText:
        met = merged(self.article, self.language, text, self.base, as_working_copy)
        self.was_merged = self.was_merged or met != text
        return met

    def _dated(self, text: ArticleText) -> ArticleText:
        """Return the text with the date that the button asks for."""
        if self.action == PUBLISH_NOW or (self.action == PUBLISH_COPY and not text.published_at):
            return published_now(text)
        if self.action == PUBLISH_AGAIN:
            return replace(text, published_at=self._first_date())
        if self.action == SCHEDULE and (text.published_at is None or text.published_at <= timezone.now()):
            raise ValidationError({"published_at": _("Choose a date in the future.")})
        # A draft of somebody who may not publish stays one, whatever date its copy had.
        loses_date = self.action == UNPUBLISH or not self._may_publish
        return unpublished(text) if loses_date and not self.to_copy else text

    def _first_date(self) -> datetime | None:
        return getattr(self.article, languages.column("first_published_at", self.language))

    def remarks(self, rendered: Rendered, original: tuple[ArticleText, str] | None = None) -> list[Remark]:
        """Return what an author should know before readers see the text for the first time, or again.

        `original` is the one that is saved with it, and its HTML.
        """
        is_news = self.action in PUBLISHING or not self.article.text_in(self.language).published_at
        if self.to_copy or not self.text.published_at or not is_news:
            return []
        return remarks(self.article, self.language, self.text, rendered, original)

    def set_aside(self, conflict: EditConflict) -> Revision:
        """Keep the author's text, which met another one; return its revision.

        Afterwards `base` is what the author's next save starts from.
        """
        mine = set_aside(self.article, self.language, conflict.merge.mine, based_on=conflict.ancestor, by=self.by)
        self.text = conflict.merge.text()
        is_beside = self.is_of_copy and not conflict.theirs.is_working_copy
        self.base = conflict.theirs
        if is_beside:
            # The copy goes on, now from what was saved beside it.
            self.base = rebase_working_copy(
                self.article, self.language, self.text, based_on=conflict.theirs, by=self.by
            )
        return mine

    def save(self, article: Article, **about) -> Revision | None:
        """Write what `prepare` found; `about` is what `save_language` wants to know besides."""
        revision = save_language(
            article,
            self.language,
            self.text,
            based_on=self._base_to_save(),
            by=self.by,
            as_working_copy=self.to_copy,
            **about,
        )
        if self.is_of_copy and not self.to_copy:
            end_working_copy(self.article, self.language)
        if self.action == DROP_COPY:
            drop_working_copy(article, self.language, by=self.by)
        elif self.action == UNPUBLISH and self.to_copy:
            unpublish(article, self.language, by=self.by)
        return revision

    def _base_to_save(self) -> Revision | None:
        # What was merged holds what stands.
        if self.is_of_copy and not self.to_copy and self.standing and self.base.based_on:
            return self.base if self.standing.content == self.base.based_on.content else self.standing
        return self.standing


@dataclass(frozen=True)
class TextConflict:
    """Two authors' revisions of one language: the one set aside, and the one that stands.

    `choices` says, by the names of places, whose words the author chose so far.
    """

    mine: Revision
    theirs: Revision
    choices: Mapping[str, str] = field(default_factory=dict)

    @property
    def merge(self) -> TextMerge:
        return TextMerge(content_of(self.mine.based_on), self.mine.content, self.theirs.content)

    @property
    def places(self) -> list[Conflict]:
        return self.merge.conflicts

    def with_choices(self, sent: ArticleText) -> ArticleText:
        """Return a text as its author sends it after the conflict, with the words that were chosen.

        What the author changed in the text itself is newer than the choice.
        """
        merge = self.merge
        shown, chosen = merge.text(), merge.text(self.choices)
        return sent if chosen == shown else TextMerge(shown, sent, chosen).text()


@transaction.atomic
def publish_working_copy(article: Article, language: str, by: AbstractBaseUser | None = None) -> Revision | None:
    """Put the working copy in the place of what stands, as the button of the form does; None where there is none.

    Raise PermissionDenied where `by` may not publish it, EditConflict where what was saved beside it changed the same
    words, and ValidationError where it breaks a rule by now.
    """
    take_turns()
    current = Article.objects.get(pk=article.pk)
    copy = current.working_copy(language)
    if copy is None:
        return None
    if by is not None and not may_publish(by, current, language):
        raise PermissionDenied
    edit = Edit(current, language, copy, copy.content, action=PUBLISH_COPY, by=by)
    edit.prepare()
    return edit.save(article, source_revision=copy.source_revision)
