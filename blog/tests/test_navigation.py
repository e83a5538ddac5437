import re

from django.test import TestCase

from blog.models import Page, Site

from .examples import make_page, shown

HEADER, FOOTER, NONE = Page.Navigation.HEADER, Page.Navigation.FOOTER, Page.Navigation.NONE
LINK = re.compile(r'<a href="([^"]*)"( aria-current="page")?>([^<]*)</a>')


class NavigationTests(TestCase):
    def links(self, path: str, place: str) -> list[tuple[str, str]]:
        page = self.client.get(path).content.decode()
        start = {"header": '<nav class="site-navigation"', "footer": '<footer class="site-footer"'}[place]
        return [(match[1], match[3]) for match in LINK.finditer(page.partition(start)[2].partition("</ul>")[0])]

    def test_pages_stand_where_and_in_the_order_that_authors_chose_between_archive_and_structure(self):
        make_page("late", HEADER, 2, en=shown("Late"), fr=shown("Tard"))
        make_page("b", HEADER, 1, en=shown("Bee"))
        make_page("a", HEADER, 1, en=shown("Ant"), fr=shown("Fourmi", is_live=False))
        make_page("legal", FOOTER, 1, en=shown("Legal notice"), fr=shown("Mentions légales"))
        make_page("secret", NONE, 1, en=shown("Nowhere"), fr=shown("Nulle part"))
        self.assertEqual(
            [name for _, name in self.links("/en/", "header")],
            ["Articles", "Archive", "Ant", "Bee", "Late", "Structure", "Search"],
        )
        self.assertEqual(
            self.links("/fr/", "header"),
            [
                ("/fr/", "Articles"),
                ("/fr/archives/", "Archives"),
                ("/fr/pages/tard/", "Tard"),
                ("/fr/structure/", "Structure"),
                ("/fr/recherche/", "Recherche"),
            ],
        )
        footer = [name for _, name in self.links("/fr/style/", "footer")]
        self.assertEqual(footer[:2], ["Mentions légales", "Voir comment il est construit"])
        self.assertEqual({page.navigation for page in Page.objects.linked()}, {HEADER, FOOTER})

    def test_the_link_to_the_page_that_is_read_says_so_and_no_other(self):
        make_page("about", HEADER, en=shown("About"))
        for path in ("/en/", "/en/archive/", "/en/pages/about/"):
            page = self.client.get(path).content.decode()
            self.assertEqual([match[1] for match in LINK.finditer(page) if match[2]], [path])
        for path in ("/en/structure/", "/en/style/"):
            self.assertEqual(
                self.client.get(path).content.decode().count(f'href="{path}" aria-current="page"'),
                1 + (path == "/en/structure/"),
            )
        self.assertNotContains(self.client.get("/en/nothing/"), "aria-current", status_code=404)

    def test_titles_are_set_as_their_language_sets_type_and_cannot_break_out(self):
        make_page("faq", HEADER, fr=shown("Qui sommes-nous ?"), en=shown("<b>Who</b>"))
        self.assertIn("Qui sommes-nous\u202f?", [name for _, name in self.links("/fr/", "header")])
        self.assertContains(self.client.get("/en/"), "&lt;b&gt;Who&lt;/b&gt;</a>")

    def test_all_pages_cost_one_query_of_narrow_rows(self):
        Site.current()
        for number in range(5):
            make_page(f"h{number}", HEADER, en=shown(f"H{number}"))
            make_page(f"f{number}", FOOTER, en=shown(f"F{number}"))
        # When the site last changed, by a write and by the clock; the site, the pages.
        with self.assertNumQueries(4) as queries:
            self.client.get("/en/structure/")
        self.assertFalse(any("body" in query["sql"] for query in queries))
