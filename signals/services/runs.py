"""Runs: making sure the one of a business date exists, opening their phases, working off their chunks."""

import logging
import time
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from datetime import time as wall_clock
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now

from accounts_app.models import Company
from signals.models import RuleSet, Run, RunChunk
from signals.services import assess, history, judge, ledger, replay
from signals.services.rules import current_rules

logger = logging.getLogger(__name__)

# Before this hour of the company's clock a moment still belongs to the business date before.
NIGHT_ENDS = wall_clock(3)
POLL_SECONDS = 0.2
# Most accounts of a chunk that is judged on many days: a few hundred accounts then still keep several workers busy.
MANY_DAYS_ACCOUNTS = 250

# Reads and computes, and hands back the function that writes the result; that one runs behind the fence.
Work = Callable[[RunChunk], Callable[[], None]]
ASSESSMENT: dict[str, Work] = {
    Run.Phase.FIT: assess.fit_chunk,
    Run.Phase.COMPUTE: assess.compute_chunk,
    Run.Phase.JUDGE: judge.judge_chunk,
}
HISTORY: dict[str, Work] = {Run.Phase.FIT: history.fit_chunk, Run.Phase.COMPUTE: history.compute_chunk}
BACKTEST: dict[str, Work] = {
    Run.Phase.FIT: replay.fit_chunk,
    Run.Phase.COMPUTE: replay.compute_chunk,
    Run.Phase.JUDGE: replay.sum_chunk,
}


def phases_of(run: Run) -> dict[str, Work]:
    return {Run.Kind.HISTORY: HISTORY, Run.Kind.BACKTEST: BACKTEST}.get(Run.Kind(run.kind), ASSESSMENT)


def business_date(now: datetime) -> date:
    """The date whose run is due at `now`, by the company's clock."""
    local = now.astimezone(ZoneInfo(Company.the().time_zone))
    return local.date() if local.time() >= NIGHT_ENDS else local.date() - timedelta(days=1)


def today(now: datetime) -> date:
    return Company.the().day_of(now)


def ensure_nightly(now: datetime) -> Run:
    """The run of this business date; whoever asks first makes it, so any number of schedulers make one."""
    return _get_or_start(Run.Kind.NIGHTLY, business_date(now))[0]


def request_nightly(now: datetime) -> Run:
    """The nightly run of this business date, begun anew if it is over."""
    return _request(Run.Kind.NIGHTLY, business_date(now))


def request_explicit(as_of: date) -> Run:
    """A run somebody asks for: its day becomes the one pages show, until the next night or request.

    A day before the last one judged opens and closes no alert (see judge.py).
    """
    return _request(Run.Kind.EXPLICIT, as_of)


def request_history(from_day: date, until_day: date, step_days: int) -> Run:
    """Fill the days from `from_day`, every `step_days`, up to `until_day`, for every account."""
    return _request(Run.Kind.HISTORY, until_day, from_day=from_day, step_days=step_days, every_account=True)


def begin_backtest(from_day: date, until_day: date, step_days: int, rule_set: RuleSet) -> Run:
    """A run of its own each time, so that results can be compared; the ledger refuses a second one at once."""
    plan = {"from_day": from_day, "business_date": until_day, "step_days": step_days, "rule_set": rule_set}
    run = Run.objects.create(kind=Run.Kind.BACKTEST, ticket=_draw_ticket(), **plan)
    _open_phase(run)
    return run


def cancel(run: Run) -> bool:
    """End a run that is under way: who works on it finds its chunk gone; false where it had ended before."""
    with transaction.atomic():
        open_run = Run.objects.unfinished().select_for_update(no_key=True).filter(pk=run.pk)
        ended = open_run.update(state=Run.State.CANCELLED, finished_at=Now())
        if ended:
            run.chunks.all().delete()
            run.backtest_accounts.all().delete()
    return bool(ended)


def _request(kind: Run.Kind, day: date, **plan: Any) -> Run:
    with transaction.atomic():
        run, made = _get_or_start(kind, day, **plan)
        run = Run.objects.select_for_update(no_key=True).get(pk=run.pk)
        wanted = {"rule_set": current_rules(), **plan}  # rules saved while it was on its way are not those it works by
        changed = any(getattr(run, name) != value for name, value in wanted.items())
        if not made and (changed or run.state != Run.State.OPEN):
            _start_anew(run, **plan)
        return run


def _get_or_start(kind: Run.Kind, day: date, **plan: Any) -> tuple[Run, bool]:
    with transaction.atomic():
        start = {"ticket": _draw_ticket, "rule_set": current_rules, **plan}
        run, made = Run.objects.get_or_create(kind=kind, business_date=day, defaults=start)
        if made:
            _open_phase(run)
        return run, made


def _start_anew(run: Run, **plan: Any) -> None:
    run.chunks.all().delete()  # what still works on one of them finds it gone at the fence
    fresh: dict[str, Any] = {
        "state": Run.State.OPEN,
        "phase": Run.Phase.FIT,
        "params": {},
        "notices": [],
        "alarms": {},
        "finished_at": None,
    }
    changes = {**fresh, "ticket": _draw_ticket(), "rule_set": current_rules(), "started_at": Now(), **plan}
    for name, value in changes.items():
        setattr(run, name, value)
    run.save(update_fields=list(changes))
    run.refresh_from_db(fields=["started_at"])
    _open_phase(run)


def _draw_ticket() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('signals_run_ticket')")
        return int(cursor.fetchone()[0])


