"""The feeds of the old site, led to those of this one, so that nobody who subscribed is lost."""

from collections.abc import Callable, Iterable, Iterator

from .arrangement import Pair
from .terms import Terms

# Gives the path of a feed by its language, and the slug of its tag or "".
FeedPath = Callable[[str, str], str]


def old_feeds(pairs: Iterable[Pair], terms: Terms, feed_path: FeedPath) -> Iterator[tuple[str, str]]:
    """Yield the path of each feed of the old site, and of the one that takes its place."""
    posts = [post for pair in pairs for post in pair.posts.values()]
    languages = {post.language for post in posts}
    for site in dict.fromkeys(post.site for post in posts):
        for address, language in site.feeds:
            if language in languages:
                yield address, feed_path(language, "")
    for language, _name, slug, addresses, post in terms.old_addresses():
        for address in addresses:
            if post.site.feed_of_term and address.endswith("/"):
                yield address + post.site.feed_of_term, feed_path(language, slug)
