"""The addresses of the publication's own pages; config/urls.py puts the language in front."""

from django.urls import URLPattern, include, path
from django.utils.translation import gettext_lazy as _

from articles.models import Series, Slugged, Tag

from . import views
from .feeds.views import FeedView, SubjectFeedView

app_name = "blog"


def feeds_of(model: type[Slugged], name: str) -> list[URLPattern]:
    return [
        path("feed.xml", SubjectFeedView.as_view(model=model), name=f"{name}_feed"),
        path("feed.json", SubjectFeedView.as_view(model=model, name="feed_json"), name=f"{name}_feed_json"),
    ]


urlpatterns = [
    path("", views.HomeView.as_view(), name="home"),
    path(_("pages/<slug:slug>/"), views.PageDetailView.as_view(), name="page_detail"),
    path(_("search/"), views.SearchView.as_view(), name="search"),
    path(_("structure/"), views.StructureView.as_view(), name="structure"),
    path(_("style/"), views.StyleView.as_view(), name="style"),
    path("feed.xml", FeedView.as_view(), name="feed"),
    path("feed.json", FeedView.as_view(name="feed_json"), name="feed_json"),
    # Below the pages of articles/urls.py.
    path(_("tags/<slug:slug>/"), include(feeds_of(Tag, "tag"))),
    path(_("series/<slug:slug>/"), include(feeds_of(Series, "series"))),
]
