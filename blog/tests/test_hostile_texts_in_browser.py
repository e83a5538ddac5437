"""Hostile bodies in a real browser, without the Content-Security-Policy: the sanitiser alone must hold."""

from urllib.parse import urlsplit

from django.test import tag

from articles.markdown import BodyRefused, render
from articles.tests.examples import live, make_article
from articles.tests.hostile_texts import HOSTILE_TEXTS

from .browser import BrowserTestCase

# Bodies on one page, so that few pages are opened, and yet no body hides behind what another one left open.
TOGETHER = 40

CANARY = "window.attacked = 0; window.attack = () => { window.attacked += 1 }"

USE = """() => {
  document.addEventListener('click', event => {
    const link = event.target.closest('a[href]');
    if (link && /^(https?|mailto|tel|article|image):$/.test(link.protocol)) event.preventDefault();
  });
  for (const element of document.querySelectorAll('.article-body *')) {
    for (const name of ['mouseover', 'pointerenter', 'focus', 'load', 'toggle']) element.dispatchEvent(new Event(name));
    element.click();
  }
}"""

# What of the article has a box outside the article's own. Boxes that scroll by themselves hold theirs back.
OUTSIDE = """() => {
  const body = document.querySelector('.article-body'), frame = body.getBoundingClientRect(), found = [];
  for (const element of body.querySelectorAll('*')) {
    if (element.closest('pre, .table-box, table')?.parentElement.closest('.article-body')
        && !element.matches('pre, .table-box, table')) continue;
    const box = element.getBoundingClientRect(), position = getComputedStyle(element).position;
    if (['fixed', 'absolute', 'sticky'].includes(position)) found.push(`${element.tagName} is ${position}`);
    if (box.top < frame.top - 40 || box.bottom > frame.bottom + 40 || box.left < frame.left - 80)
      found.push(`${element.outerHTML.slice(0, 80)} at ${box.left}, ${box.top}`);
  }
  if (document.documentElement.scrollWidth > innerWidth) found.push('the page scrolls sideways');
  return found;
}"""

# What else the page may hold: elements in no article, attributes that no body may have.
INTRUDERS = """() => [...document.querySelectorAll('.article-body *')].filter(element =>
  element.matches('script, style, link, meta, base, iframe, object, embed, form, input, button, select, textarea, svg, '
    + 'math, video, audio, template, dialog, [style], [popover], [contenteditable], [hidden], [inert], [accesskey], '
    + '[id^=page_], [href^="javascript:" i], [role=main], [role=banner]')
  || !(element instanceof HTMLElement)
  || element instanceof HTMLUnknownElement
  || ['javascript:', 'data:', 'vbscript:', 'blob:', 'file:'].includes(element.protocol)
  || [...element.attributes].some(attribute => attribute.name.startsWith('on'))
).map(element => element.outerHTML.slice(0, 200))"""

PARTS = """() => ({
  skip: document.querySelector('.skip-link').hash.slice(1) === document.querySelector('main').id
    && document.getElementById(document.querySelector('main').id) === document.querySelector('main'),
  order: [...document.body.children].map(element => element.tagName.toLowerCase()).join(),
  headers: document.querySelectorAll('header').length,
  mains: document.querySelectorAll('main').length,
  titles: document.querySelectorAll('h1').length,
  bodies: document.querySelectorAll('.article > .article-body').length,
  inside: [...document.querySelector('.article').children].map(element => element.tagName.toLowerCase()).join(),
})"""

SOUND = {
    "skip": True,
    "order": "a,header,main,footer",
    "headers": 2,
    "mains": 1,
    "titles": 1,
    "bodies": 1,
    "inside": "header,div,footer",
}


def renders(text: str) -> bool:
    try:
        return bool(text.strip() and render(text, "en").html)
    except BodyRefused:
        return False


@tag("reader")
class HostileTextsInBrowserTests(BrowserTestCase):
    def setUp(self):
        super().setUp()
        self.tab = self.page(bypass_csp=True, viewport={"width": 800, "height": 900})
        self.tab.context.add_init_script(CANARY)
        self.dialogs: list[str] = []
        self.tab.on("dialog", self.note_dialog)
        # Nothing leaves the machine; what was asked for is noted before.
        self.tab.route(lambda url: not url.startswith(self.live_server_url), lambda route: route.abort())

    def note_dialog(self, dialog):
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def open(self, key: str, body: str) -> None:
        article = make_article(key, en=live(key.title(), body=body))
        self.requested.clear()
        self.tab.goto(article.get_absolute_url("en"))
        self.use()

    def use(self) -> None:
        """Do what could set something off, but follow no link that leads to another page."""
        self.tab.evaluate(USE)

    def strangers(self) -> set[str]:
        own = urlsplit(self.live_server_url).netloc
        return {url for url in self.requested if urlsplit(url).netloc != own and not url.startswith("about:")}

    def check(self) -> None:
        self.assertEqual(self.tab.evaluate("window.attacked"), 0)
        self.assertEqual(self.dialogs, [])
        self.assertEqual(self.strangers(), set())
        self.assertEqual(self.tab.evaluate(INTRUDERS), [])
        self.assertEqual(self.tab.evaluate(OUTSIDE), [])
        self.assertEqual(self.tab.evaluate(PARTS), SOUND)
        self.assertEqual(len(self.tab.context.pages), 1)

    def test_the_watch_sees_a_script_that_runs(self):
        self.tab.goto("/en/")
        self.tab.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=attack()>')")
        self.tab.wait_for_function("window.attacked === 1")
        with self.tab.expect_request("http://attack.invalid/a.png"):
            self.tab.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=//attack.invalid/a.png>')")
        self.assertEqual(self.strangers(), {"http://attack.invalid/a.png"})

    def test_many_together_do_nothing_to_the_page(self):
        texts = [text for text in HOSTILE_TEXTS.values() if renders(text)]
        for start in range(0, len(texts), TOGETHER):
            with self.subTest(start):
                # Each body is rendered by itself, as it would be, and then all stand on one page.
                bodies = [render(text, "en").html for text in texts[start : start + TOGETHER]]
                article = make_article(f"many-{start}", en=live(f"Many {start}", body="Words."))
                article.renderings.filter(language="en").update(html="\n".join(bodies))
                self.requested.clear()
                self.tab.goto(article.get_absolute_url("en"))
                self.use()
                self.check()

    def test_the_nastiest_alone_do_nothing_to_the_page(self):
        tricks = ("mutation", "element", "disguise")
        for name, text in HOSTILE_TEXTS.items():
            if name.startswith(tricks) and renders(text):
                with self.subTest(name):
                    self.open(name.replace(" ", "-"), text)
                    self.check()

    def test_browsers_read_the_html_as_it_stands(self):
        self.tab.goto("/en/")
        read = "html => { const box = document.createElement('div'); box.innerHTML = html; return box.innerHTML }"
        for name, text in HOSTILE_TEXTS.items():
            if renders(text):
                html = render(text, "en").html
                with self.subTest(name):
                    self.assertEqual(self.tab.evaluate(read, html), html)

    def test_an_image_and_a_link_that_the_author_plainly_wrote_are_followed(self):
        with self.tab.expect_request("http://pictures.invalid/a.png"):
            self.open("plain", "![a](http://pictures.invalid/a.png)\n\n[b](http://words.invalid/)")
        self.assertEqual(self.strangers(), {"http://pictures.invalid/a.png"})
        self.assertEqual(self.tab.locator(".article-body a").get_attribute("href"), "http://words.invalid/")
