"""`manage.py load_demo`: fill an empty installation with the simulated supplier."""

import time
from argparse import ArgumentParser
from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts_app.demo.load import NotEmptyError, load
from accounts_app.models import Company


class Command(BaseCommand):
    help = (
        "Load the simulated portfolio: 120 accounts over three years up to today. Refuses a database that holds data."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--anchor", type=date.fromisoformat, metavar="DATE", help="last day of the past (today)")

    def handle(self, *, anchor: date | None, **_options: object) -> None:
        started = time.monotonic()
        try:
            facts = load(anchor or Company.the().day_of(timezone.now()))
        except NotEmptyError as error:
            raise CommandError(str(error)) from error
        seconds = time.monotonic() - started
        self.stdout.write(
            _("Loaded %(facts)d simulated facts in %(seconds).1f s.") % {"facts": facts, "seconds": seconds}
        )
