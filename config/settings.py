"""Every setting of the project.

A setting that a deployment may change is read from the environment variable of the same name;
docs/configure.md lists them in one table. All others are fixed here on purpose.
"""

from datetime import timedelta
from pathlib import Path

from django.utils.text import format_lazy

from . import checks, environment  # noqa: F401, the checks of these settings register themselves

BASE_DIR = Path(__file__).resolve().parent.parent

# All that the site writes: secret key, database, images, collected static files.
DATA_DIR = BASE_DIR / "var"

DEBUG = environment.switch("DEBUG")

# Where the server listens, and the only source of absolute addresses: never the Host header.
HOST = environment.text("HOST", "127.0.0.1")
PORT = environment.integer("PORT", 8000, 1, 65535)
_site = environment.origin("SITE_URL", f"http://127.0.0.1:{PORT}")
SITE_URL = _site.geturl()

# The loopback names stay allowed for the health check and for a look on the machine itself.
ALLOWED_HOSTS = [_site.hostname, "127.0.0.1", "localhost", "[::1]"]

# An https address means that a proxy in front ends TLS and says so in X-Forwarded-Proto.
_is_https = _site.scheme == "https"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _is_https else None
SECURE_SSL_REDIRECT = _is_https
SECURE_SSL_HOST = _site.netloc if _is_https else None
# Whoever watches the site asks for these: over plain http as well, and with an answer however busy the site is.
PROBES = ("/healthz", "/readyz")
SECURE_REDIRECT_EXEMPT = [f"^{path[1:]}$" for path in PROBES]
# How many proxies stand in front, each of which adds whom it heard to X-Forwarded-For. A wrong number lets visitors
# choose their address, or gives all of them the same one.
TRUSTED_PROXIES = environment.integer("TRUSTED_PROXIES", 1 if _is_https else 0, 0, 20)
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if _is_https else 0

# Whom finders of a hole write to, in /.well-known/security.txt: a mail address, or the address of a page.
SECURITY_CONTACT = environment.contact("SECURITY_CONTACT")

SECRET_KEY_FILE = Path(environment.text("SECRET_KEY_FILE", str(DATA_DIR / "secret_key")))
SECRET_KEY = environment.secret("SECRET_KEY", SECRET_KEY_FILE)

# Read by `manage.py set_up`: the folder of the first articles, and the file that holds the first author's password.
CONTENT = environment.text("CONTENT", str(BASE_DIR / "articles" / "content"))
AUTHOR_PASSWORD_FILE = environment.text("AUTHOR_PASSWORD_FILE")

# Read by gunicorn.py: how many processes serve.
WEB_CONCURRENCY = environment.integer("WEB_CONCURRENCY", 2, 1, 256)

# How much each of these processes may keep of finished pages.
PAGE_STORE_MEGABYTES = environment.integer("PAGE_STORE_MEGABYTES", 24, 0, 100_000)

# Tells which version of the site readers see: what articles/kept.py keeps, holds as long as it stands.
SITE_VERSION = "blog.site_version.current_version"

# Seconds for which caches between the site and its readers may keep a page without asking; edits show that much later.
SHARED_CACHE_SECONDS = environment.integer("SHARED_CACHE_SECONDS", 0, 0, 86_400)

# Whether searches, previews and uploads of one visitor are counted, see throttling.py: in the memory of each process,
# or in Redis for all of them.
THROTTLING = environment.switch("THROTTLING", True)
REDIS_URL = environment.redis("REDIS_URL")

INSTALLED_APPS = [
    "blog",
    "articles",
    "accounts",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "modeltranslation",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    # Before staticfiles: WhiteNoise serves the static files with DEBUG on as well.
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "config.middleware.SecurityHeadersMiddleware",
    "config.request_log.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Below WhiteNoise, which has compressed its files beforehand.
    "config.middleware.PageCompressionMiddleware",
    # Below the compression, whose bytes differ from one time to the next.
    "config.middleware.ConditionalRequestMiddleware",
    "config.middleware.CookiesOfAdminMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    # Above what reads the body of a request.
    "config.throttling.ThrottlingMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
# No WSGI_APPLICATION: `runserver` takes Django without the store of pages, and shows each change of a template at once.

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "blog.context_processors.site",
            ],
        },
    },
]

# For an address that holds no password itself.
DATABASE_PASSWORD_FILE = environment.text("DATABASE_PASSWORD_FILE")
_password = environment.held_in(DATABASE_PASSWORD_FILE, "DATABASE_PASSWORD_FILE")
DATABASES = {"default": environment.database("DATABASE_URL", f"sqlite:///{DATA_DIR / 'db.sqlite3'}", _password)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # A writer takes its lock first and waits its turn, instead of failing half way.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;",
    }
    # In a file: tests with several threads need connections of their own. Beside the site's own, so that two runs of
    # tests can have one each.
    DATABASES["default"]["TEST"] = {"NAME": Path(DATABASES["default"]["NAME"]).with_name("test.sqlite3")}
