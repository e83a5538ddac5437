"""The addresses of articles; config/urls.py puts the language in front."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from . import views

app_name = "articles"

urlpatterns = [
    path(_("articles/<slug:slug>/"), views.ArticleDetailView.as_view(), name="article_detail"),
]
