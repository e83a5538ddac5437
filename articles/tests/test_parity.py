from django.conf import settings
from django.test import TestCase
from articles.files.importing import import_folder
from articles.models import Article
from articles.translating.parity import *


class ShippedTests(TestCase):
    def test_x(self):
        import_folder(settings.BASE_DIR / "articles" / "content")
        for article in Article.objects.all():
            for s, t in (("en", "fr"), ("fr", "en")):
                article.source_language = s
                for r in remarks_beside_source(article, t, article.text_in(t), article.rendering_in(t).html):
                    print(article.key, t, r)
