import re
from datetime import timedelta
from unittest import mock

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import TestCase
from django.utils import timezone

from articles.models import Article, Author, Companion, PreviewLink, Series, Tag
from articles.previews import HEADERS
from articles.saving import save_language
from articles.text import ArticleText

from .examples import TOMORROW, YESTERDAY, change, live, make_article

BODY = """\
The beginning, with [a link](article:friend), [one that is lost](article:nobody) and a note.[^1]

## One

### Inside

## Two

```python
x = 1
```

## Three

[^1]: The note.
"""


def keep_copy(article: Article, language: str, **fields) -> None:
    """Keep a working copy of a text with some fields changed."""
    text = article.text_in(language)
    changed = ArticleText(**{name: getattr(text, name) for name in text.FIELDS} | fields)
    save_language(article, language, changed, based_on=article.in_work(language), as_working_copy=True)


class PreviewTestCase(TestCase):
    def link(self, article: Article, **fields) -> PreviewLink:
        return PreviewLink.objects.create(article=article, **fields)

    def preview(self, link: PreviewLink, language: str = "en", status: int = 200):
        word = {"en": "preview", "fr": "apercu"}[language]
        response = self.client.get(f"/{language}/{word}/{link.token}/")
        self.assertEqual(response.status_code, status)
        return response

    def main(self, response) -> str:
        return re.search("<main.*</main>", response.content.decode(), re.DOTALL)[0]


class AsItWillLookTests(PreviewTestCase):
    """What a preview shows is, to the byte, what readers find once the text is published."""

    def setUp(self):
        # Dates are whole seconds and the moment of publication is the moment of the preview.
        self.now = timezone.now().replace(microsecond=0)
        self.enterContext(mock.patch("django.utils.timezone.now", return_value=self.now))
        self.series = Series.objects.create(key="s", title_en="Series", title_fr="Série")
        self.tag = Tag.objects.create(key="t", name_en="Tag", name_fr="Étiquette")
        for number in range(4):
            other = make_article(f"other-{number}", en=live(f"Other {number}", published_at=self.day(-2 * number)))
            other.series, other.part = self.series, number or None
            other.save(update_fields=["series", "part"])
        self.friend = make_article("friend", en=live("Friend"), fr=live("Ami"))

    def day(self, days: int):
        return self.now + timedelta(days=days)

    def article(self, **texts: dict) -> Article:
        article = make_article("own", **texts)
        article.series, article.part, article.source = self.series, 2, "https://example.org/source"
        article.save(update_fields=["series", "part", "source"])
        article.tags.add(self.tag)
        article.authors.add(Author.objects.create(name="Ada"))
        Companion.objects.create(article=article, companion=self.friend)
        return article

    def assertIsThePageOf(self, article: Article, language: str, previewed: str):  # noqa: N802, like Django's own
        article.refresh_from_db()
        self.assertEqual(previewed, self.main(self.client.get(article.get_absolute_url(language))))
        for words in ("Contents", "Read next", "Ada", "part 3 of", "Newer article", "Retold from"):
            self.assertIn(words, previewed)

    def test_a_draft_looks_as_it_does_once_it_is_published(self):
        article = self.article(en={"title": "It's mine", "body": BODY, "summary": "In short."}, fr=live("Le mien"))
        previewed = self.main(self.preview(self.link(article)))
        self.assertIn('<a href="/fr/articles/le-mien/" lang="fr"', previewed)
        make_article("newest", en=live("Newest", published_at=self.now))
        previewed = self.main(self.preview(self.link(article)))
        change(article, "en", published_at=self.now)
        older = Article.objects.get(key="newest")
        self.assertIn("Older article", previewed)
        self.assertGreater(older.pk, article.pk)
        article.refresh_from_db()
        self.assertEqual(previewed, self.main(self.client.get(article.get_absolute_url("en"))))

    def test_a_text_that_waits_for_its_date_looks_as_it_does_on_that_day(self):
        article = self.article(en={"title": "Mine", "body": BODY, "published_at": self.day(3)})
        previewed = self.main(self.preview(self.link(article)))
        with mock.patch("django.utils.timezone.now", return_value=self.day(4)):
            page = self.main(self.client.get("/en/articles/mine/"))
        self.assertEqual(previewed, page)

    def test_a_working_copy_looks_as_it_does_once_it_has_taken_its_place(self):
        with mock.patch("django.utils.timezone.now", return_value=self.day(-3)):
            article = self.article(en=live("Mine", body="Old.", published_at=self.day(-3)), fr=live("Le mien"))
        keep_copy(article, "en", title="Mine, new", slug="new", body=BODY)
        previewed = self.main(self.preview(self.link(article)))
        self.assertIn("Updated on", previewed)
        copy = article.working_copy("en")
        save_language(article, "en", copy.content, based_on=copy)
        self.assertIsThePageOf(article, "en", previewed)

    def test_what_is_live_looks_as_it_is(self):
        article = self.article(en=live("Mine", body=BODY))
        self.assertIsThePageOf(article, "en", self.main(self.preview(self.link(article))))

    def test_nothing_is_written(self):
        article = self.article(en={"title": "Draft", "body": BODY})
        link = self.link(article)
        before = Article.objects.filter(pk=article.pk).values().get()
        self.preview(link)
        self.assertEqual(Article.objects.filter(pk=article.pk).values().get(), before)
        self.assertEqual(article.renderings.count(), 1)
        self.assertEqual(self.client.get("/en/articles/draft/").status_code, 404)


