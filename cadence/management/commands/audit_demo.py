"""`manage.py audit_demo`: give a freshly judged demo last quarter's audit, signed, and this quarter's in progress."""

import time

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from cadence.services.demo_audits import live_through_audits


class Command(BaseCommand):
    help = "Open and fill the audits of two quarters; does nothing unless this is a demo without any audit yet."

    def handle(self, **_options: object) -> None:
        started = time.monotonic()
        count = live_through_audits()
        seconds = time.monotonic() - started
        self.stdout.write(
            _("%(count)d audits of two quarters, as simulated people brought them so far, in %(seconds).1f s.")
            % {"count": count, "seconds": seconds}
        )
