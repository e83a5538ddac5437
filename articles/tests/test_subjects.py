from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.test import TestCase

from articles.models import Article, Author, FormerSlug, Revision, Series, Tag

from .examples import TOMORROW, live, make_article
from .forms import fields_of
from .test_admin import ADD, LIST

TAGS, SERIES, AUTHORS = (f"/admin/articles/{kind}/" for kind in ("tag", "series", "author"))


class SubjectAdminTestCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = get_user_model().objects.create_superuser("editor")

    def setUp(self):
        self.client.force_login(self.user)

    def opened(self, url: str) -> dict:
        """Return the fields of a form as a browser holds them after opening it."""
        kind = url.split("/")[3]
        return fields_of(self.client.get(url).content.decode(), f"{kind}_form")

    def save(self, url: str, fields: dict, **changes):
        return self.client.post(url, fields | changes | {"_save": "1"})

    def errors(self, response) -> dict:
        return dict(response.context["adminform"].form.errors)

    def in_series(self, key: str, series: Series, part: int | None = None, **texts: dict) -> Article:
        article = make_article(key, **(texts or {"en": live(key.title())}))
        article.series, article.part = series, part
        article.save(update_fields=["series", "part"])
        return article


class SubjectFormTests(SubjectAdminTestCase):
    def test_a_name_is_enough_for_a_new_tag(self):
        self.assertRedirects(self.save(TAGS + "add/", self.opened(TAGS + "add/"), name_fr="L’été & l’œuf"), TAGS)
        tag = Tag.objects.get()
        self.assertEqual((tag.key, tag.slug_fr, tag.slug_en), ("l-ete-et-l-oeuf", "l-ete-et-l-oeuf", None))

    def test_two_tags_of_one_name_have_two_keys_and_two_addresses(self):
        for _ in range(2):
            self.save(TAGS + "add/", self.opened(TAGS + "add/"), name_en="Same")
        tags = Tag.objects.order_by("pk").values_list("key", "slug_en")
        self.assertEqual(list(tags), [("same", "same"), ("same-2", "same-2")])

    def test_a_tag_or_a_series_without_any_name_is_refused(self):
        for url in (TAGS, SERIES):
            response = self.save(url + "add/", self.opened(url + "add/"), key="nameless")
            self.assertEqual(self.errors(response), {"__all__": ["Write a name in at least one language."]})

    def test_a_key_is_fixed_once_made(self):
        tag = Tag.objects.create(key="fixed", name_en="Name")
        url = f"{TAGS}{tag.pk}/change/"
        fields = self.opened(url)
        self.assertNotIn("key", fields)
        self.assertRedirects(self.save(url, fields, key="changed", name_fr="Nom"), TAGS)
        tag.refresh_from_db()
        self.assertEqual((tag.key, tag.name_fr, tag.slug_fr), ("fixed", "Nom", "nom"))

    def test_a_changed_slug_is_remembered_and_an_emptied_one_made_again(self):
        series = Series.objects.create(key="s", title_en="First title")
        url = f"{SERIES}{series.pk}/change/"
        self.save(url, self.opened(url), slug_en="other", title_en="Second title")
        self.assertTrue(FormerSlug.objects.filter(slug="first-title", object_id=series.pk).exists())
        self.save(url, self.opened(url), slug_en="")
        series.refresh_from_db()
        self.assertEqual(series.slug_en, "second-title")

    def test_a_slug_that_led_elsewhere_is_refused_on_its_field_with_the_reason(self):
        tag = Tag.objects.create(key="python", name_en="Python")
        tag.slug_en = "python-language"
        tag.save()
        response = self.save(TAGS + "add/", self.opened(TAGS + "add/"), name_en="Snakes", slug_en="python")
        reason = "This address once led to “Python”, and leads there still."
        self.assertEqual(self.errors(response), {"slug_en": [reason]})
        response = self.save(TAGS + "add/", self.opened(TAGS + "add/"), name_en="Snakes", slug_en="python-language")
        self.assertEqual(self.errors(response), {"slug_en": ["This address is already used by “Python”."]})

    def test_a_bad_slug_is_refused_in_the_words_of_the_rule_alone(self):
        rule = "Write lower-case letters without accents, digits and single hyphens."
        for slug in ("Été", "a b", "a_b", "-a"):
            response = self.save(TAGS + "add/", self.opened(TAGS + "add/"), name_en="T", slug_en=slug)
            self.assertEqual(self.errors(response), {"slug_en": [rule]}, slug)

    def test_two_who_name_one_language_each_both_find_their_name(self):
        author = Author.objects.create(name="Ada")
        url = f"{AUTHORS}{author.pk}/change/"
        mine, theirs = self.opened(url), self.opened(url)
        self.save(url, theirs, about_fr="Elle écrit.", slug_fr="ada-ecrit")
        self.save(url, mine, about_en="She writes.")
        author.refresh_from_db()
        self.assertEqual(
            (author.about_en, author.about_fr, author.slug_fr), ("She writes.", "Elle écrit.", "ada-ecrit")
        )
        self.assertFalse(FormerSlug.objects.filter(slug="ada-ecrit").exists())

    def test_the_form_names_the_language_of_each_text(self):
        page = self.client.get(SERIES + "add/").content.decode()
        for code in ("en", "fr"):
            for field in ("title", "description"):
                self.assertRegex(page, f'<(input|textarea)[^>]*name="{field}_{code}"[^>]*lang="{code}"')

    def test_view_on_site_is_offered_in_the_languages_that_have_a_page(self):
        tag = Tag.objects.create(key="t", name_en="Summer", name_fr="Été")
        make_article("a", en=live("T"), fr={"title": "Brouillon"}).tags.add(tag)
        page = self.client.get(f"{TAGS}{tag.pk}/change/")
        self.assertContains(page, 'href="/en/tags/summer/"')
        self.assertNotContains(page, 'href="/fr/etiquettes/ete/"')


