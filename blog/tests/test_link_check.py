from io import StringIO
from unittest import mock

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import TestCase
from django.utils.translation import override

from articles.image_store import media_root
from articles.link_verdict import GOOD, Reason, dead, moved
from articles.models import LinkCheck, LinkFinding, OutsideAddress, Redirect, Series, Tag
from articles.outside_links import knowledge
from articles.publishing import unpublish
from articles.tests.examples import TOMORROW, change, live, make_article
from articles.tests.image_files import MediaMixin, jpeg, store
from blog.link_check import check
from blog.models import LastChange, Site

from .examples import count_as_committed, make_page, shown

RIGHT = """\
[a](article:other) [b](article:other#part-one) [c](/en/articles/other/#part-one) [d](/en/archive) [e](#here) [f](#top)
[g](/en/tags/light/) [h](/en/series/walks/) [i](/en/pages/about/) [j](/en/feed.xml) [k](/en/?page=1) [l](/robots.txt)
[m](../other/) [n](?q=1) [o](/en/articles/other/#:~:text=one) [p](mailto:a@example.org) [q](/admin/) [r](/)
[s]({site}/en/articles/other/) [t](/fr/articles/autre/) [u](/en/articles/own/) ![v](image:cat) [w](article:french#la)

## Here
"""

WRONG = {
    "article:none": dead(Reason.NO_ARTICLE),
    "article:later#part-one": dead(Reason.NOT_LIVE),
    "article:other#nowhere": dead(Reason.NO_PLACE),
    "/en/articles/other/#nowhere": dead(Reason.NO_PLACE),
    "#nowhere": dead(Reason.NO_PLACE),
    "/en/articles/none/": dead(Reason.NOT_FOUND, 404),
    "/en/articles/deleted/": dead(Reason.GONE, 410),
    "/en/tags/none/": dead(Reason.NOT_FOUND, 404),
    "/en/series/none/": dead(Reason.NOT_FOUND, 404),
    "/en/authors/none/": dead(Reason.NOT_FOUND, 404),
    "/en/pages/hidden/": dead(Reason.NOT_FOUND, 404),
    "/en/articles/once/": moved("/en/articles/other/"),
    "/media/none.png": dead(Reason.NOT_FOUND, 404),
    "image:none": dead(Reason.NO_IMAGE),
    "image:torn": dead(Reason.NO_FILE),
    "http://example.org/plain.png": dead(Reason.INSECURE),
}
IMAGES = ("image:", "http://example.org/plain.png", "/media/")


def written(addresses) -> str:
    return "\n\n".join(f"{'!' * address.startswith(IMAGES)}[words]({address})" for address in addresses)


