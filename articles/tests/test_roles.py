"""Every endpoint of the articles' admin, asked by everybody, for each language."""

import uuid
from dataclasses import replace
from datetime import timedelta

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import TestCase
from django.utils import timezone

from articles import languages
from articles.files.pair import pair
from articles.models import Article, Author, Image, PreviewLink, Revision, Translation, UnsavedText
from articles.permissions import is_own, may_publish, may_write, owned, published, written
from articles.publishing import unpublish
from articles.saving import save_language
from articles.text import ArticleText

from .examples import change, live, make_article
from .forms import fields_of
from .image_files import MediaMixin, gradient, saved
from .people import ROLES, person
from .test_admin import AdminTestCase

SMALL = saved(gradient(8, 8), "PNG")

# What comes of a request: where it is refused, else what it changes ("" for nothing, as on pages that only show).
LOGIN, ASKED, NO, GONE = "to the login", "401", "403", "404"
EVERYBODY = ("nobody", "reader", "staff", "other author", "author", "translator", "editor")


def outcomes(*values: str) -> dict[str, str]:
    return dict(zip(EVERYBODY, values, strict=True))


def of_staff(*values: str) -> dict[str, str]:
    return outcomes(LOGIN, LOGIN, *values)


def of_form(*values: str) -> dict[str, str]:
    """Whoever sends the form is asked to log in, and keeps the text."""
    return outcomes(ASKED, ASKED, *values)


VIEWED = of_staff(NO, "", "", "", "")
OWNED = of_staff(NO, NO, "", NO, "")

