"""Facts that an article's folder says, given to the article."""

from django.core.exceptions import ValidationError

from articles import languages
from articles.models import Article, Companion, Slugged
from articles.search.rebuilding import index_articles
from articles.translating import answering, following

from . import subjects
from .native import NO_TRANSLATION, ArticleFolder, LanguageFile
from .problems import ImportProblems
from .wishes import Wishes

# Columns of the article's own row.
FIELDS = {"source_language", "source", "series", "part", "shows_lag"}


def set_facts(article: Article, facts: list[str], source: ArticleFolder, wishes: Wishes, *, is_new: bool) -> None:
    """Give an article some facts that its folder says."""
    former, fields = article.source_language, []
    for fact in facts:
        value, file = source.shared[fact], source.stated_in[fact]
        if fact in {"authors", "tags"}:
            _set_subjects(article, fact, value, file, wishes, is_new=is_new)
        elif fact == "companions":
            _set_companions(article, value, file)
        elif fact == "series":
            article.series = _subject(fact, value, file, wishes) if value else None
        elif fact in FIELDS:
            setattr(article, fact, value)
        fields += [fact] if fact in FIELDS else []
    if fields:
        _check(article, fields, source)
        article.save(update_fields=fields)
    if article.source_language != former:
        following.swap(article, former)
    if NO_TRANSLATION in facts:
        for language in languages.codes():
            if language != article.source_language:
                answering.want(article, language, language not in source.shared[NO_TRANSLATION])


def _check(article: Article, fields: list[str], source: ArticleFolder) -> None:
    """Raise ImportProblems where the model's own rules forbid a value."""
    others = {field.name for field in Article._meta.fields} - set(fields)
    try:
        article.clean_fields(exclude=others | {"series"})
    except ValidationError as error:
        faults = {fact: f"“{article}”: {' '.join(messages)}" for fact, messages in error.message_dict.items()}
        raise ImportProblems(
            [source.stated_in[fact].problem(fact, reason) for fact, reason in faults.items()]
        ) from None


def _set_subjects(
    article: Article, fact: str, keys: list[str], file: LanguageFile, wishes: Wishes, *, is_new: bool
) -> None:
    found = [_subject(fact, key, file, wishes) for key in dict.fromkeys(keys)]
    if not is_new:
        getattr(article, fact).set(found)
        index_articles(Article.objects.filter(pk=article.pk))
        return
    # There is nothing to compare with, and nobody to tell of it alone: the texts come in a moment.
    field = Article._meta.get_field(fact)
    names = field.m2m_field_name(), field.m2m_reverse_field_name()
    through = field.remote_field.through
    through.objects.bulk_create(through(**dict(zip(names, (article, subject), strict=True))) for subject in found)


def _subject(fact: str, key: str, file: LanguageFile, wishes: Wishes) -> Slugged:
    if (fact, key) not in wishes.named:
        problem = file.problem(fact, "")
        wishes.named[fact, key] = subjects.named(subjects.KINDS[fact], key, file.language, problem, wishes.by)
    return wishes.named[fact, key]


def _set_companions(article: Article, keys: list[str], file: LanguageFile) -> None:
    """Give an article its companions in order; a link that stays keeps its row, which an open form may name."""
    found = {companion.key: companion for companion in Article.objects.filter(key__in=keys).exclude(pk=article.pk)}
    if missing := [key for key in keys if key not in found]:
        reasons = [f"no other article has the key “{key}”" for key in missing]
        raise ImportProblems([file.problem("companions", reason) for reason in reasons])
    article.companion_links.exclude(companion__in=found.values()).delete()
    for position, key in enumerate(dict.fromkeys(keys), start=1):
        Companion.objects.update_or_create(article=article, companion=found[key], defaults={"position": position})
