"""Articles for the tests, saved as the site saves them."""

from datetime import timedelta

from django.utils import timezone

from articles.models import Article
from articles.saving import save_language
from articles.text import ArticleText

YESTERDAY = timezone.now().replace(microsecond=0) - timedelta(days=1)
TOMORROW = YESTERDAY + timedelta(days=2)


def make_article(key: str, **texts: dict) -> Article:
    """Return a saved article; each keyword is a language code with some of the fields of its text."""
    article = Article.objects.create(key=key, source_language=next(iter(texts), "en"))
    for language, fields in texts.items():
        save_language(article, language, ArticleText(**fields), based_on=None)
    return article


def live(title: str, **fields) -> dict:
    """Return the fields of a text that is live since yesterday."""
    return {"title": title, "body": f"The body of {title}.", "published_at": YESTERDAY} | fields


def change(article: Article, language: str, **fields):
    """Save some fields of a language on top of what stands."""
    text = article.text_in(language)
    changed = ArticleText(**{name: getattr(text, name) for name in text.FIELDS} | fields)
    return save_language(article, language, changed, based_on=article.latest_revision(language))