# Name of the address, method, language, what is sent, what comes of it for whom.
TABLE = [
    ("changelist", "get", "", {}, VIEWED),
    ("add", "get", "", {}, of_staff(NO, "", "", NO, "")),
    ("add", "post", "", {"title_en": "New"}, of_form(NO, "article", "article", NO, "article")),
    ("change", "get", "", {}, VIEWED),
    ("change", "post", "en", {"body_en": "Changed"}, of_form(NO, NO, "en", "", "en")),
    ("change", "post", "fr", {"body_fr": "Changé"}, of_form(NO, NO, "fr", "copy fr", "fr")),
    ("change", "post", "en", {"body_en": "Changed", "_working_copy": 1}, of_form(NO, NO, "copy en", "", "copy en")),
    ("change", "post", "fr", {"body_fr": "Ø", "_working_copy": 1}, of_form(NO, NO, "copy fr", "copy fr", "copy fr")),
    ("change", "post", "en", {"_unpublish_en": 1}, of_form(NO, NO, "en", "", "en")),
    ("change", "post", "fr", {"_unpublish_fr": 1}, of_form(NO, NO, "fr", "", "fr")),
    ("change", "post", "fr", {"_publish_copy_fr": 1}, of_form(NO, NO, "", "", "")),
    ("change", "post", "", {"source": "https://example.org/"}, of_form(NO, NO, "shared", "", "shared")),
    ("change", "post", "", {"source_language": "fr"}, of_form(NO, NO, "shared", "", "shared")),
    ("delete", "get", "", {}, OWNED),
    ("delete", "post", "", {"post": "yes"}, of_staff(NO, NO, "deleted", NO, "deleted")),
    ("history", "get", "", {}, VIEWED),
    ("compare", "get", "en", {}, VIEWED),
    ("compare", "get", "fr", {}, VIEWED),
    ("restore", "get", "en", {}, of_staff(NO, NO, "", NO, "")),
    ("restore", "get", "fr", {}, of_staff(NO, NO, "", "", "")),
    ("restore", "post", "en", {"_restore": 1}, of_staff(NO, NO, "en", NO, "en")),
    ("restore", "post", "fr", {"_restore": 1}, of_staff(NO, NO, "fr", NO, "fr")),
    ("restore", "post", "en", {"_working_copy": 1}, of_staff(NO, NO, "copy en", NO, "copy en")),
    ("restore", "post", "fr", {"_working_copy": 1}, of_staff(NO, NO, "copy fr", "copy fr", "copy fr")),
    ("restore deleted", "get", "", {}, OWNED),
    ("restore deleted", "post", "", {}, of_staff(NO, NO, "deleted", NO, "deleted")),
    ("keep", "get", "", {}, outcomes(ASKED, NO, "", "", "", "", "")),
    ("keep", "post", "en", {}, outcomes(ASKED, NO, NO, NO, "unsaved", NO, "unsaved")),
    ("keep", "post", "fr", {}, outcomes(ASKED, NO, NO, NO, "unsaved", "unsaved", "unsaved")),
    ("keep new", "post", "fr", {}, outcomes(ASKED, NO, NO, "unsaved", "unsaved", NO, "unsaved")),
    # Somebody else's.
    ("discard", "get", "", {}, of_staff(GONE, GONE, GONE, GONE, GONE)),
    ("discard", "post", "", {}, of_staff(GONE, GONE, GONE, GONE, GONE)),
    ("previews", "get", "", {}, of_staff(NO, NO, "", "", "")),
    ("previews", "post", "", {"days": "7"}, of_staff(NO, NO, "preview", "preview", "preview")),
    ("revoke", "post", "", {}, of_staff(NO, NO, "preview", "preview", "preview")),
    ("preview", "get", "en", {}, VIEWED),
    ("preview", "get", "fr", {}, VIEWED),
    ("preview", "post", "fr", {"title_fr": "T", "body_fr": "Typed"}, VIEWED),
    ("preview new", "post", "fr", {"title_fr": "T", "body_fr": "Typed"}, of_staff(NO, "", "", NO, "")),
    ("translate", "get", "fr", {}, of_staff(NO, NO, "", "", "")),
    ("translate", "post", "fr", {"words": "Neuf."}, of_form(NO, NO, "copy fr", "copy fr", "copy fr")),
    ("translate live", "post", "fr", {"words": "Neuf."}, of_form(NO, NO, "fr", "copy fr", "fr")),
    # The original is translated by nobody.
    ("translate", "get", "en", {}, of_staff(GONE, GONE, GONE, GONE, GONE)),
    ("slug", "get", "en", {}, of_staff(NO, NO, "", NO, "")),
    ("slug", "get", "fr", {}, of_staff(NO, NO, "", "", "")),
    ("search result", "post", "en", {"title": "T"}, VIEWED),
    ("search result", "post", "fr", {"title": "T"}, VIEWED),
    ("new search result", "post", "en", {"title": "T"}, of_staff(NO, "", "", NO, "")),
    ("social image", "get", "en", {}, VIEWED),
    ("social image", "get", "fr", {}, VIEWED),
    ("translations", "get", "", {}, VIEWED),
    ("links", "get", "", {}, VIEWED),
    # For the translation into French of an original in English.
    ("translations", "post", "fr", {}, of_staff(NO, NO, "unwanted fr", "unwanted fr", "unwanted fr")),
    ("answers", "post", "en", {"answer": "all"}, of_staff(NO, NO, NO, NO, NO)),
    ("answers", "post", "fr", {"answer": "all"}, of_staff(NO, NO, "answered", "answered", "answered")),
    ("change", "post", "fr", {"_answer_fr": "all"}, of_form(NO, NO, "answered", "answered", "answered")),
    ("change", "post", "fr", {"answers_fr": "on"}, of_form(NO, NO, "answered", "answered", "answered")),
    ("link targets", "get", "en", {}, outcomes(ASKED, NO, NO, "", "", "", "")),
    ("files", "get", "fr", {}, VIEWED),
    ("files", "post", "fr", {"answers": "listed"}, of_staff(NO, NO, *["copy fr"] * 3)),
    ("files", "post", "fr", {"answers": "listed", "for_readers": 1}, of_staff(NO, NO, "fr", "copy fr", "fr")),
    ("upload image", "post", "", {}, outcomes(ASKED, NO, NO, *["image"] * 4)),
    # Somebody else's, which says nothing yet: it is answered, and kept as it is but for an editor.
    ("describe image", "post", "", {"alt_en": "Words"}, outcomes(ASKED, NO, NO, "", "", "", "described")),
    ("choose image", "get", "", {}, outcomes(ASKED, NO, NO, "", "", "", "")),
    ("action", "post", "en", {"action": "unpublish_en"}, of_staff(NO, "", "en", "", "en")),
    ("action", "post", "fr", {"action": "unpublish_fr"}, of_staff(NO, "", "fr", "", "fr")),
    ("action on copies", "post", "fr", {"action": "publish_copy_fr"}, of_staff(NO, "", "fr copy fr", "", "fr copy fr")),
    ("action", "post", "", {"action": "delete_selected"}, of_staff(NO, NO, "deleted", "", "deleted")),
    ("action on drafts", "post", "en", {"action": "publish_en"}, of_staff(NO, "", "en", "", "en")),
    ("action on drafts", "post", "fr", {"action": "publish_fr"}, of_staff(NO, "", "fr", "", "fr")),
    ("action on deleted", "post", "", {"action": "restore"}, of_staff(NO, "", "deleted", "", "deleted")),
]