class DeletionTests(SubjectAdminTestCase):
    def test_it_says_that_articles_stay_and_they_do(self):
        subjects = (
            (TAGS, Tag.objects.create(key="t", name_en="Thing")),
            (SERIES, Series.objects.create(key="s", title_en="Thing")),
            (AUTHORS, Author.objects.create(name="Thing")),
        )
        article = self.in_series("a", subjects[1][1], 1)
        article.tags.add(subjects[0][1])
        article.authors.add(subjects[2][1])
        for url, subject in subjects:
            with self.subTest(url):
                delete = f"{url}{subject.pk}/delete/"
                self.assertContains(self.client.get(delete), "Thing (articles: 1)")
                chosen = {"action": "delete_selected", "_selected_action": [subject.pk]}
                response = self.client.post(url, chosen)
                self.assertContains(response, "Thing (articles: 1)")
                self.assertContains(response, "The articles stay")
                self.assertRedirects(self.client.post(delete, {"post": "yes"}), url)
                self.assertFalse(type(subject).objects.exists())
        self.assertContains(self.client.get("/en/articles/a/"), "The body of A.")

    def test_several_are_deleted_at_once(self):
        tags = [Tag.objects.create(key=key, name_en=key) for key in "ab"]
        chosen = {"action": "delete_selected", "_selected_action": [tag.pk for tag in tags], "post": "yes"}
        self.client.post(TAGS, chosen)
        self.assertFalse(Tag.objects.exists())


class PartsOfASeriesTests(SubjectAdminTestCase):
    def setUp(self):
        super().setUp()
        self.series = Series.objects.create(key="s", title_en="Series")
        self.url = f"{SERIES}{self.series.pk}/change/"

    def titles(self) -> list[str]:
        rows = self.client.get(self.url).context["inline_admin_formsets"][0].formset.forms
        return [str(row.instance) for row in rows]

    def test_the_parts_are_listed_in_their_order_with_links_and_states(self):
        self.in_series("none", self.series)
        second = self.in_series("second", self.series, 2, fr=live("Deuxième"))
        self.in_series("first", self.series, 1, en={"title": "First", "body": "B", "published_at": TOMORROW})
        self.in_series("gone", self.series, 3).delete()
        self.assertEqual(self.titles(), ["First", "Deuxième", "None"])
        page = self.client.get(self.url)
        link = f'<a href="/admin/articles/article/{second.pk}/change/" lang="fr">Deuxième</a>'
        self.assertContains(page, link, html=True)
        for state in ("live", "scheduled", "missing"):
            self.assertContains(page, f"state-{state}")

    def test_other_numbers_are_another_order_and_nothing_else_is_written(self):
        first, second = self.in_series("first", self.series, 1), self.in_series("second", self.series, 2)
        fields = self.opened(self.url)
        Article.objects.update(source="https://example.org/meanwhile")
        self.assertRedirects(self.save(self.url, fields, **{"articles-0-part": "3"}), SERIES)
        first.refresh_from_db()
        self.assertEqual((first.part, first.source), (3, "https://example.org/meanwhile"))
        self.assertEqual(self.titles(), ["Second", "First"])
        self.assertIn("First", LogEntry.objects.get().get_change_message())
        self.assertEqual(second.revisions.count(), 1)

    def test_an_order_that_somebody_else_changed_stays_where_i_did_not_touch_it(self):
        article = self.in_series("a", self.series, 1)
        fields = self.opened(self.url)
        Article.objects.update(part=7)
        self.save(self.url, fields, title_en="New title")
        article.refresh_from_db()
        self.assertEqual(article.part, 7)

    def test_a_new_place_stands_in_the_history_of_the_article_with_who_gave_it(self):
        self.in_series("first", self.series, 1, en=live("First"))
        self.save(self.url, self.opened(self.url), **{"articles-0-part": "3"})
        revision = Revision.objects.latest("pk")
        self.assertEqual((revision.shared["part"], revision.created_by), (3, self.user))

    def test_a_part_that_left_meanwhile_is_passed_over(self):
        article, other = self.in_series("a", self.series, 1), self.in_series("b", self.series, 2)
        fields = self.opened(self.url)
        Article.objects.filter(pk=article.pk).update(series=None)
        self.assertRedirects(self.save(self.url, fields, **{"articles-1-part": "9"}), SERIES)
        other.refresh_from_db()
        self.assertEqual(other.part, 9)

    def test_a_place_that_is_no_number_is_an_error_on_its_row(self):
        self.in_series("a", self.series, 1)
        response = self.save(self.url, self.opened(self.url), **{"articles-0-part": "-1"})
        self.assertEqual(len(response.context["inline_admin_formsets"][0].formset.errors[0]["part"]), 1)

    def test_parts_are_neither_added_nor_deleted_here(self):
        self.in_series("a", self.series, 1)
        changes = {"articles-0-DELETE": "on", "articles-TOTAL_FORMS": "2", "articles-1-part": "2"}
        self.save(self.url, self.opened(self.url), **changes)
        self.assertEqual(Article.objects.filter(deleted_at=None).count(), 1)

    def test_the_form_costs_the_same_queries_however_many_parts(self):
        self.in_series("a", self.series, 1)
        self.client.get(self.url)
        with self.assertNumQueries(9) as queries:
            self.client.get(self.url)
        self.assertFalse(any("body_en" in query["sql"] for query in queries))
        for number in range(5):
            self.in_series(f"a{number}", self.series, number)
        with self.assertNumQueries(9):
            self.client.get(self.url)


