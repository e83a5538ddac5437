"""The addresses of feeds answered: whose feed, in which format."""

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.views.generic import View

from articles import languages
from articles.listings import subject_at
from articles.models import Slugged
from articles.redirects import redirect_to
from blog.remembering import remembered

from . import atom, json_feed
from .feed import Feed, address_of, feed_of, feed_of_all_languages

# By the name of the address.
FORMATS = {"feed": atom.response, "feed_json": json_feed.response}


class FeedView(View):
    """The feed of the language of the address."""

    name = "feed"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.written(remembered(request, "feed", languages.active(), feed_of))

    def written(self, feed: Feed) -> HttpResponse:
        return FORMATS[self.name](feed)


class AllLanguagesFeedView(FeedView):
    """The feed of every language, the same for each browser."""

    def get(self, request: HttpRequest) -> HttpResponse:
        response = self.written(remembered(request, "feed", "", feed_of_all_languages))
        response.headers["Content-Language"] = ", ".join(languages.codes())
        return response


class SubjectFeedView(FeedView):
    """The feed of a tag or a series, where it has a page; any slug that leads to the page leads to its feed as well."""

    model: type[Slugged] | None = None

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        if subject := subject_at(self.model, slug):
            # An export wants it in each format.
            key = (subject, languages.active())
            return self.written(remembered(request, "feed", key, partial(feed_of, subject)))
        if subject := self.model.objects.with_articles().meant_by(slug):
            return redirect_to(request, address_of(self.name, subject))
        raise Http404
