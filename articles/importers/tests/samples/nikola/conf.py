import time

BLOG_AUTHOR = {"en": "Ada Martin", "fr": "Ada Martin"}
BLOG_TITLE = "A blog of two languages"
SITE_URL = "https://blog.example.org/"
BLOG_EMAIL = "nobody@example.org"
BLOG_DESCRIPTION = "A blog for tests"
DEFAULT_LANG = "en"
TRANSLATIONS = {
    DEFAULT_LANG: "",
    "fr": "./fr",
    "de": "./de",
}
TRANSLATIONS_PATTERN = "{path}.{lang}.{ext}"
NAVIGATION_LINKS = {DEFAULT_LANG: (("/archive.html", "Archive"),)}
POSTS = (
    ("posts/*.md", "posts", "post.tmpl"),
    ("posts/*.html", "posts", "post.tmpl"),
    ("posts/*.rst", "posts", "post.tmpl"),
)
PAGES = (("pages/*.md", {"en": "", "fr": "textes"}, "page.tmpl"),)
TIMEZONE = "Europe/Paris"
IMAGE_FOLDERS = {"images": "images"}
CATEGORY_ALLOW_HIERARCHIES = True
TAG_TRANSLATIONS = [{"en": "tea", "fr": "thé"}]
REDIRECTIONS = [("older/hello.html", "/posts/hello/"), ("gone.html", "/nowhere/")]
COMPILERS = {"markdown": [".md"], "rest": [".rst"]}
CONTENT_FOOTER = f"{time.gmtime().tm_year}"
MARKDOWN_EXTENSIONS = ["markdown.extensions.fenced_code", "markdown.extensions.codehilite", "markdown.extensions.extra"]
