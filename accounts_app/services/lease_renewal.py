"""A thread that renews a lease while the work goes on: the ledgers of runs, uploads and packs each start one."""

import logging
import threading
from collections.abc import Callable

from django.db import connection

logger = logging.getLogger(__name__)


class LeaseRenewal:
    """Renews every so many seconds until it is ended, over a connection of its own: a worker that is killed stops so.

    No failure ends it, of whatever kind: a thread that ended without a word would let the lease of good work run out,
    and the work be done once more beside it. A broken connection is let go, so that the next renewal opens another.
    """

    def __init__(self, renew: Callable[[], object], *, every: float, of: str) -> None:
        self._renew, self._every, self._of = renew, every, of
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._go, name=f"lease of {of}", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Return once nothing is renewed any more."""
        self._over.set()
        self._thread.join()

    def _go(self) -> None:
        try:
            while not self._over.wait(self._every):
                self._once()
        finally:
            connection.close()

    def _once(self) -> None:
        try:
            self._renew()
        except Exception as reason:  # noqa: BLE001 - see the class; a database away for good ends the work itself
            logger.warning("The lease of %s was not renewed: %r", self._of, reason)
            connection.close()
