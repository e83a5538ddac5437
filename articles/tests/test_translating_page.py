from articles.tests.test_admin import AdminTestCase
from articles.tests.examples import live, make_article
class T(AdminTestCase):
    def test_it(self):
        a = make_article("a", en=live("T", summary="S", body="One.\n\n## Two\n\n```\ncode\n```\n\nThree [a](https://e.org/) 2024."))
        r = self.client.get(f"/admin/articles/article/{a.pk}/translate/fr/")
        print(r.content.decode())