class PreviewTests(PreviewTestCase):
    def test_each_language_has_an_address_and_leads_to_the_other_s(self):
        link = self.link(make_article("a", en={"title": "Draft"}, fr={"title": "Brouillon"}))
        english, french = self.preview(link), self.preview(link, "fr")
        self.assertContains(english, f'href="/fr/apercu/{link.token}/"')
        self.assertContains(english, '<h1 class="p-name">Draft</h1>')
        self.assertContains(french, f'href="/en/preview/{link.token}/"')
        self.assertContains(french, '<h1 class="p-name">Brouillon</h1>')

    def test_a_language_without_a_text_says_so_and_leads_to_the_other(self):
        link = self.link(make_article("a", fr={"title": "Seul"}))
        response = self.preview(link, status=404)
        self.assertContains(response, "There is no English text of this article yet", status_code=404)
        self.assertContains(response, f'href="/fr/apercu/{link.token}/"', status_code=404)
        self.assertNotContains(response, "Seul", status_code=404)

    def test_it_says_what_it_shows_and_until_when_outside_the_article(self):
        cases = {
            "This is a draft.": make_article("a", en={"title": "T"}),
            "This text is scheduled.": make_article("b", en=live("Later", published_at=TOMORROW)),
            "This text is live": make_article("c", en=live("Live")),
        }
        copied = make_article("d", en=live("Copied"))
        keep_copy(copied, "en", body="New.")
        for words, article in (cases | {"This is a working copy.": copied}).items():
            response = self.preview(self.link(article, expires_at=YESTERDAY.replace(year=2100, month=3, day=1)))
            self.assertContains(response, words)
            self.assertContains(response, "until March 1, 2100")
            self.assertNotIn("until", self.main(response))

    def test_no_machine_keeps_it_lists_it_or_is_told_of_it(self):
        link = self.link(make_article("a", en={"title": "T", "body": "B"}, fr=live("T")))
        response = self.preview(link)
        for name, value in HEADERS.items():
            self.assertEqual(response.headers[name], value)
        for name in ("ETag", "Last-Modified", "Set-Cookie"):
            self.assertNotIn(name, response.headers)
        page = response.content.decode()
        head = page.partition("</head>")[0]
        self.assertIn('<meta name="robots" content="noindex, nofollow">', head)
        for word in ("canonical", "alternate", "og:", "twitter:", "ld+json", "description"):
            self.assertNotIn(word, head)
        self.assertNotIn("<script", page)
        etag = {"HTTP_IF_MODIFIED_SINCE": "Fri, 01 Jan 2100 00:00:00 GMT", "HTTP_IF_NONE_MATCH": "*"}
        self.assertEqual(self.client.get(f"/en/preview/{link.token}/", **etag).status_code, 200)
        for status, link in ((404, self.link(make_article("b", fr=live("U")))), (410, self.ended("expired"))):
            headers = self.preview(link, status=status).headers
            self.assertEqual({name: headers.get(name) for name in HEADERS}, HEADERS)

    def ended(self, how: str) -> PreviewLink:
        link = self.link(make_article(how, en={"title": f"Secret {how}"}))
        if how == "deleted":
            link.article.delete()
        else:
            moment = {"expires_at" if how == "expired" else "revoked_at": timezone.now()}
            PreviewLink.objects.filter(pk=link.pk).update(**moment)
        return link

    def test_what_has_ended_says_so_alike_for_every_reason_in_the_language_of_the_address(self):
        links = [self.ended(how) for how in ("expired", "revoked", "deleted")]
        pages = [self.preview(link, status=410).content.decode().replace(link.token, "") for link in links]
        self.assertEqual(len(set(pages)), 1)
        self.assertIn("This preview has ended", pages[0])
        self.assertNotIn("Secret", pages[0])
        self.assertContains(self.preview(links[0], "fr", status=410), '<html lang="fr">', status_code=410)

    def test_an_address_with_a_word_of_another_language_or_without_its_end_leads_on_in_one_step(self):
        token = self.link(make_article("a", en={"title": "T"}, fr={"title": "T"})).token
        for path, whole in (("/fr/preview/{}/", "/fr/apercu/{}/"), ("/en/preview/{}", "/en/preview/{}/")):
            response = self.client.get(path.format(token))
            self.assertRedirects(response, whole.format(token), 301, fetch_redirect_response=False)

    def test_a_token_that_is_none_leads_nowhere(self):
        token = self.link(make_article("a", en={"title": "T"})).token
        for wrong in (token[:-1], token.swapcase(), "x" * 500, "%00", "é", "-"):
            self.assertEqual(self.client.get(f"/en/preview/{wrong}/").status_code, 404, wrong)
        self.assertEqual(self.client.post(f"/en/preview/{token}/").status_code, 405)

    def test_a_text_that_cannot_be_rendered_is_explained(self):
        article = make_article("a", en={"title": "T", "body": "B"})
        # As by an older site, which allowed more.
        Article.objects.filter(pk=article.pk).update(body_en="> " * 30 + "deep")
        response = self.preview(self.link(article), status=422)
        self.assertContains(response, "nested too deeply", status_code=422)

    def test_what_is_not_live_stays_unknown_beside_it(self):
        secret = make_article("secret", en={"title": "Secret", "body": "B"}, fr={"title": "Secret aussi"})
        article = make_article("a", en={"title": "T", "body": "[](article:secret)"}, fr={"title": "Privé"})
        Companion.objects.create(article=article, companion=secret)
        page = self.preview(self.link(article)).content.decode()
        self.assertNotIn("Secret", page)
        self.assertNotIn("Privé", page)


