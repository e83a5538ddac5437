"""The addresses of articles; config/urls.py puts the language in front."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from . import listings, previews, views

app_name = "articles"

urlpatterns = [
    path(_("articles/<slug:slug>/"), views.ArticleDetailView.as_view(), name="article_detail"),
    path(_("articles/<slug:slug>.md"), views.article_markdown, name="article_markdown"),
    path(_("archive/"), listings.ArchiveView.as_view(), name="archive"),
    path(_("archive/<str:year>/"), listings.PeriodView.as_view(), name="archive_year"),
    path(_("archive/<str:year>/<str:month>/"), listings.PeriodView.as_view(), name="archive_month"),
    path(_("tags/<slug:slug>/"), listings.TagDetailView.as_view(), name="tag_detail"),
    path(_("series/<slug:slug>/"), listings.SeriesDetailView.as_view(), name="series_detail"),
    path(_("authors/<slug:slug>/"), listings.AuthorDetailView.as_view(), name="author_detail"),
    path(_("preview/<str:token>/"), previews.article_preview, name="article_preview"),
    # What is left of an address when its end is cut off.
    *(
        path(words, listings.to_archive, name="to_archive")
        for words in (_("articles/"), _("tags/"), _("series/"), _("authors/"))
    ),
]