def _open_phase(run: Run) -> int:
    chunks = RunChunk.objects.bulk_create(_chunks(run))
    ledger.ring([chunk.pk for chunk in chunks])
    return len(chunks)


def _chunks(run: Run) -> list[RunChunk]:
    if run.phase != Run.Phase.COMPUTE:
        count = len(run.fit_days) if run.phase == Run.Phase.FIT else 1
        return [RunChunk(run=run, phase=run.phase, n=n) for n in range(count)]
    return [
        RunChunk(run=run, phase=run.phase, n=n, first_account=first, last_account=last)
        for n, (first, last) in enumerate(_account_ranges(history.accounts_of(run), one_day=run.is_assessment))
    ]


def _account_ranges(account_ids: list[int], *, one_day: bool) -> Iterable[tuple[int, int]]:
    size = settings.CHUNK_ACCOUNTS if one_day else min(settings.CHUNK_ACCOUNTS, MANY_DAYS_ACCOUNTS)
    for begin in range(0, len(account_ids), size):
        part = account_ids[begin : begin + size]
        yield part[0], part[-1]


def count_ranges(account_ids: list[int]) -> int:
    """Into how many chunks these accounts are split by a run over many days."""
    return len(list(_account_ranges(account_ids, one_day=False)))


def work(chunk_id: int) -> None:
    """Claim one chunk, do it and open what comes after it; what another one holds or did already is left alone."""
    chunk = ledger.claim(chunk_id)
    if chunk is not None:
        _do(chunk)


def _do(chunk: RunChunk) -> None:
    try:
        with ledger.kept_alive(chunk):
            write = phases_of(chunk.run)[chunk.phase](chunk)
            with ledger.fenced(chunk):
                write()
    except ledger.LeaseLostError:
        logger.warning("%s: attempt %d was overtaken", chunk, chunk.attempts)
    except Exception as reason:
        # Whatever it was, the ledger counts the attempt and decides: it is the one authority on retries.
        logger.exception("%s: attempt %d failed", chunk, chunk.attempts)
        ledger.give_back(chunk, repr(reason))
    advance(chunk.run_id)


def work_off(run: Run) -> None:
    """Work at the run until it is finished, beside any workers there are and without them if there are none."""
    while Run.objects.unfinished().filter(pk=run.pk).exists():
        chunk = ledger.claim_next(run)
        if chunk is not None:
            _do(chunk)
        else:
            sweep()
            time.sleep(POLL_SECONDS)
    run.refresh_from_db()


def sweep() -> None:
    """Split or give up what failed too often, ring again for what nobody took, open phases that are due."""
    for run in Run.objects.unfinished():
        for chunk in ledger.hopeless(run):
            _give_up(run, chunk.pk)
        ledger.resend(run)
        advance(run.pk)


def _give_up(run: Run, chunk_id: int) -> None:
    """Try a chunk that failed three times account by account, and quarantine what still fails."""
    with transaction.atomic():
        Run.objects.select_for_update(no_key=True).get(pk=run.pk)
        chunk = ledger.hopeless(run).select_for_update(of=("self",)).filter(pk=chunk_id).first()
        if chunk is None:
            return
        if chunk.may_be_split:
            ledger.split(chunk, assess.account_ids(chunk))
            return
        RunChunk.objects.filter(pk=chunk.pk).update(state=RunChunk.State.QUARANTINED, lease_until=None)
        if chunk.phase == Run.Phase.COMPUTE and run.is_assessment:
            assess.mark_not_computed(run, assess.account_ids(chunk), chunk.error)


def advance(run_id: int) -> None:
    """Open the next phase when the last chunk of this one is done, or finish the run."""
    with transaction.atomic():
        run = Run.objects.select_for_update(no_key=True).filter(pk=run_id, state=Run.State.OPEN).first()
        while run and run.state == Run.State.OPEN and not run.chunks.open().filter(phase=run.phase).exists():
            _next_phase(run)


def _next_phase(run: Run) -> None:
    run.params = run.params or _params_of_last_night(run)
    phases = list(phases_of(run))
    later = phases[phases.index(run.phase) + 1 :]
    if later and run.params:
        run.phase = later[0]
        run.save(update_fields=["phase", "params"])
        _open_phase(run)
    else:
        _finish(run)


def _params_of_last_night(run: Run) -> dict[str, Any]:
    """Where the fit failed, what was learnt before serves, and the run ends incomplete.

    A backtest would see by it what was not known on its days.
    """
    if run.kind == Run.Kind.BACKTEST:
        return {}
    before = Run.objects.assessments().exclude(params={}).filter(business_date__lt=run.business_date)
    last = before.order_by("-business_date").first()
    return last.params if last else {}


def _finish(run: Run) -> None:
    errors = list(run.chunks.filter(state=RunChunk.State.QUARANTINED).order_by("pk").values_list("error", flat=True))
    if not run.params and run.is_assessment:  # nothing was ever learnt, so nothing can be computed
        assess.mark_not_computed(run, assess.account_ids(), next(filter(None, errors), ""))
    run.state = Run.State.INCOMPLETE if errors else Run.State.DONE
    run.finished_at = Now()
    run.save(update_fields=["state", "finished_at"])
    first_day = history.first_day_missing(run)
    if first_day:
        step = history.STEP_DAYS
        _request(Run.Kind.HISTORY, run.business_date, from_day=first_day, step_days=step, every_account=False)
