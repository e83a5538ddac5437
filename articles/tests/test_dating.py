from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from articles.models import Article, Companion

from .examples import change, live, make_article
from .test_admin import LIST, AdminTestCase


class DatingTestCase(AdminTestCase):
    def act(self, action, *articles, **data):
        chosen = {"action": action, "_selected_action": [article.pk for article in articles]}
        return self.client.post(LIST, chosen | data, follow=True)

    def log_in_as(self, role):
        user = get_user_model().objects.create_user(f"the {role}", is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        self.client.force_login(user)
        return user

    def live(self, article):
        return Article.objects.get(pk=article.pk).live_languages()


class LookBeforeTests(DatingTestCase):
    def test_what_leads_to_an_article_is_shown_before_it_is_unpublished(self):
        article = make_article("to", en=live("There"), fr=live("Là-bas"))
        links = make_article("links", fr=live("Qui mène là", body="[x](article:to)"))
        shows = make_article("shows", en=live("Shows it"))
        Companion.objects.create(article=shows, companion=article)
        response = self.act("unpublish_en", article)
        self.assertContains(response, f'<a href="{self.url(links)}" lang="fr">Qui mène là</a> (article, Français)')
        self.assertContains(response, f'<a href="{self.url(shows)}" lang="en">Shows it</a> (article, as a companion)')
        self.assertEqual(self.live(article), ["en", "fr"])
        self.assertContains(self.act("unpublish_en", article, post="yes"), "Articles unpublished (English): 1.")
        self.assertEqual(self.live(article), ["fr"])

    def test_an_article_that_nothing_leads_to_is_unpublished_at_once(self):
        article = make_article("to", en=live("There"))
        self.act("unpublish_en", article)
        self.assertEqual(self.live(article), [])

    def test_remarks_are_shown_before_an_article_is_published_and_do_not_stand_in_the_way(self):
        article = make_article("a", en={"title": "T", "body": "![](https://example.org/a.png)"})
        response = self.act("publish_en", article)
        self.assertContains(response, "The image “https://example.org/a.png” has no alternative text.")
        self.assertContains(response, "Publish now in English")
        self.assertEqual(self.live(article), [])
        self.act("publish_en", article, post="yes")
        self.assertEqual(self.live(article), ["en"])

    def test_an_article_without_remarks_is_published_at_once(self):
        article = make_article("a", en={"title": "T", "body": "B", "summary": "S"})
        self.act("publish_en", article)
        self.assertEqual(self.live(article), ["en"])

    def test_what_is_published_already_is_not_looked_at(self):
        article = make_article("a", en=live("No summary"))
        self.assertContains(self.act("publish_en", article), "Articles published (English): 0.")

    def test_the_way_back_leads_to_the_list_as_it_was(self):
        article = make_article("a", en={"title": "T", "body": "B"})
        chosen = {"action": "publish_en", "_selected_action": [article.pk]}
        response = self.client.post(f"{LIST}?state_en=draft", chosen)
        self.assertContains(response, f'<a href="{LIST}?state_en=draft" class="button outlined">')

    def test_what_leads_to_an_article_is_shown_before_it_is_deleted(self):
        article = make_article("to", en=live("There"))
        links = make_article("links", en=live("Links", body="[x](article:to)"))
        line = f'<a href="{self.url(links)}" lang="en">Links</a> (article, English)'
        self.assertContains(self.client.get(f"/admin/articles/article/{article.pk}/delete/"), line)
        self.assertContains(self.act("delete_selected", article), line)
        self.assertNotContains(self.client.get(f"/admin/articles/article/{links.pk}/delete/"), "Other texts")


class WhoMayTests(DatingTestCase):
    def setUp(self):
        super().setUp()
        self.other = make_article("other", en={"title": "Others’", "body": "B", "summary": "S"})

    def test_an_author_dates_own_articles_and_is_told_which_are_not(self):
        author = self.log_in_as("Author")
        own = make_article("own", en={"title": "Mine", "body": "B", "summary": "S"})
        Article.objects.filter(pk=own.pk).update(created_by=author)
        response = self.act("publish_en", own, self.other)
        self.assertContains(response, "You may not decide when readers see this in English: “Others’”.")
        self.assertContains(response, "Articles published (English): 1.")
        self.assertEqual((self.live(own), self.live(self.other)), (["en"], []))
        change(self.other, "en", published_at=own.published_at_en or live("")["published_at"])
        response = self.act("unpublish_en", self.other, post="yes")
        self.assertNotContains(response, "Articles unpublished")
        self.assertEqual(self.live(self.other), ["en"])

    def test_who_is_asked_to_look_first_confirms_only_what_is_allowed(self):
        author = self.log_in_as("Author")
        own = make_article("own", en={"title": "Mine", "body": "B"})
        Article.objects.filter(pk=own.pk).update(created_by=author)
        response = self.act("publish_en", own, self.other)
        self.assertContains(response, f'name="_selected_action" value="{own.pk}"')
        self.assertNotContains(response, f'name="_selected_action" value="{self.other.pk}"')

    def test_a_translator_is_offered_no_action_that_publishes(self):
        self.log_in_as("Translator")
        response = self.client.get(LIST)
        self.assertNotContains(response, "publish_en")
        self.act("publish_fr", self.other, post="yes")
        self.assertEqual(self.live(self.other), [])

    def test_an_editor_dates_every_article(self):
        self.log_in_as("Editor")
        self.assertContains(self.client.get(LIST), "unpublish_fr")
        self.act("publish_en", self.other)
        self.assertEqual(self.live(self.other), ["en"])
