"""The site's own texts and its pages as files, read and written: parts of a folder of articles."""

from articles.files.redirects import Redirects

from .pages import Pages
from .site_texts import SiteTexts

# What a folder holds beside articles, in the order in which it is written and read.
WRITTEN = (SiteTexts, Pages)
READ = (*WRITTEN, Redirects)
