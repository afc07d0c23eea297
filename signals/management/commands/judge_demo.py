"""`manage.py judge_demo`: give a freshly loaded demo a past of alerts that its simulated people have answered."""

import time

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from signals.services.demo_alerts import live_through


class Command(BaseCommand):
    help = "Open and answer the alerts of the last months; does nothing unless this is a demo without any alert yet."

    def handle(self, **_options: object) -> None:
        started = time.monotonic()
        count = live_through()
        seconds = time.monotonic() - started
        self.stdout.write(
            _("%(count)d alerts of the past months, answered as the simulation knows them, in %(seconds).1f s.")
            % {"count": count, "seconds": seconds}
        )
