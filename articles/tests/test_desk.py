import uuid
from datetime import timedelta

from django.test import TestCase
from django.urls import reverse

from articles.desk import LISTED, Task, desk
from articles.models import Article, Author, Revision
from articles.saving import save_language
from articles.text import ArticleText
from articles.translating import answering
from articles.unsaved import FIELDS, keep

from .examples import TOMORROW, change, live, make_article
from .people import person

INDEX = reverse("admin:index")
LIST = reverse("admin:articles_article_changelist")


def draft(title: str) -> dict:
    return {"title": title}


def scheduled(title: str, **fields) -> dict:
    return live(title, **{"published_at": TOMORROW} | fields)


def type_unsaved(user, language: str, article: Article | None, title: str) -> uuid.UUID:
    form = uuid.uuid4()
    keep(
        user,
        form,
        language,
        dict.fromkeys(FIELDS, "") | {"title": title, "body": "Typed."},
        article=article,
        based_on=None,
    )
    return form


def write_copy(article: Article, language: str, user, **fields) -> Revision:
    standing = article.latest_revision(language)
    text = ArticleText(**vars(standing.content) | {"body": "Another body."} | fields)
    return save_language(article, language, text, based_on=standing, by=user, as_working_copy=True)


class DeskTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.ada = person("ada", "Author")
        cls.zoe = person("zoe", "Translator")
        cls.eve = person("eve", "Editor")

    def make(self, key: str, user=None, **texts: dict) -> Article:
        article = make_article(key, **texts)
        Article.objects.filter(pk=article.pk).update(created_by=user)
        return article

    def make_behind(self, key: str, title: str) -> Article:
        article = self.make(key, self.eve, en=live(title), fr=live(title))
        change(article, "en", body=f"Other words of {title}.")
        return article

    def titles(self, name: str, user) -> list[str]:
        return [line.shown_title[0] for line in desk(user)[name].lines]

    def lists(self, user) -> list[dict]:
        self.client.force_login(user)
        return self.client.get(INDEX).context["lists"]

    def lines(self, name: str, user) -> list[dict]:
        return next((each["lines"] for each in self.lists(user) if each["name"] == name), [])

    # What each list holds

    def test_my_drafts_are_those_i_began_or_sign_the_newest_change_first(self):
        begun = self.make("begun", self.ada, en=draft("Begun"))
        signed = self.make("signed", self.eve, en=live("Signed"), fr=draft("Signé"))
        signed.authors.add(Author.objects.create(name="Ada", user=self.ada))
        self.make("other", self.eve, en=draft("Other"))
        self.make("done", self.ada, en=live("Done"), fr=live("Fait"))
        self.assertEqual(self.titles("drafts", self.ada), ["Signed", "Begun"])
        change(begun, "en", title="Begun, changed")
        self.assertEqual(self.titles("drafts", self.ada), ["Begun, changed", "Signed"])
        self.assertEqual(self.titles("drafts", self.zoe), [])

    def test_a_draft_that_its_signatory_may_not_write_is_none_of_theirs(self):
        zoe = Author.objects.create(name="Zoé", user=self.zoe)
        self.make("a", self.ada, en=draft("Original")).authors.add(zoe)
        self.make("b", self.ada, en=live("Live"), fr=draft("Traduction")).authors.add(zoe)
        self.assertEqual(self.titles("drafts", self.zoe), ["Live"])

    def test_my_unsaved_texts_lead_to_the_forms_that_hold_them_and_nobody_else_sees_them(self):
        article = self.make("a", self.ada, en=live("Saved"))
        changed = type_unsaved(self.ada, "en", article, "Typed")
        new = type_unsaved(self.ada, "fr", None, "")
        lines = self.lines("unsaved", self.ada)
        self.assertEqual([line["title"] for line in lines], ["", "Typed"])
        self.assertContains(self.client.get(INDEX), "Without a title")
        self.assertEqual(lines[0]["address"], f"{reverse('admin:articles_article_add')}?unsaved={new}")
        self.assertIn(f"/{article.pk}/change/?unsaved={changed}", lines[1]["address"])
        self.assertContains(self.client.get(lines[1]["address"]), "The form holds your unsaved text")
        self.assertEqual(self.titles("unsaved", self.eve), [])

    def test_unsaved_texts_that_may_not_be_written_any_more_are_not_offered(self):
        article = self.make("a", self.ada, en=live("Saved"))
        type_unsaved(self.zoe, "en", article, "Of the original")
        type_unsaved(self.zoe, "en", None, "Of a new one")
        type_unsaved(self.zoe, "fr", article, "Traduit")
        self.assertEqual(self.titles("unsaved", self.zoe), ["Traduit"])

    def test_a_working_copy_waits_for_its_writer_and_for_whoever_may_publish_it(self):
        article = self.make("a", self.ada, en=live("T"), fr=live("Un"))
        write_copy(article, "fr", self.zoe, title="Deux")
        for user in (self.zoe, self.ada, self.eve):
            self.assertEqual(self.titles("copies", user), ["Deux"], user)
            self.assertContains(self.client_of(user).get(f"{LIST}?desk=copies"), f"/{article.pk}/change/")
        write_copy(article, "en", self.ada, title="Newer")
        self.assertEqual(self.titles("copies", self.eve), ["Newer", "Deux"])
        self.assertEqual(self.titles("copies", person("other", "Author")), [])
        self.assertEqual(self.titles("copies", person("second", "Translator")), [])

    def client_of(self, user):
        self.client.force_login(user)
        return self.client

    def test_what_is_scheduled_is_named_in_each_language_the_soonest_first(self):
        later = TOMORROW + timedelta(days=1)
        self.make("a", self.ada, en=scheduled("Second", published_at=later), fr=scheduled("Premier"))
        self.make("b", self.ada, en=live("Live"), fr=draft("Brouillon"))
        found = desk(self.zoe)["scheduled"].lines
        self.assertEqual([(line.title, line.language, line.at) for line in found][1], ("Second", "en", later))
        self.assertEqual(self.titles("scheduled", self.zoe), ["Premier", "Second"])

    def test_what_changed_lately_has_one_line_for_each_language_of_an_article(self):
        article = self.make("a", self.ada, en=live("T"), fr=live("Un"))
        self.make("b", self.ada, en=draft("B"))
        change(article, "en", body="Other words.")
        change(article, "en", body="Still other words.")
        self.assertEqual(self.titles("changes", self.zoe), ["T", "B", "Un"])
        write_copy(article, "fr", self.zoe, title="Copie")
        self.assertEqual(self.titles("changes", self.zoe), ["Copie", "T", "B"])
        Revision.objects.create(article=article, language="en", kind=Revision.Kind.SET_ASIDE, title="Aside")
        self.assertEqual(self.titles("changes", self.zoe), ["Copie", "T", "B"])
        self.assertEqual(self.lines("changes", self.zoe)[0]["by"], self.zoe)

    def test_a_translation_is_lacking_where_one_language_is_live_and_another_is_at_most_a_draft(self):
        missing = self.make("a", self.ada, en=live("Missing"))
        self.make("b", self.ada, en=live("Drafted"), fr=draft("Brouillon"))
        self.make("c", self.ada, fr=live("Lacks English"))
        self.make("d", self.ada, en=live("Soon"), fr=scheduled("Bientôt"))
        self.make("e", self.ada, en=draft("Nothing is live"))
        lines = self.lines(Task.UNTRANSLATED, self.eve)
        self.assertEqual([line["to_write"] for line in lines], ["English", "French", "French"])
        self.assertEqual(lines[2]["title"], "Missing")
        self.assertEqual(
            lines[2]["address"], reverse("admin:articles_article_change", args=[missing.pk]) + "#id_title_fr"
        )
        self.assertContains(self.client.get(lines[2]["address"]), 'id="id_title_fr"')
        states = [(each["language"], each["state"].value) for each in lines[1]["states"]]
        self.assertEqual(states, [("en", "live"), ("fr", "draft")])

    def test_what_is_not_wanted_in_a_language_is_not_lacking_there(self):
        article = self.make("a", self.ada, en=live("T"))
        answering.want(article, "fr", False)
        self.assertEqual(self.titles(Task.UNTRANSLATED, self.eve), [])
        answering.want(article, "fr", True)
        self.assertEqual(self.titles(Task.UNTRANSLATED, self.eve), ["T"])

    def test_translations_behind_are_listed_with_passages_and_words_the_worst_first(self):
        self.make("current", self.ada, en=live("Current"), fr=live("À jour"))
        for key, words in {"one": "Other.", "three": "Three other words."}.items():
            article = self.make(key, self.ada, en=live(key.title()), fr=live(key.title()))
            change(article, "en", body=words)
        self.assertEqual(self.titles(Task.BEHIND, self.zoe), ["Three", "One"])
        line = self.lines(Task.BEHIND, self.zoe)[0]
        self.assertEqual((line["passages"], line["words"], line["language"]), (1, 2, "fr"))
        self.assertContains(self.client.get(INDEX), "1 passage behind", count=2)
        self.assertContains(self.client.get(INDEX), "Update it in French", count=2)

    def test_a_translation_behind_is_not_listed_where_its_working_copy_answers_all_or_nobody_waits_for_it(self):
        for key in ("copied", "unwanted"):
            article = self.make(key, self.ada, en=live(key.title()), fr=live(key.title()))
            change(article, "en", body="Other words.")
        self.assertEqual(self.titles(Task.BEHIND, self.eve), ["Unwanted", "Copied"])
        answering.want(article, "fr", False)
        self.assertEqual(self.titles(Task.BEHIND, self.eve), ["Copied"])
        copied = Article.objects.get(key="copied")
        write_copy(copied, "fr", self.zoe)
        self.assertEqual(self.titles(Task.BEHIND, self.eve), ["Copied"])
        answering.answer_all(copied, "fr")
        self.assertEqual(self.titles(Task.BEHIND, self.eve), [])

    # Who sees what

    def test_what_a_person_may_not_write_is_not_offered_for_writing(self):
        self.make("a", self.ada, en=live("Hers"))
        self.make("b", self.eve, en=live("Another’s"))
        # Its original is what lacks.
        original = self.make("c", self.eve, en=draft("Original"), fr=live("Traduit"))
        self.assertEqual(original.source_language, "en")
        self.assertEqual(self.titles("untranslated", self.ada), ["Hers"])
        self.assertEqual(self.titles("untranslated", self.zoe), ["Another’s", "Hers"])
        self.assertEqual(len(desk(self.eve)["untranslated"].lines), 3)
        reader = person("reader")
        self.assertEqual(desk(reader), {})
        self.assertNotContains(self.client_of(reader).get(INDEX), "desk-list")

    def test_a_translator_sees_first_what_lacks_a_translation_and_begins_nothing(self):
        self.make("a", self.ada, en=live("T"))
        self.assertEqual([each["name"] for each in self.lists(self.zoe)[:2]], [Task.UNTRANSLATED, Task.BEHIND])
        self.assertNotContains(self.client.get(INDEX), "Write an article")
        self.assertEqual(self.lists(self.ada)[0]["name"], Task.DRAFTS)
        self.assertContains(self.client.get(INDEX), "Write an article")

    def test_an_empty_desk_says_so_and_shows_no_empty_list(self):
        page = self.client_of(self.ada).get(INDEX)
        self.assertContains(page, "You have no drafts.")
        self.assertContains(page, "Nothing that is live waits to be translated.")
        self.assertContains(page, "No translation is behind its original.")
        self.assertEqual(len(page.context["lists"]), 3)

    def test_the_page_of_one_application_has_no_desk(self):
        self.assertNotContains(self.client_of(self.eve).get(reverse("admin:app_list", args=["articles"])), "desk-list")

    def test_nothing_of_a_deleted_article_is_on_the_desk(self):
        article = self.make("a", self.eve, en=live("Gone"), fr=draft("Parti"))
        write_copy(article, "en", self.eve)
        type_unsaved(self.eve, "fr", article, "Parti aussi")
        self.make("b", self.eve, en=scheduled("Gone too"))
        self.make_behind("c", "Gone three")
        before = desk(self.eve)
        self.assertTrue(all(group.lines for group in before.values()))
        Article.objects.all().delete()
        self.assertFalse(any(group.lines for group in desk(self.eve).values()))

    # How much

    def test_a_list_shows_a_few_lines_and_leads_to_all_of_them(self):
        for number in range(LISTED + 1):
            article = self.make(f"a{number}", self.eve, en=live(f"T{number}"), fr=draft(f"D{number}"))
            write_copy(article, "en", self.eve)
            self.make(f"b{number}", self.eve, en=scheduled(f"S{number}"))
            self.make_behind(f"c{number}", f"L{number}")
        lists = [each for each in self.lists(self.eve) if each["more"]]
        self.assertEqual([each["name"] for each in lists], [*Task, "changes"])
        behind = lists.pop(list(Task).index(Task.BEHIND))
        self.assertEqual(len(behind["lines"]), LISTED)
        self.assertEqual(len(self.client.get(f"{LIST}?desk=behind").context["cl"].result_list), LISTED + 1)
        shown = {row.article for row in self.client.get(behind["more"]).context["page"].object_list}
        self.assertLessEqual({line["article"] for line in behind["lines"]}, shown)
        for each in lists:
            self.assertEqual(len(each["lines"]), LISTED)
            listed = self.client.get(each["more"]).context["cl"].result_list
            shown = {line["address"].partition("#")[0] for line in each["lines"]}
            self.assertLessEqual(shown, {reverse("admin:articles_article_change", args=[a.pk]) for a in listed})
            self.assertEqual(len(listed), 3 * (LISTED + 1) if each["name"] == "changes" else LISTED + 1)

    def test_it_costs_the_same_queries_for_few_articles_and_for_many_and_loads_no_text(self):
        self.fill(1)
        self.client.force_login(self.eve)
        self.client.get(INDEX)
        with self.assertNumQueries(18) as queries:
            self.client.get(INDEX)
        texts = ('"body_en"', '"summary_fr"', 'revision"."body"', 'revision"."shared"', 'unsavedtext"."fields"')
        for query in queries:
            selected = query["sql"].partition(" FROM ")[0].split(", ")
            self.assertFalse([name for name in selected if name.startswith('"') and name.endswith(texts)])
        self.fill(LISTED + 1)
        with self.assertNumQueries(18):
            self.client.get(INDEX)

    def fill(self, count: int) -> None:
        for _ in range(count):
            key = uuid.uuid4().hex
            article = self.make(f"a-{key}", self.eve, en=live(f"T {key}"), fr=draft(f"D {key}"))
            write_copy(article, "en", self.eve)
            self.make(f"b-{key}", self.eve, en=scheduled(f"S {key}"))
            self.make_behind(f"c-{key}", f"L {key}")
            type_unsaved(self.eve, "en", article, key)


