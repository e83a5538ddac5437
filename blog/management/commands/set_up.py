"""Make a fresh checkout or container ready to serve; what is ready already is left alone."""

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from articles.files.problems import ImportProblems
from blog import set_up


class Command(BaseCommand):
    help = "Prepare all that serving needs: data folder, key, catalogues, database, texts, static files, account."
    # The checks need the database's drivers and the catalogues; migrate runs its own.
    requires_system_checks = []

    def handle(self, **options) -> None:
        try:
            self.stdout.write(set_up.prepare_data_folder())
            with set_up.one_at_a_time():
                self.take_steps()
        except ImportProblems as error:
            raise CommandError(f"CONTENT cannot be imported:\n{error}") from None
        except OSError as error:
            raise CommandError(f"Cannot write {error.filename or 'to the disk'}: {error.strerror}.") from None
        except DatabaseError as error:
            # One line: drivers add hints below it.
            raise CommandError(f"The database cannot be used: {str(error).splitlines()[0]}.") from None

    def take_steps(self) -> None:
        self.stdout.write(set_up.make_secret_key())
        # The one command of an ordinary start: what would hurt is told now, and what cannot work ends it.
        self.check(tags=["site"])
        call_command("compilemessages", stdout=self.stdout)
        self.stdout.write(set_up.migrate())
        self.stdout.write(set_up.make_site())
        self.stdout.write(set_up.import_first_articles())
        self.stdout.write(set_up.address_authors())
        self.stdout.write(set_up.follow_translations())
        call_command("render_articles", stale=True, stdout=self.stdout, stderr=self.stderr)
        self.stdout.write(set_up.render_pages())
        call_command("rebuild_search", stale=True, stdout=self.stdout)
        self.stdout.write(set_up.keep_style_picture())
        self.stdout.write(set_up.collect_static_files())
        self.stdout.write(set_up.make_first_author())
