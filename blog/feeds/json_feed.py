"""A feed written as JSON Feed (version 1.1, https://www.jsonfeed.org/version/1.1/)."""

from django.http import JsonResponse

from .feed import Entry, Feed, Person

CONTENT_TYPE = MEDIA_TYPE = "application/feed+json"


def response(feed: Feed) -> JsonResponse:
    return JsonResponse(as_dict(feed), content_type=CONTENT_TYPE, json_dumps_params={"ensure_ascii": False})


def as_dict(feed: Feed) -> dict:
    return {
        "version": "https://jsonfeed.org/version/1.1",
        **_filled(title=feed.title, description=feed.subtitle),
        "home_page_url": feed.page_url,
        "feed_url": feed.json_url,
        "language": feed.language,
        "authors": [{"name": feed.author}],
        "items": [_item(entry) for entry in feed.entries],
    }


def _item(entry: Entry) -> dict:
    return {
        "id": entry.id,
        "url": entry.url,
        "language": entry.language,
        "title": entry.title,
        "content_html": entry.content,
        "date_published": entry.published.isoformat(timespec="seconds"),
        "date_modified": entry.updated.isoformat(timespec="seconds"),
        **_filled(summary=entry.summary, authors=[_author(author) for author in entry.authors], tags=entry.tags),
    }


def _author(person: Person) -> dict[str, str]:
    return _filled(name=person.name, url=person.url)


def _filled(**values) -> dict:
    return {name: value for name, value in values.items() if value}
