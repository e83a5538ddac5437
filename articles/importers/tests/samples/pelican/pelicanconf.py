import os

AUTHOR = "Ada Martin"
SITENAME = "A blog of two languages"
HOST = "https://blog.example.org"
SITEURL = HOST + "/notes"
PATH = "content"
TIMEZONE = "Europe/Paris"
DEFAULT_LANG = "en"
THEME = os.environ["THEME"]
ARTICLE_URL = "{date:%Y}/{date:%m}/{slug}/"
ARTICLE_SAVE_AS = "{date:%Y}/{date:%m}/{slug}/index.html"
ARTICLE_LANG_URL = "{lang}/{date:%Y}/{date:%m}/{slug}/"
ARTICLE_LANG_SAVE_AS = "{lang}/{date:%Y}/{date:%m}/{slug}/index.html"
FILENAME_METADATA = r"(?P<date>\d{4}-\d{2}-\d{2})_(?P<slug>.*)"
STATIC_PATHS = ["images", "extra"]
EXTRA_PATH_METADATA = {"extra/plan.pdf": {"path": "plan.pdf"}}
if os.environ.get("DRAFTS"):
    WITH_FUTURE_DATES = False
