"""Which rows of the facts the audit trail follows."""

from typing import Any

import pghistory
import pgtrigger

NOT_FOLLOWED = ["recorded_at", "batch"]


def track_all() -> Any:
    """Follow every row, its removal too."""
    events = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
    return pghistory.track(*events, exclude=NOT_FOLLOWED)


def track_typed_in() -> Any:
    """Follow what people type in, change and remove.

    Imported rows are left out: an import keeps what it replaced in its own log, and a trigger for each of its rows
    would cost more than the import.
    """
    typed_in, was_typed_in = (pgtrigger.Q(**{f"{row}__batch__isnull": True}) for row in ("new", "old"))
    return pghistory.track(
        pghistory.InsertEvent(condition=typed_in),
        pghistory.UpdateEvent(condition=was_typed_in),
        pghistory.DeleteEvent(condition=was_typed_in),
        exclude=NOT_FOLLOWED,
    )
