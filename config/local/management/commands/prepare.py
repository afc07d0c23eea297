"""`manage.py prepare`: bring the database up to date and fill an empty one with the demo portfolio."""

from argparse import ArgumentParser

from django.core.management import call_command
from django.core.management.base import BaseCommand

from accounts_app.models import Account, User


class Command(BaseCommand):
    help = "Migrate; load the demo portfolio where there is neither an account nor a user yet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="leave an empty database empty")

    def handle(self, *, no_demo: bool, **_options: object) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        if not (no_demo or Account.objects.exists() or User.objects.exists()):
            self._load_demo()
        call_command("log_ins", stdout=self.stdout)

    def _load_demo(self) -> None:
        self.stdout.write("The database is empty: loading the demo portfolio")
        call_command("load_demo", stdout=self.stdout)
        call_command("judge_demo", stdout=self.stdout)
        # The first look at the portfolio must not be at an empty one; the past is filled in by the worker.
        call_command("compute_signals", stdout=self.stdout)
        # Evidence is taken of what was judged.
        call_command("audit_demo", stdout=self.stdout)
        call_command("review_demo", stdout=self.stdout)
