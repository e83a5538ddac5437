"""Every address of the site: what has no language, the admin, and each application below its language."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from django.views.i18n import set_language

import articles.media
import blog.readiness
import blog.sitemaps
import blog.social_images
import blog.views
from blog.feeds.views import AllLanguagesFeedView
from blog.misses import UNKNOWN

urlpatterns = [
    path("", blog.views.LanguageRedirectView.as_view(), name="language_redirect"),
    path("healthz", blog.views.healthz, name="healthz"),
    path("readyz", blog.readiness.readyz, name="readyz"),
    path("feed.xml", AllLanguagesFeedView.as_view(), name="feed"),
    path("feed.json", AllLanguagesFeedView.as_view(name="feed_json"), name="feed_json"),
    path("sitemap.xml", blog.sitemaps.sitemap, name="sitemap"),
    path("sitemap-<slug:part>-<int:number>.xml", blog.sitemaps.sitemap_part, name="sitemap_part"),
    path("robots.txt", blog.views.robots, name="robots"),
    path(".well-known/security.txt", blog.views.security_txt, name="security_txt"),
    path("media/<name>", articles.media.stored_image, name="stored_image"),
    path("social/<name>", blog.social_images.serve, name="social_image"),
    # Below /admin/, the path of every cookie.
    path("admin/language/", set_language, name="set_language"),
    path("admin", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/", include("accounts.urls")),
    path("admin/", admin.site.urls),
    *i18n_patterns(
        path("", include("articles.urls")),
        path("", include("blog.urls")),
    ),
    # The last: it takes every other address, also those that Django would lead on in two steps.
    re_path("", blog.views.unknown_address, name=UNKNOWN),
]

handler404 = "blog.views.page_not_found"
handler500 = "blog.faults.server_error"
