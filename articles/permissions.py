"""Who may do what with an article, language by language. Forms, pages and actions ask here, and so does saving.

Django's permissions "change", "publish" and "delete" are for all articles; "own" is for those that somebody began or
signs, "translate" for every language but the original. The groups of the roles hold them.
"""

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Q

from . import languages
from .models import Article


def is_own(user: AbstractBaseUser, article: Article) -> bool:
    """Return whether somebody began an article or signs it."""
    return article.created_by_id == user.pk or article.authors.filter(user=user).exists()


def may_write(user: AbstractBaseUser, article: Article, language: str) -> bool:
    """Return whether somebody may write a language, in a draft or a working copy at least."""
    if user.has_perm("articles.translate_article") and language != article.source_language:
        return True
    return may_write_all(user, article)


def may_write_all(user: AbstractBaseUser, article: Article) -> bool:
    """Return whether somebody may write every language, and what they share."""
    return user.has_perm("articles.change_article") or _owns(user, article)


def may_publish(user: AbstractBaseUser, article: Article, language: str) -> bool:
    """Return whether somebody may decide what readers find of a language, and when."""
    if not may_write(user, article, language):
        return False
    return user.has_perm("articles.publish_article") or _owns(user, article)


def may_delete(user: AbstractBaseUser, article: Article) -> bool:
    """Return whether somebody may take an article from the site, and bring it back."""
    return user.has_perm("articles.delete_article") or _owns(user, article)


def may_delete_some(user: AbstractBaseUser) -> bool:
    """Return whether there can be any article that somebody may take from the site."""
    return user.has_perm("articles.delete_article") or user.has_perm("articles.own_article")


def may_publish_some(user: AbstractBaseUser) -> bool:
    """Return whether there can be any article that somebody may publish."""
    return user.has_perm("articles.publish_article") or user.has_perm("articles.own_article")


def written_languages(user: AbstractBaseUser, article: Article) -> list[str]:
    """Return the languages that somebody may write."""
    return [code for code in languages.codes() if may_write(user, article, code)]


def may_add(user: AbstractBaseUser) -> bool:
    """Return whether somebody may begin an article and go on with it."""
    return user.has_perm("articles.add_article") and (
        user.has_perm("articles.change_article") or user.has_perm("articles.own_article")
    )


def may_write_some(user: AbstractBaseUser) -> bool:
    """Return whether there can be any article that somebody may write."""
    return any(user.has_perm(f"articles.{verb}_article") for verb in ("change", "own", "translate"))


def may_write_translations(user: AbstractBaseUser) -> bool:
    """Return whether somebody may write every language of every article but its original."""
    return any(user.has_perm(f"articles.{verb}_article") for verb in ("change", "translate"))


def may_view(user: AbstractBaseUser) -> bool:
    """Return whether somebody may see all articles as their authors do."""
    return any(user.has_perm(f"articles.{verb}_article") for verb in ("view", "change")) or may_write_some(user)


# The same for many articles at once: conditions for a query.


def owned(user: AbstractBaseUser) -> Q:
    """Return the condition that an article is somebody's own, as `is_own` says it of one."""
    signed = Article.authors.through.objects.filter(author__user=user)
    return Q(created_by=user) | Q(pk__in=signed.values("article"))


def written(user: AbstractBaseUser, language: str) -> Q:
    """Return the condition that somebody may write a language of an article, as `may_write` says it of one."""
    if user.has_perm("articles.change_article"):
        return Q()
    condition = Q(pk__in=[])
    if user.has_perm("articles.own_article"):
        condition |= owned(user)
    if user.has_perm("articles.translate_article"):
        condition |= ~Q(source_language=language)
    return condition


def published(user: AbstractBaseUser, language: str) -> Q:
    """Return the condition that somebody may publish a language of an article, as `may_publish` says it of one."""
    if user.has_perm("articles.publish_article"):
        return written(user, language)
    return owned(user) if user.has_perm("articles.own_article") else Q(pk__in=[])


def _owns(user: AbstractBaseUser, article: Article) -> bool:
    return user.has_perm("articles.own_article") and is_own(user, article)
