"""Results kept for as long as nothing is written to the database: what nobody changed need not be read again.

PostgreSQL itself tells. A snapshot says which transactions are over; from one commit to the next it is the same, and
after that never again. What was read under a snapshot therefore holds while the present one is equal, whoever writes,
by whatever way, and nothing needs to be thrown away by hand.
"""

import time
from collections.abc import Callable, Hashable
from functools import wraps
from threading import Condition
from typing import Final, ParamSpec, TypeVar

from cachetools import TTLCache, cached
from django.db import connection
from django.utils.translation import get_language

P = ParamSpec("P")
R = TypeVar("R")

# Of each function and process; the largest result, fifty rows of the portfolio, takes 200 kilobytes.
RESULTS_KEPT: Final = 128
# A crash of PostgreSQL may let it number transactions that nobody saw once more; no result outlives that for long.
LONGEST_SECONDS: Final = 600


def kept_while_unchanged(read: Callable[P, R]) -> Callable[P, R]:
    """Let `read` work again only when something was written, or a language is asked for that was not yet.

    Its arguments are hashable and, beside the database, all that the result depends on (the day, the audience); the
    result is shared between requests and must not be changed by who gets it. Who asks for what another is just reading
    waits for that.
    """

    @cached(TTLCache(RESULTS_KEPT, LONGEST_SECONDS, timer=time.time), condition=Condition())
    def kept(_state: Hashable, *args: P.args, **kwargs: P.kwargs) -> R:
        return read(*args, **kwargs)

    @wraps(read)
    def if_changed(*args: P.args, **kwargs: P.kwargs) -> R:
        snapshot = _snapshot()
        if snapshot is None:
            return read(*args, **kwargs)
        return kept((snapshot, get_language()), *args, **kwargs)

    return if_changed


def _snapshot() -> str | None:
    """Which transactions are over for this connection; None in one that has written, whose own work that leaves out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text, pg_current_xact_id_if_assigned() IS NULL")
        snapshot, has_written_nothing = cursor.fetchone()
    return str(snapshot) if has_written_nothing else None
