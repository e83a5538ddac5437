"""The addresses of articles; config/urls.py puts the language in front."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from . import views

app_name = "articles"

urlpatterns = [
    path(_("articles/<slug:slug>/"), views.ArticleDetailView.as_view(), name="article_detail"),
    path(_("tags/<slug:slug>/"), views.TagDetailView.as_view(), name="tag_detail"),
    path(_("series/<slug:slug>/"), views.SeriesDetailView.as_view(), name="series_detail"),
    path(_("authors/<slug:slug>/"), views.AuthorDetailView.as_view(), name="author_detail"),
]