# Requests to which something is done beforehand.
PREPARED = ("restore deleted", "action on ")


class EveryEndpointTests(MediaMixin, TestCase):
    @classmethod
    def setUpTestData(cls):
        reader = get_user_model().objects.create_user("reader")
        cls.people = {
            "reader": reader,
            "staff": person("staff"),
            "other author": person("other", "Author"),
            "author": person("author", "Author"),
            "translator": person("translator", "Translator"),
            "editor": person("editor", "Editor"),
        }
        cls.article = make_article("a", en=live("T", summary="S"), fr=live("Été", summary="S"))
        Article.objects.filter(pk=cls.article.pk).update(created_by=cls.people["author"])
        for language in ("en", "fr"):
            cls.old = {**getattr(cls, "old", {}), language: cls.article.latest_revision(language)}
            change(cls.article, language, body="Newer words.")
        cls.link = PreviewLink.objects.create(article=cls.article, expires_at=timezone.now() + timedelta(days=1))
        about = {"form": uuid.uuid4(), "language": "en", "article": cls.article, "fields": {"body": "Typed"}}
        Image.objects.create(
            key="image", digest="0" * 64, file_name="i.png", format="png", width=1, height=1, widths=[1]
        )
        cls.typed = UnsavedText.objects.create(user=get_user_model().objects.create_user("somebody"), **about)

    def setUp(self):
        super().setUp()
        self.forms, self.untouched = {}, {}

    def test_it_does_for_everybody_what_their_role_allows_and_no_more(self):
        for name, method, language, sent, expected in TABLE:
            for who, outcome in expected.items():
                with self.subTest(name, method=method, language=language, sent=sent, who=who):
                    self.assertEqual(self.outcome(who, name, method, language, sent), outcome)

    def test_the_table_holds_every_address_of_the_articles_admin(self):
        names = {pattern.name for pattern in admin.site.get_model_admin(Article).get_urls() if pattern.name}
        # Of the library those that the editor asks; the others are Django's own.
        names |= {f"articles_image_{name}" for name in ("upload", "describe", "choose")}
        # Tested by itself: who is not logged in asks it.
        names.remove("articles_article_login_again")
        with transaction.atomic():
            self.client.force_login(self.people["editor"])
            asked = set()
            for path in {self.request(name, method, language, {}, "editor")[0] for name, method, language, *_ in TABLE}:
                asked.add(self.client.get(path).wsgi_request.resolver_match.url_name)
            transaction.set_rollback(True)
        self.assertEqual(names - asked, set())

    def test_previews_need_no_account_and_show_nothing_of_the_admin(self):
        for who in EVERYBODY:
            self.log_in(who)
            response = self.client.get(f"/fr/apercu/{self.link.token}/")
            self.assertContains(response, "Newer words.")
            self.assertFalse(response.cookies)

    def outcome(self, who, name, method, language, sent):
        """Return what comes of a request, and undo it."""
        with transaction.atomic():
            if name in ("restore deleted", "action on deleted"):
                Article.objects.get().delete()
            if name == "action on drafts":
                for code in ("en", "fr"):
                    unpublish(self.article, code)
            if name == "action on copies":
                base = self.article.latest_revision(language)
                text = replace(base.content, body="Worked on.")
                save_language(self.article, language, text, based_on=base, as_working_copy=True)
            self.log_in(who)
            path, data = self.request(name, method, language, sent, who)
            before = self.state_before(name)
            response = getattr(self.client, method)(path, data)
            after = self.state()
            transaction.set_rollback(True)
        changed = " ".join(key for key in before if before[key] != after[key])
        if response.status_code == 302 and "/login/" in response.headers["Location"]:
            return changed or LOGIN
        if response.status_code == 200 and b'id="login-form"' in response.content and who in ("nobody", "reader"):
            return changed or LOGIN
        return changed or (str(response.status_code) if response.status_code >= 400 else "")

    def log_in(self, who):
        self.client.logout()
        if who != "nobody":
            self.client.force_login(self.people[who])

    def request(self, name, method, language, sent, who):
        """Return the path, and what a browser sends there."""
        base = "/admin/articles/article/"
        pk, old = self.article.pk, self.old.get(language)
        paths = {
            "changelist": base,
            "add": f"{base}add/",
            "change": f"{base}{pk}/change/",
            "delete": f"{base}{pk}/delete/",
            "history": f"{base}{pk}/history/",
            "compare": f"{base}{pk}/history/compare/?to={old and old.pk}",
            "restore": f"{base}{pk}/history/{old and old.pk}/restore/",
            "restore deleted": f"{base}{pk}/restore/",
            "keep": f"{base}unsaved/",
            "keep new": f"{base}unsaved/",
            "discard": f"{base}unsaved/{self.typed.form}/discard/",
            "previews": f"{base}{pk}/previews/",
            "revoke": f"{base}{pk}/previews/",
            "upload image": "/admin/articles/image/upload/",
            "describe image": "/admin/articles/image/describe/",
            "choose image": "/admin/articles/image/choose/",
            "translate": f"{base}{pk}/translate/{language}/",
            "translate live": f"{base}{pk}/translate/{language}/?live=1",
            "files": f"{base}{pk}/files/fr/",
            "slug": f"{base}propose-slug/?language={language}&title=T&article={pk}",
            "translations": f"{base}translations/",
            "links": f"{base}links/",
            "link targets": f"{base}link-targets/?language={language}&q=t",
            "preview": f"{base}{pk}/preview/{language}/",
            "preview new": f"{base}add/preview/{language}/",
            "answers": f"{base}{pk}/answers/{language}/",
            "search result": f"{base}search-result/",
            "new search result": f"{base}search-result/",
            "social image": f"{base}social-image/?language={language}&title=T&site=S&article={pk}",
            "action": base,
            "action on drafts": base,
            "action on copies": base,
            "action on deleted": f"{base}?deleted=yes",
        }
        data = {}
        if method == "post":
            data = sent | self.filled_in(name, language, sent, who, paths[name])
        return paths[name], data

    def filled_in(self, name, language, sent, who, path):
        if name in ("add", "change"):
            return self.form_of_the_editor(path) | {key: str(value) for key, value in sent.items()}
        if name == "restore":
            return {"based_on": self.article.latest_revision(language).pk}
        if name.startswith("keep"):
            article = {} if name == "keep new" else {"article": self.article.pk}
            typed = {f"typed_{field}": "Typed" for field in ("title", "slug", "summary", "body", "note")}
            typed |= {"typed_published_at_0": "", "typed_published_at_1": ""}
            return article | typed | {"form": uuid.uuid4(), "language": language, "version": f"{uuid.uuid4()}:1"}
        if name.startswith("translate"):
            seen, text = (self.article.latest_revision(code).pk for code in ("en", "fr"))
            return {"seen": seen, "base": text, "place": "0-1", "row": 3, "name": "any", "_save": 1}
        if name == "upload image":
            return {"file": SimpleUploadedFile("a.png", SMALL)}
        if name == "files":
            file = pair(self.article, "fr")[f"{self.article.key}/index.fr.md"].replace("Newer", "Newest")
            return {"file": SimpleUploadedFile("index.fr.md", file.encode())}
        if name == "describe image":
            return {"key": "image"}
        if name == "translations":
            return {"drop": self.article.translations.get(language=language).pk}
        if name == "revoke":
            return {"revoke": self.link.pk}
        if name.endswith("search result"):
            return {"language": language} | ({} if name.startswith("new") else {"article": self.article.pk})
        if name.startswith("action"):
            return {"_selected_action": [self.article.pk], "post": "yes"}
        return {}

    def form_of_the_editor(self, path):
        """Return the fields of a form with nothing closed: whoever wants to cheat sends them all.

        Everybody sends the same one, opened once: what the others did is undone.
        """
        if path not in self.forms:
            client = self.client_class()
            client.force_login(self.people["editor"])
            self.forms[path] = fields_of(client.get(path).content.decode(), "article_form")
        return self.forms[path]

    def state_before(self, name):
        """Return what can change as it is before a request, asked once: what the others did is undone."""
        if name.startswith(PREPARED):
            return self.state()
        if not self.untouched:
            self.untouched = self.state()
        return self.untouched

    def state(self):
        """Return what can change, by the name of it."""
        article = Article.objects.get(key="a")
        state = {}
        for code in ("en", "fr"):
            state[code] = article.text_in(code)
            state[f"copy {code}"] = article.working_copy(code)
            state[f"unwanted {code}"] = article.translations.filter(language=code, is_wanted=False).exists()
        facts = (article.source, article.source_language)
        counted = {"article": Article, "unsaved": UnsavedText, "image": Image}
        described = Image.objects.values_list("alt_en", flat=True).order_by("pk").first()
        counts = {name: model.objects.count() for name, model in counted.items()}
        answered = list(Translation.objects.exclude(answered_by=None).values_list("language", "blocks"))
        previews = list(PreviewLink.objects.values_list("pk", "revoked_at"))
        return (
            state
            | {"shared": facts, "deleted": article.deleted_at, "described": described}
            | counts
            | {"preview": previews, "answered": answered}
        )


