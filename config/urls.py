"""Every address of the site: what has no language, the admin, and each application below its language."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

import articles.media
import blog.views

urlpatterns = [
    path("", blog.views.LanguageRedirectView.as_view(), name="language_redirect"),
    path("healthz", blog.views.healthz, name="healthz"),
    path("media/<name>", articles.media.stored_image, name="stored_image"),
    # Below /admin/, the path of every cookie.
    path("admin/language/", set_language, name="set_language"),
    path("admin/", admin.site.urls),
    *i18n_patterns(
        path("", include("articles.urls")),
        path("", include("blog.urls")),
    ),
]