class LinkCheckTests(MediaMixin, TestCase):
    def setUp(self):
        super().setUp()
        # The end of a request would end the connection that the test's transaction is on.
        for signal in (request_started, request_finished):
            signal.disconnect(close_old_connections)
            self.addCleanup(signal.connect, close_old_connections)
        tag = Tag.objects.create(key="light", name_en="Light")
        series = Series.objects.create(key="walks", title_en="Walks")
        other = make_article("other", en=live("Once", body="## Part one"), fr=live("Autre"))
        change(other, "en", title="Other", slug="other")
        other.tags.add(tag)
        other.series = series
        other.save()
        make_article("french", fr=live("Français", body="## Là"))
        make_article("later", en=live("Later", published_at=TOMORROW))
        make_article("deleted", en=live("Deleted")).delete()
        make_page("about", en=shown("About"))
        make_page("hidden", en=shown("Hidden", is_live=False))
        store(jpeg(), key="cat")

    def verdicts(self, **options) -> dict:
        """Return what a check finds, by what has the link and by address."""
        run = check(**options)
        return {run.names[place]: verdicts for place, verdicts in run.found.items()}

    def test_a_link_of_each_kind_that_is_right_is_passed_over(self):
        make_article("own", en=live("Own", body=RIGHT.replace("{site}", settings.SITE_URL)))
        self.assertEqual(self.verdicts(), {})

    def test_a_link_of_each_kind_that_is_wrong_is_found_with_the_reason_in_the_text_that_has_it(self):
        torn = store(jpeg(quality=20), key="torn")
        (media_root() / torn.stored_names()[0]).unlink()
        make_article("own", en=live("Own", body=written(WRONG)), fr=live("Propre", body="[a](/fr/etiquettes/x/)"))
        make_article("draft", en={"title": "Draft", "body": "[a](/en/tags/none/)"})
        make_page("faulty", fr=shown("Fautive", body="[a](article:none)"))
        Redirect.objects.create(old_path="/2020/", new_path="/en/articles/never/")
        Redirect.objects.create(old_path="/2021/", new_path="/en/articles/other/")
        nothing = dead(Reason.NOT_FOUND, 404)
        self.assertEqual(
            self.verdicts(),
            {
                "article own (en)": WRONG,
                "article own (fr)": {"/fr/etiquettes/x/": nothing},
                "page faulty (fr)": {"article:none": dead(Reason.NO_ARTICLE)},
                "redirect /2020/": {"/en/articles/never/": nothing},
            },
        )
        self.assertEqual(LinkFinding.objects.count(), len(WRONG) + 3)
        # What was mended is forgotten.
        change(torn.shown_in()[0], "en", body="Nothing.")
        self.assertNotIn("article own (en)", self.verdicts())

    def test_a_link_that_a_save_of_a_page_takes_away_is_forgotten(self):
        page = make_page("faulty", fr=shown("Fautive", body="[a](article:none) [b](/en/tags/none/)"))
        check()
        page.body_fr = "[b](/en/tags/none/)"
        page.save()
        self.assertEqual(LinkFinding.objects.get().address, "/en/tags/none/")
        page.is_live_fr = False
        page.save()
        self.assertFalse(LinkFinding.objects.exists())

    def test_what_is_mended_while_other_sites_are_asked_is_not_told(self):
        body = "[a](/en/tags/none/) [b](https://b.example/)"
        own, gone = make_article("own", en=live("Own", body=body)), make_article("gone", en=live("Gone", body=body))
        page = make_page("faulty", en=shown("Faulty", body=body))

        def work_of_an_hour(*about):
            change(own, "en", body=body.replace("/en/tags/none/", "/en/"))
            unpublish(gone, "en")
            page.body_en = "Nothing."
            page.save()

        known = {"https://b.example/": dead(Reason.NOT_FOUND, 404)}
        with mock.patch.multiple(knowledge, refresh=work_of_an_hour, known=lambda addresses: known):
            found = self.verdicts(is_external=True)
        self.assertEqual(found, {"article own (en)": {"https://b.example/": dead(Reason.NOT_FOUND, 404)}})
        self.assertEqual(LinkFinding.objects.get().address, "https://b.example/")

    def test_other_sites_are_asked_only_where_that_is_wished_and_what_they_said_counts_later_too(self):
        body = "[a](https://b.example/) [b](https://b.example/#part) ![c](https://b.example/d.png) [d](//e.example)"
        article = make_article("own", en=live("Own", body=body))
        article.source = "https://source.example/"
        article.save()
        asked = []

        def ask(address, polite):
            asked.append(address)
            return GOOD if address.endswith(".png") else dead(Reason.NOT_FOUND, 404)

        with mock.patch.object(knowledge, "ask", ask):
            self.assertEqual(self.verdicts(), {})
            self.assertEqual((asked, LinkCheck.objects.get().unasked), ([], 4))
            wrong = ["https://b.example/", "https://b.example/#part", "//e.example", "https://source.example/"]
            for options in ({"is_external": True}, {"is_external": True}, {}):
                found = self.verdicts(**options)
                self.assertEqual(sorted(found["article own (en)"]), sorted(wrong))
        scheme = settings.SITE_URL.partition("//")[0]
        self.assertEqual(
            sorted(asked),
            sorted(
                [
                    "https://b.example/",
                    "https://b.example/d.png",
                    f"{scheme}//e.example/",
                    "https://source.example/",
                ]
            ),
        )
        self.assertEqual((OutsideAddress.objects.count(), LinkCheck.objects.get().unasked), (4, 0))

    def test_a_page_that_is_broken_is_a_finding_and_no_end(self):
        make_article("own", en=live("Own", body="[a](/en/archive/)"))
        with (
            mock.patch("blog.static_site.asking._page", side_effect=ZeroDivisionError),
            self.assertLogs("blog.link_check", "ERROR"),
        ):
            self.assertEqual(self.verdicts()["article own (en)"]["/en/archive/"].status, 500)

    def test_the_command_says_where_each_wrong_link_is_and_its_exit_status_whether_one_is_dead(self):
        article = make_article("own", en=live("Own", body="[a](/en/articles/once/)"))
        out = StringIO()
        call_command("check_links", stdout=out)
        self.assertIn("article own (en): /en/articles/once/: moved for good", out.getvalue())
        change(article, "en", body="[a](/en/tags/none/)")
        with self.assertRaisesMessage(CommandError, "Dead links: 1.") as raised:
            call_command("check_links", stdout=out)
        self.assertEqual(raised.exception.returncode, 1)
        self.assertIn("article own (en): /en/tags/none/: dead, there is no such page\n", out.getvalue())

    def test_what_the_command_says_is_in_one_language_whatever_pages_it_asked_for(self):
        make_article("own", fr=live("Propre", body="[a](/fr/etiquettes/rien/)"))
        out = StringIO()
        with override("en"), self.assertRaises(CommandError):
            call_command("check_links", stdout=out)
        self.assertIn("article own (fr): /fr/etiquettes/rien/: dead, there is no such page\n", out.getvalue())

    def test_the_command_asks_other_sites_at_most_so_often(self):
        body = " ".join(f"[a](https://b.example/{number})" for number in range(5))
        make_article("own", en=live("Own", body=body))
        out = StringIO()
        with mock.patch.object(knowledge, "ask", lambda address, polite: GOOD):
            call_command("check_links", "--external", "--at-most", "2", stdout=out)
        self.assertEqual(out.getvalue(), "Links followed: 5. Addresses of other sites not asked yet: 3.\n")
        with self.assertRaisesMessage(CommandError, "--at-most"):
            call_command("check_links", "--external", "--at-most", "-1")

    def test_a_check_changes_nothing_that_readers_see(self):
        make_article("own", en=live("Own", body="[a](/en/tags/none/) [b](https://b.example/)"))
        # Made by the first page that anybody asks for.
        Site.current()
        before = LastChange.objects.values().get()
        count_as_committed()
        with mock.patch.object(knowledge, "ask", lambda address, polite: GOOD):
            check(is_external=True)
        self.assertTrue(LinkFinding.objects.exists())
        self.assertEqual(LastChange.objects.values().get(), before)
