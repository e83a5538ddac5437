"""The steps that make a fresh checkout or container ready to serve. Each does only what is needed and says what."""

import contextlib
import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator
from functools import reduce
from operator import or_
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.contrib.staticfiles.finders import get_finders
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.management import call_command
from django.core.management.utils import get_random_secret_key
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Q

from articles import languages
from articles.files.importing import import_folder
from articles.markdown import RENDER_VERSION
from articles.models import Article, Author
from articles.translating import following

from . import style_page
from .files import parts
from .models import PageRendering, Site

FIRST_USER = "author"
# Any number that nothing else on the same database locks.
SET_UP_LOCK = 727_002


def prepare_data_folder() -> str:
    """Make the folder of all data, private to its owner, and check that it can be written."""
    folder = settings.DATA_DIR
    folder.mkdir(exist_ok=True)
    folder.chmod(0o700)
    probe = folder / ".probe"
    # As much as a first page of a database: an empty file would fit on a full disk.
    try:
        probe.write_bytes(bytes(64 * 1024))
    finally:
        probe.unlink(missing_ok=True)
    # Pictures of articles once lay side by side; one that is missing is drawn again.
    for old in (folder / "social").glob("*.png"):
        old.unlink(missing_ok=True)
    return f"Data: {folder.name}/"


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Wait until no other set-up works in the same folder or, from whatever machine, on the same database."""
    with _folder_held(), _database_held():
        yield


@contextlib.contextmanager
def _folder_held() -> Iterator[None]:
    with (settings.DATA_DIR / "set_up.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def _database_held() -> Iterator[None]:
    # SQLite is a file of one machine.
    if connection.vendor != "postgresql":
        yield
        return
    # On a connection and in a transaction of its own: it holds behind PgBouncer as well, and goes with its process.
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = 0")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SET_UP_LOCK])
            yield
    finally:
        other.close()


def make_secret_key() -> str:
    """Make the key that signs sessions, in a file that only its owner can read, unless there is one."""
    with contextlib.suppress(ImproperlyConfigured):  # Django refuses to give an empty one
        if settings.SECRET_KEY:
            return "Secret key: there."
    key = get_random_secret_key()
    path = settings.SECRET_KEY_FILE
    # An empty file is what a full disk leaves behind.
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(key)
    settings.SECRET_KEY = key
    return "Secret key: made."


def migrate() -> str:
    """Bring the database to the form that the code expects."""
    executor = MigrationExecutor(connection)
    steps = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if steps:
        call_command("migrate", interactive=False, verbosity=0)
    return f"Database: {steps} migrations applied." if steps else "Database: up to date."


def make_site() -> str:
    """Give a new site its texts, which its authors change in the admin, and a new language the site's name."""
    if not Site.objects.exists():
        return f"Site: {Site.current()}, with the texts that ship; change them in the admin."
    added = [languages.name(code) for code in Site.current().complete()]
    return f"Site: named in {', '.join(added)}; change its texts in the admin." if added else "Site: there."


def address_authors() -> str:
    """Give authors an address in a language that came after them: their names are the same in all."""
    lacks = [Q(**{languages.column("slug", code): None}) for code in languages.codes()]
    authors = list(Author.objects.filter(reduce(or_, lacks)))
    for author in authors:
        author.save()
    return f"Authors: new addresses for {len(authors)}." if authors else "Authors: up to date."


def import_first_articles() -> str:
    """Import the folder named by CONTENT, or the shipped articles, into a database without any article.

    Raise articles.files.problems.ImportProblems with all that is wrong in the folder.
    """
    if Article.objects.exists():
        return "Articles: there."
    return f"Articles: {len(import_folder(Path(settings.CONTENT), parts=parts()))} texts imported."


def follow_translations() -> str:
    """Note what translations answer that were saved before this was kept."""
    count = following.fill_in()
    return f"Translations: {count} articles compared." if count else "Translations: up to date."


def render_pages() -> str:
    """Render again the bodies of pages that an older pipeline rendered."""
    stale = PageRendering.objects.exclude(version=RENDER_VERSION)
    if not stale:
        return "Pages: up to date."
    answers = [(rendering, rendering.renew()) for rendering in stale]
    refusals = [f"{rendering} keeps the rendering it has. {refusal}" for rendering, refusal in answers if refusal]
    return "\n".join([f"Pages: {len(stale) - len(refusals)} bodies rendered.", *refusals])


def keep_style_picture() -> str:
    """Put the picture of the style page into the library of images."""
    return f"Style page: picture {'stored' if style_page.keep_picture() else 'there'}."


def collect_static_files() -> str:
    """Hash, compress and collect the static files where one of them has changed."""
    sources = sorted(
        f"{name} {(stat := Path(storage.path(name)).stat()).st_mtime_ns} {stat.st_size}"
        for finder in get_finders()
        for name, storage in finder.list([])
    )
    digest = hashlib.sha256("\n".join(sources).encode()).hexdigest()
    mark = settings.DATA_DIR / "static.sha256"
    if mark.is_file() and mark.read_text() == digest and (settings.STATIC_ROOT / "staticfiles.json").is_file():
        return "Static files: up to date."
    # What an interrupted collection or another release left behind must not count as collected.
    call_command("collectstatic", clear=True, interactive=False, verbosity=0)
    mark.write_text(digest)
    return f"Static files: {len(sources)} collected."


def make_first_author() -> str:
    """Make the account of the first author where there is no account.

    Its password comes from the file named by AUTHOR_PASSWORD_FILE; without that setting it is made here and stands
    in the returned line, and nowhere else.
    """
    users = get_user_model().objects
    if users.exists():
        return "Author's account: there."
    if not settings.AUTHOR_PASSWORD_FILE:
        password = secrets.token_urlsafe(15)
        users.create_superuser(FIRST_USER, password=password)
        return f"Author's account: user {FIRST_USER}, password {password} (shown this once; change it in the admin)."
    path = Path(settings.AUTHOR_PASSWORD_FILE)
    if not path.is_file():
        return f"Author's account: none, since there is no file {path}. Make one with: manage.py createsuperuser"
    try:
        password = path.read_text().strip()
        validate_password(password)
    except (OSError, UnicodeError) as error:
        raise ImproperlyConfigured(f"AUTHOR_PASSWORD_FILE: {path} cannot be read: {error}.") from None
    except ValidationError as error:
        raise ImproperlyConfigured(f"AUTHOR_PASSWORD_FILE: {' '.join(error.messages)}") from None
    users.create_superuser(FIRST_USER, password=password)
    return f"Author's account: user {FIRST_USER}, password from {path}."