class ListTests(TestCase):
    """The list of articles, as far as it says who works on what."""

    @classmethod
    def setUpTestData(cls):
        cls.eve = person("eve", "Editor")
        cls.zoe = person("zoe", "Translator")
        cls.zoe.first_name, cls.zoe.last_name = "Zoé", "Leclerc"
        cls.zoe.save()

    def setUp(self):
        self.client.force_login(self.eve)

    def test_it_tells_who_wrote_a_working_copy_and_who_changed_an_article_last(self):
        article = make_article("a", en=live("T"), fr=live("Un"))
        write_copy(article, "fr", self.zoe)
        self.assertContains(self.client.get(LIST), '<span class="quiet person">Zoé Leclerc</span>', count=2)

    def test_a_scheduled_text_is_shown_with_its_time_and_a_live_one_with_its_day(self):
        make_article("a", en=scheduled("T"), fr=live("Un"))
        page = self.client.get(LIST)
        self.assertContains(page, f'<time datetime="{TOMORROW.isoformat()}">')
        self.assertRegex(page.text, r"scheduled</span> <time [^>]*>[^<]+(a\.m\.|p\.m\.|noon|midnight)</time>")
        self.assertRegex(page.text, r"live</span> <time [^>]*>[^<]*\d{4}</time>")

    def test_it_is_sorted_by_title_without_accents_and_by_last_change(self):
        for key, title in {"a": "Zèbre", "b": "Écrire", "c": "abc"}.items():
            make_article(key, fr=draft(title))
        make_article("d", en=draft("Middle"))
        self.assertEqual(self.order("o=1"), ["abc", "Écrire", "Middle", "Zèbre"])
        change(Article.objects.get(key="a"), "fr", title="Zèbre bis")
        self.assertEqual(self.order("o=-4"), ["Zèbre bis", "Middle", "abc", "Écrire"])

    def test_it_says_how_far_each_translation_is_behind_and_filters_by_it(self):
        behind, current = (make_article(key, en=live(key), fr=live(key)) for key in ("behind", "current"))
        swapped = make_article("swapped", fr=live("swapped"), en=live("swapped"))
        for article, language in ((behind, "en"), (swapped, "fr")):
            change(article, language, body="Two\n\npassages.")
        page = self.client.get(LIST)
        self.assertContains(page, "state-behind", count=2)
        self.assertContains(page, ">2 passages behind<", count=2)
        unwanted = make_article("unwanted", en=live("unwanted"))
        answering.want(unwanted, "fr", False)
        self.assertContains(self.client.get(LIST), "state-unwanted", count=1)
        cases = {"fr-behind": [behind], "en-behind": [swapped], "fr-current": [current], "en-current": [], "x": []}
        for value, articles in cases.items():
            found = self.client.get(f"{LIST}?translation={value}").context["cl"].result_list
            self.assertEqual(list(found), articles, value)

    def test_a_copy_that_answers_more_changes_nothing_in_the_column_of_what_stands(self):
        article = make_article("a", en=live("T"), fr=live("Un"))
        change(article, "en", body="Two\n\npassages.")
        write_copy(article, "fr", self.zoe)
        answering.answer_all(article, "fr")
        self.assertContains(self.client.get(LIST), ">2 passages behind<")

    def order(self, query: str) -> list[str]:
        return [str(article) for article in self.client.get(f"{LIST}?{query}").context["cl"].result_list]