class OwnTests(TestCase):
    def test_an_article_is_own_to_who_began_it_and_to_who_signs_it(self):
        began, signs = person("began", "Author"), person("signs", "Author")
        article = make_article("a", en=live("T"))
        Article.objects.filter(pk=article.pk).update(created_by=began)
        article.refresh_from_db()
        article.authors.create(name="Pen name", user=signs)
        for number, user in enumerate((began, signs)):
            text = ArticleText("T", "t", "", f"Body {number}", article.published_at_en)
            save_language(article, "en", text, based_on=article.latest_revision("en"), by=user)
        self.assertEqual(Revision.objects.latest("pk").created_by, signs)


class ConditionTests(TestCase):
    def test_the_conditions_for_queries_say_of_many_articles_what_the_questions_say_of_one(self):
        people = [person("nobody"), *(person(role, role) for role in ROLES), person("both", "Author", "Translator")]
        for language in languages.codes():
            for user in people:
                begun = make_article(f"begun-{language}-{user}", **{language: live("T")})
                Article.objects.filter(pk=begun.pk).update(created_by=user)
        for user in people:
            signature, _ = Author.objects.get_or_create(user=user, name=user.username)
            make_article(f"signed-{user}", en=live("T")).authors.add(signature)
        asked = [
            (written, may_write),
            (published, may_publish),
            (lambda user, _: owned(user), lambda *a: is_own(*a[:2])),
        ]
        for user in people:
            for language in languages.codes():
                for condition, question in asked:
                    with self.subTest(user=user, language=language, question=question):
                        found = set(Article.objects.filter(condition(user, language)))
                        self.assertEqual(found, {a for a in Article.objects.all() if question(user, a, language)})


class LostRoleTests(AdminTestCase):
    def setUp(self):
        self.user = person("translator", "Translator")
        self.client.force_login(self.user)

    def test_what_was_typed_before_a_language_was_closed_is_refused_and_not_dropped(self):
        article = make_article("a", en=live("T"), fr=live("Été"))
        url = f"/admin/articles/article/{article.pk}/change/"
        fields = self.opened(url)
        about = {"form": fields["form_id"][0], "language": "fr", "fields": {"body": "Travaillé"}}
        UnsavedText.objects.create(user=self.user, article=article, **about)
        Article.objects.update(source_language="fr")
        response = self.save(url, fields, body_fr="Travaillé", body_en="Worked on")
        self.assertContains(response, "You may not write the French text any more")
        self.assertContains(response, "Travaillé")
        self.assertEqual((UnsavedText.objects.count(), Revision.objects.count()), (1, 2))
