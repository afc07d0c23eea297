"""`manage.py extend_demo`: add what the days since loading brought; the nightly run does the same."""

from argparse import ArgumentParser
from datetime import date

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts_app.demo.load import extend
from accounts_app.models import Company


class Command(BaseCommand):
    help = "Add the simulated events up to today; does nothing where the portfolio is not simulated."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--until", type=date.fromisoformat, metavar="DATE", help="last day to add (today)")

    def handle(self, *, until: date | None, **_options: object) -> None:
        facts = extend(until or Company.the().day_of(timezone.now()))
        self.stdout.write(_("%(facts)d simulated facts are new or say more.") % {"facts": facts})
