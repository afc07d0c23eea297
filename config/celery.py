"""The Celery application. Redis is only a doorbell: what must survive is in the ledger (signals.models.Run)."""

import os

from celery import Celery
from celery.signals import beat_init, worker_process_init

from config.collector import spare_what_is_loaded
from config.doorbell import let_go_of_lost_messages

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

let_go_of_lost_messages()

app = Celery("vigil")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# A message that waited this long is worthless: the next one is on its way.
app.conf.beat_schedule = {
    "ensure-run-and-sweep": {"task": "signals.tasks.tick", "schedule": 60.0, "options": {"expires": 60}},
    "recompute-marked": {"task": "signals.tasks.recompute_marked", "schedule": 2.0, "options": {"expires": 10}},
    "refresh-quarters": {"task": "cadence.tasks.refresh_quarters", "schedule": 10.0, "options": {"expires": 10}},
    "sweep-uploads": {"task": "accounts_app.tasks.sweep_uploads", "schedule": 10.0, "options": {"expires": 10}},
    "sweep-audit-packs": {"task": "cadence.tasks.sweep_audit_packs", "schedule": 10.0, "options": {"expires": 10}},
    "send-mails": {"task": "cadence.tasks.send_mails", "schedule": 10.0, "options": {"expires": 10}},
    "ensure-digests": {"task": "cadence.tasks.ensure_digests", "schedule": 60.0, "options": {"expires": 60}},
    "remind-of-audits": {"task": "cadence.tasks.remind_of_audits", "schedule": 600.0, "options": {"expires": 600}},
}


@beat_init.connect
def tick_at_once(**_signal: object) -> None:
    """A fresh installation has its first run when it starts, not a minute later."""
    app.send_task("signals.tasks.tick")


@worker_process_init.connect
def spare_loaded_code(**_signal: object) -> None:
    """A night makes millions of rows: a tenth of its time went into looking through what was loaded before them."""
    spare_what_is_loaded()