else:
    # Nobody waits without an end: neither for a server that is gone nor for a lock, as SQLite's writers do not. What
    # the address says itself comes first.
    # https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 5,
        "tcp_user_timeout": 20_000,
        # Who only waits for an answer would not notice for hours that the machine is gone.
        "keepalives_idle": 10,
        "options": "-c lock_timeout=20s",
    } | DATABASES["default"].get("OPTIONS", {})
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The languages of the site; a new one is a line here, a migration and a catalogue. Fixed in code, since
# each one is a set of columns. Each name stands in its own language and is the one readers see.
LANGUAGES = [("en", "English"), ("fr", "Français")]
LANGUAGE_CODE = "en"
# As social networks name them, https://ogp.me: always with a territory.
OPEN_GRAPH_LOCALES = {"en": "en_US", "fr": "fr_FR"}
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "config.formats"
TIME_ZONE = environment.time_zone("TIME_ZONE", "UTC")
USE_TZ = True

# What is missing in one language is never replaced by the other without the page saying so.
MODELTRANSLATION_FALLBACK_LANGUAGES = {"default": ()}


def MODELTRANSLATION_BUILD_LOCALIZED_VERBOSE_NAME(verbose_name, language):  # noqa: N802, a setting
    """Return the label of a translated field, like Title (Français): each field names its language."""
    return format_lazy("{} ({})", verbose_name, dict(LANGUAGES)[language])


# Two bodies of the greatest length, each letter sent as up to nine bytes.
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

# A small file is kept in memory, a large one on the disk, and nothing of one that no form would take.
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "articles.uploads.BoundedFileUploadHandler",
]
# No form asks for more than one.
DATA_UPLOAD_MAX_NUMBER_FILES = 1

# The images of the library; articles/media.py serves them.
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static_files.StaticFilesStorage"},
}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    # The log hears of every new password.
    {"NAME": "accounts.log_ins.PasswordLog"},
]

# Who fails to log in under one name from one address waits, whether there is such an account or not. What was typed is
# kept for that long only; accounts/log.py is what stays.
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AXES_HANDLER = "accounts.lockouts.Handler"
AXES_CLIENT_IP_CALLABLE = "accounts.lockouts.network"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "accounts.lockouts.locked_out"
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = AXES_VERBOSE = False

# Each account may have a second factor; with this switch, each must.
SECOND_FACTOR_REQUIRED = environment.switch("SECOND_FACTOR_REQUIRED")
# How an app calls the site in its list of codes.
OTP_TOTP_ISSUER = _site.hostname

# Links for a new password are mailed where a server for mail is named.
EMAIL_HOST = environment.text("EMAIL_HOST")
EMAIL_PORT = environment.integer("EMAIL_PORT", 587, 1, 65535)
EMAIL_HOST_USER = environment.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD_FILE = environment.text("EMAIL_HOST_PASSWORD_FILE")
EMAIL_HOST_PASSWORD = environment.text(
    "EMAIL_HOST_PASSWORD", environment.held_in(EMAIL_HOST_PASSWORD_FILE, "EMAIL_HOST_PASSWORD_FILE")
)
# Encrypted from the first byte on, as on port 465; else by STARTTLS, unless that is switched off.
EMAIL_USE_SSL = environment.switch("EMAIL_USE_SSL")
EMAIL_USE_TLS = environment.switch("EMAIL_USE_TLS", not EMAIL_USE_SSL)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = environment.text("DEFAULT_FROM_EMAIL", f"no-reply@{_site.hostname}")
PASSWORD_RESET_TIMEOUT = 60 * 60
LOGIN_URL = "admin:login"

# Every cookie belongs to the admin: readers' pages neither set nor receive one. A browser takes one whose name begins
# with __Secure- from an encrypted connection alone, so nobody on the way can plant it.
_cookie_prefix = "__Secure-" if _is_https else ""
SESSION_COOKIE_NAME = f"{_cookie_prefix}sessionid"
CSRF_COOKIE_NAME = f"{_cookie_prefix}csrftoken"
LANGUAGE_COOKIE_NAME = f"{_cookie_prefix}django_language"
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = LANGUAGE_COOKIE_PATH = "/admin/"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _is_https
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
# Django's default would keep some messages in a cookie of their own, whose name cannot be set.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
# The text on a form of an article outlives the token.
CSRF_FAILURE_VIEW = "articles.admin.void_token.void_token"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# No other site needs a stylesheet or a script of this one.
WHITENOISE_ALLOW_ALL_ORIGINS = False
# Every page names them by their content: to keep and compress what nobody asks for would double the first start's work.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# Other subdomains, and a browser's own list, are for the owner of the domain to decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

TEST_RUNNER = "config.tests.runner.TestRunner"

# Lines for people, or for a program that collects them; "auto" is the former in a terminal and the latter elsewhere.
LOG_FORMAT = environment.choice("LOG_FORMAT", "auto", ["auto", "text", "json"])
# From so many seconds on, the log has a line for an answer that took long; 0 for none.
SLOW_REQUEST_SECONDS = environment.integer("SLOW_REQUEST_SECONDS", 1, 0, 3600)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        # What a visitor sends stays within the line that tells of it.
        "line": {"()": "config.log_lines.formatter", "kind": LOG_FORMAT},
    },
    "handlers": {"terminal": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["terminal"], "level": "WARNING"},
    # Django mails errors to ADMINS when DEBUG is off; here they go to the log.
    "loggers": {
        "django": {"handlers": ["terminal"], "level": "INFO", "propagate": False},
        # A page that is not there is no event, nor is a request for another host.
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        # Refused log-ins stand in the log of accounts, which is bounded.
        "axes": {"level": "ERROR"},
        # Nor is HEAD: Django leaves it to the server to drop the page, and gunicorn says each time that it did.
        "gunicorn.http.wsgi": {"level": "ERROR"},
    },
}