class ArticleFormTests(SubjectAdminTestCase):
    def setUp(self):
        super().setUp()
        self.series = Series.objects.create(key="s", title_en="Series")

    def url(self, article: Article) -> str:
        return f"{LIST}{article.pk}/change/"

    def stands(self, article: Article) -> tuple:
        article.refresh_from_db()
        return article.series, article.part

    def test_an_article_joins_a_series_at_a_place(self):
        self.save(ADD, self.opened(ADD), title_en="T", series=self.series.pk, part="2")
        article = Article.objects.get()
        self.assertEqual(self.stands(article), (self.series, 2))
        other = make_article("b", en=live("B"))
        self.save(self.url(other), self.opened(self.url(other)), series=self.series.pk)
        self.assertEqual(self.stands(other), (self.series, None))

    def test_a_place_in_no_series_is_an_error_on_its_field_and_no_text_is_lost(self):
        article = make_article("a", en=live("T"))
        response = self.save(self.url(article), self.opened(self.url(article)), part="2", body_en="New text")
        reason = "A place needs a series: choose one, or leave the place empty."
        self.assertEqual(self.errors(response), {"part": [reason]})
        self.assertContains(response, "New text")

    def test_an_article_that_leaves_its_series_leaves_its_place(self):
        article = self.in_series("a", self.series, 2)
        self.save(self.url(article), self.opened(self.url(article)), series="")
        self.assertEqual(self.stands(article), (None, None))

    def test_an_article_whose_series_was_deleted_is_saved_as_before(self):
        article = self.in_series("a", self.series, 2)
        self.series.delete()
        response = self.save(self.url(article), self.opened(self.url(article)), body_en="New text")
        self.assertRedirects(response, LIST)

    def test_a_series_that_i_did_not_touch_stays_as_others_left_it(self):
        article, other = self.in_series("a", self.series, 1), Series.objects.create(key="o", title_en="Other")
        mine, theirs = self.opened(self.url(article)), self.opened(self.url(article))
        self.save(self.url(article), theirs, series=other.pk, part="5")
        self.save(self.url(article), mine, body_en="Mine")
        self.assertEqual(self.stands(article), (other, 5))

    def test_a_place_that_two_gave_is_not_overwritten_unseen(self):
        article = self.in_series("a", self.series, 1)
        mine, theirs = self.opened(self.url(article)), self.opened(self.url(article))
        self.save(self.url(article), theirs, part="5")
        response = self.save(self.url(article), mine, part="6", body_en="Mine")
        reason = "Somebody else changed this in the meantime to “5”. Save again to put yours in its place."
        self.assertEqual(self.errors(response), {"part": [reason]})
        self.assertContains(response, "Mine")
        shown = fields_of(response.content.decode(), "article_form")
        self.save(self.url(article), shown)
        self.assertEqual(self.stands(article), (self.series, 6))

    def test_series_are_found_by_their_titles_in_all_languages(self):
        Series.objects.create(key="other", title_fr="La cuisine")
        query = {"app_label": "articles", "model_name": "article", "field_name": "series", "term": "cuisine"}
        found = self.client.get("/admin/autocomplete/", query).json()["results"]
        self.assertEqual(len(found), 1)

    def test_the_list_of_articles_is_filtered_by_series(self):
        self.in_series("inside", self.series, 1)
        make_article("outside", en=live("Outside"))
        page = self.client.get(f"{LIST}?series__id__exact={self.series.pk}")
        self.assertContains(page, ">Inside</span>")
        self.assertNotContains(page, ">Outside</span>")
