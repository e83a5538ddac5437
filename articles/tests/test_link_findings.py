from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles import link_findings, publishing
from articles.link_findings import Place
from articles.link_verdict import Reason, Verdict, dead, moved, unsure
from articles.models import Article, LinkFinding, Redirect
from articles.saving import note_shared_facts

from .examples import change, live, make_article
from .people import person

PAGE = reverse("admin:articles_article_links")
LIST = reverse("admin:articles_article_changelist")
GONE, SLOW, OLD = "https://gone.example/", "https://slow.example/", "https://old.example/"
BODY = f"[a]({GONE}) [b]({SLOW}) [c]({OLD}) ![d](lost.png)"


def found(article: Article, language: str, verdicts: dict[str, Verdict]) -> dict:
    return {Place.of(article, language): verdicts}


class LinkFindingsTests(TestCase):
    def setUp(self):
        self.article = make_article("a", en=live("On both sides", body=BODY), fr=live("Des deux côtés"))
        self.verdicts = {
            GONE: dead(Reason.GONE, 410),
            SLOW: unsure(Reason.ANSWERED, 503),
            OLD: moved("https://new.example/"),
        }
        link_findings.replace(found(self.article, "en", self.verdicts), links=7, unasked=2)

    def addresses(self) -> set[str]:
        return set(LinkFinding.objects.values_list("address", flat=True))

    def log_in(self, *roles: str) -> None:
        self.client.force_login(person("-".join(roles) or "nobody", *roles))

    def test_a_link_that_a_save_takes_away_is_forgotten_and_no_other(self):
        change(self.article, "fr", body="Other words.")
        change(self.article, "en", title="Another title")
        self.assertEqual(self.addresses(), set(self.verdicts))
        change(self.article, "en", body=BODY.replace(GONE, "https://found.example/"))
        self.assertEqual(self.addresses(), {SLOW, OLD})

    def test_what_readers_do_not_see_any_more_is_forgotten(self):
        self.article.source = OLD
        self.article.save()
        publishing.unpublish(self.article, "en")
        self.assertEqual(self.addresses(), set())

    def test_a_source_that_is_put_right_is_forgotten_too(self):
        self.article.source = OLD
        self.article.save()
        change(self.article, "en", body=BODY.replace(OLD, "https://found.example/"))
        self.assertIn(OLD, self.addresses())
        self.article.source = "https://new.example/"
        self.article.save()
        note_shared_facts(self.article)
        self.assertEqual(self.addresses(), {GONE, SLOW})

    def test_the_next_check_keeps_since_when_a_link_is_wrong(self):
        long_ago = timezone.now() - timezone.timedelta(days=9)
        LinkFinding.objects.filter(address=GONE).update(found_at=long_ago)
        link_findings.replace(found(self.article, "en", {GONE: dead(Reason.NOT_FOUND, 404)}), links=7, unasked=0)
        finding = LinkFinding.objects.get()
        self.assertEqual((finding.found_at, finding.verdict.status), (long_ago, 404))

    def test_one_page_lists_all_and_leads_to_the_texts(self):
        self.log_in("Editor")
        redirect = Redirect.objects.create(old_path="/old/", new_path="/en/articles/never/")
        places = found(self.article, "en", self.verdicts)
        places[Place.of(redirect)] = {"/en/articles/never/": dead(Reason.NOT_FOUND, 404)}
        link_findings.replace(places, links=7, unasked=2)
        page = self.client.get(PAGE)
        form = reverse("admin:articles_article_change", args=[self.article.pk])
        self.assertContains(page, f'<a href="{form}" lang="en">On both sides</a>', count=1)
        self.assertContains(page, reverse("admin:articles_redirect_change", args=[redirect.pk]))
        for words in ("7 links", "2 addresses of other sites", "the server answers with an error (503)", "new.example"):
            self.assertContains(page, words)
        self.assertContains(self.client.get(PAGE, {"kind": "unsure", "language": "en"}), f'href="{SLOW}"')
        self.assertNotContains(self.client.get(PAGE, {"language": "fr"}), GONE)
        for query in ({"kind": "x"}, {"language": "xx"}):
            self.assertEqual(self.client.get(PAGE, query).status_code, 404)
        self.article.delete()
        self.assertNotContains(self.client.get(PAGE), GONE)
        self.assertContains(self.client.get(PAGE), "/en/articles/never/")
        redirect.new_path = "/en/"
        redirect.save()
        self.assertNotContains(self.client.get(PAGE), "/en/articles/never/")

    def test_each_text_stands_there_once_the_worst_first_with_all_its_links(self):
        self.log_in("Editor")
        moved_only = make_article("m", en=live("Moved only"))
        places = found(moved_only, "en", {OLD: moved("https://new.example/")})
        places |= found(self.article, "en", {OLD: moved("https://new.example/"), SLOW: self.verdicts[SLOW]})
        places |= found(self.article, "fr", {GONE: self.verdicts[GONE]})
        link_findings.replace(places, links=7, unasked=0)
        texts = self.client.get(PAGE).context["page"].object_list
        shown = [(text["title"], [(line["state"], line["language"]) for line in text["links"]]) for text in texts]
        links = [("dead", "fr"), ("unsure", "en"), ("moved", "en")]
        self.assertEqual(shown, [("On both sides", links), ("Moved only", [("moved", "en")])])

    def test_a_long_page_takes_no_more_queries_than_a_short_one(self):
        self.log_in("Author")
        # What each process asks for once.
        self.client.get(PAGE)
        counts = []
        for number in (1, 9):
            articles = [make_article(f"n{number}-{each}", en=live(f"N {number} {each}")) for each in range(number)]
            places = {Place.of(article, "en"): self.verdicts for article in articles}
            link_findings.replace(places, links=7, unasked=0)
            with CaptureQueriesContext(connection) as queries:
                self.assertContains(self.client.get(PAGE), "N ")
            counts.append(len(queries))
        self.assertEqual(*counts)

    def test_who_may_see_articles_sees_it_and_nobody_else(self):
        self.assertRedirects(self.client.get(PAGE), f"{reverse('admin:login')}?next={PAGE}")
        for roles, status in (((), 403), (("Author",), 200), (("Translator",), 200)):
            self.log_in(*roles)
            self.assertEqual(self.client.get(PAGE).status_code, status, roles)
        # A form that somebody may not open is not led to.
        redirect = Redirect.objects.create(old_path="/old/", new_path="/en/articles/never/")
        link_findings.replace({Place.of(redirect): {"/x/": dead(Reason.NOT_FOUND, 404)}}, links=1, unasked=0)
        self.assertNotContains(self.client.get(PAGE), "/articles/redirect/")

    def test_the_list_of_articles_filters_by_it(self):
        self.log_in("Editor")
        make_article("b", en=live("Without links"))
        for value, number in (("en-dead", 1), ("en-moved", 1), ("fr-dead", 0), ("", 2), ("en-x", 0), ("x", 0)):
            with self.subTest(value):
                changelist = self.client.get(LIST, {"links": value}).context["cl"]
                self.assertEqual(changelist.result_count, number)

    def test_the_form_shows_them_beside_the_text_once(self):
        self.log_in("Editor")
        more = self.verdicts | {"lost.png": dead(Reason.NO_IMAGE), "/en/articles/no/": dead(Reason.NOT_FOUND, 404)}
        change(self.article, "en", body=f"{BODY} [e](/en/articles/no/)")
        link_findings.replace(found(self.article, "en", more), links=7, unasked=2)
        page = self.client.get(reverse("admin:articles_article_change", args=[self.article.pk]))
        shown = {each["code"]: [line["address"] for line in each["links"]] for each in page.context["publication"]}
        # What the checklist says already is not said again.
        self.assertEqual(shown, {"en": [GONE, SLOW, OLD], "fr": []})
        self.assertContains(page, "3 links of the published text want a look")

    def test_a_page_without_a_check_says_so(self):
        link_findings.LinkCheck.objects.all().delete()
        LinkFinding.objects.all().delete()
        self.log_in("Editor")
        self.assertContains(self.client.get(PAGE), "No links have been checked yet")