class PreviewLinksAdminTests(PreviewTestCase):
    def setUp(self):
        self.editor = get_user_model().objects.create_superuser("editor")
        self.client.force_login(self.editor)
        self.article = make_article("a", en={"title": "Draft", "body": "B"})
        self.url = f"/admin/articles/article/{self.article.pk}/previews/"

    def log_in_as(self, role: str):
        user = get_user_model().objects.create_user(f"the {role}", is_staff=True)
        user.groups.add(Group.objects.get(name=role))
        self.client.force_login(user)
        return user

    def test_a_link_is_made_for_as_long_as_chosen_and_its_addresses_are_shown(self):
        for days in (1, 7, 30):
            response = self.client.post(self.url, {"days": days}, follow=True)
            link = PreviewLink.objects.first()
            self.assertEqual(link.created_by, self.editor)
            self.assertAlmostEqual(link.expires_at, timezone.now() + timedelta(days=days), delta=timedelta(minutes=1))
            for path in (f"/en/preview/{link.token}/", f"/fr/apercu/{link.token}/"):
                self.assertContains(response, f'value="http://127.0.0.1:8000{path}"')
        self.client.logout()
        self.assertContains(self.preview(link), "Draft")

    def test_any_other_time_is_refused(self):
        for days in ("2", "", "x", "-1"):
            self.assertEqual(self.client.post(self.url, {"days": days}).status_code, 200)
        self.assertEqual(self.client.post(self.url, {}).status_code, 200)
        self.assertFalse(PreviewLink.objects.exists())

    def test_a_revoked_link_shows_nothing_and_moves_below(self):
        link, kept = self.link(self.article), self.link(self.article)
        response = self.client.post(self.url, {"revoke": link.pk}, follow=True)
        self.assertContains(response, "revoked")
        self.assertNotContains(response, link.token)
        self.assertContains(response, kept.token)
        self.preview(link, status=410)
        self.preview(kept)

    def test_a_link_of_another_article_or_none_is_not_revoked(self):
        other = self.link(make_article("b", en={"title": "Other"}))
        for pk in (other.pk, "x", "9" * 40, "9" * 5000, "", "²"):
            self.assertContains(self.client.post(self.url, {"revoke": pk}, follow=True), "has ended already")
        self.assertTrue(PreviewLink.objects.open().filter(pk=other.pk).exists())

    def test_links_that_have_ended_are_listed_without_their_addresses(self):
        link = self.link(self.article, expires_at=YESTERDAY)
        response = self.client.get(self.url)
        self.assertContains(response, "Links that have ended")
        self.assertNotContains(response, link.token)

    def test_only_who_writes_the_article_in_some_language_has_the_page(self):
        author = self.log_in_as("Author")
        self.assertEqual(self.client.get(self.url).status_code, 403)
        self.assertEqual(self.client.post(self.url, {"days": "1"}).status_code, 403)
        Article.objects.filter(pk=self.article.pk).update(created_by=author)
        self.assertEqual(self.client.get(self.url).status_code, 200)
        self.log_in_as("Translator")
        self.client.post(self.url, {"days": "1"})
        self.assertEqual(PreviewLink.objects.count(), 1)
        self.client.logout()
        self.assertRedirects(self.client.get(self.url), f"/admin/login/?next={self.url}")
        self.assertEqual(PreviewLink.objects.count(), 1)

    def test_the_form_of_the_article_leads_to_the_page_for_whoever_may_open_it(self):
        form = f"/admin/articles/article/{self.article.pk}/change/"
        self.assertContains(self.client.get(form), f'<a href="{self.url}">')
        self.log_in_as("Author")
        self.assertNotContains(self.client.get(form), self.url)

    def test_an_article_that_is_not_there_has_no_links(self):
        for pk in ("999999", "9" * 40):
            self.assertEqual(self.client.get(f"/admin/articles/article/{pk}/previews/").status_code, 404)

    def test_a_deleted_article_gets_no_link_and_says_why(self):
        self.article.delete()
        self.assertContains(self.client.get(self.url), "its preview links show nothing")
        self.client.post(self.url, {"days": "1"})
        self.assertFalse(PreviewLink.objects.exists())
