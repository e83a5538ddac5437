"""The addresses of the publication's own pages; config/urls.py puts the language in front."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from . import views

app_name = "blog"

urlpatterns = [
    path("", views.HomeView.as_view(), name="home"),
    path(_("pages/<slug:slug>/"), views.PageDetailView.as_view(), name="page_detail"),
    path(_("search/"), views.SearchView.as_view(), name="search"),
    path(_("structure/"), views.StructureView.as_view(), name="structure"),
    path(_("style/"), views.StyleView.as_view(), name="style"),
]
