"""`manage.py review_demo`: give a loaded demo two reviews held last quarter, and two to prepare."""

import time

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from cadence.services.demo_reviews import live_through_reviews


class Command(BaseCommand):
    help = "Write the reviews of two accounts; does nothing unless this is a demo without any review yet."

    def handle(self, **_options: object) -> None:
        started = time.monotonic()
        count = live_through_reviews()
        seconds = time.monotonic() - started
        self.stdout.write(
            _("%(count)d reviews with customers, in %(seconds).1f s.") % {"count": count, "seconds": seconds}
        )
