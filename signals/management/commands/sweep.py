from typing import Any

from django.core.management.base import BaseCommand

from accounts_app.services import uploads
from signals.services import runs


class Command(BaseCommand):
    help = "Sends again what workers lost: expired chunks and uploads, phases not opened. Harmless at any time."

    def handle(self, *_args: Any, **_options: Any) -> None:
        runs.sweep()
        uploads.sweep()
