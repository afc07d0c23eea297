"""By day: accounts whose facts changed are computed anew with what the shown run learnt, and their alerts judged."""

import logging

from django.db import connection, transaction

from signals.facts import read_facts
from signals.models import Run
from signals.services import assess, judge, marks

logger = logging.getLogger(__name__)

AT_ONCE = 100
# Any number that nothing else locks; one dispatcher at a time, else an older result could be written last.
DISPATCHER_LOCK = 7_314_001


def recompute_marked() -> int:
    """Compute the accounts marked as changed; returns how many.

    A mark is removed only if it is still the one that was read: a change in between is picked up next time. While a
    run is on its way nothing is done, for what it has computed already must not be judged by the run before.
    """
    run = Run.objects.shown()
    if run is None or not run.params or Run.objects.assessments().unfinished().exists():
        return 0
    with transaction.atomic():
        if not _alone():
            return 0
        read = marks.oldest(AT_ONCE)
        recompute_accounts(sorted(read), run)
        marks.remove(read)
    return len(read)


def recompute_accounts(accounts: list[int], run: Run) -> None:
    """Compute these accounts; one that fails says so and does not keep the others from it."""
    try:
        _recompute(accounts, run)
    except Exception:
        logger.exception("Accounts %s cannot be computed together", accounts)
        for account_id in accounts:
            _recompute_alone(account_id, run)


def _recompute_alone(account_id: int, run: Run) -> None:
    try:
        _recompute([account_id], run)
    except Exception as reason:
        logger.exception("Account %d cannot be computed", account_id)
        assess.mark_not_computed(run, [account_id], repr(reason))


def _recompute(accounts: list[int], run: Run) -> None:
    with transaction.atomic():
        if accounts:
            assess.assess_accounts(read_facts(accounts), run)()
            judge.judge_by_day(accounts, run)


def _alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [DISPATCHER_LOCK])
        return bool(cursor.fetchone()[0])
