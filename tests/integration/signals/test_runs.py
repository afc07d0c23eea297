"""A run goes through its phases once, whoever works at it and however often it is asked to."""

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts_app.models import Account, Company, Order, Role, User
from signals import tasks
from signals.compute.base import Facts, Json
from signals.compute.single_thread import SingleThread
from signals.models import Alert, Band, Reading, RiskDay, RuleSet, Run, RunChunk, Standing
from signals.pages.notices import judgement
from signals.services import history as history_service
from signals.services import runs
from signals.services.checksum import run_checksum
from tests.integration.at_once import in_threads
from tests.integration.signals.conftest import cure, give_past, poison
from tests.integration.signals.portfolio import DAY, make_company, make_portfolio

Assess = Callable[..., Run]


class TestBusinessDate:
    @pytest.mark.parametrize(
        ("zone", "change"),
        [
            ("Europe/Berlin", dt.date(2026, 3, 29)),
            ("Europe/Berlin", dt.date(2026, 10, 25)),
            ("America/New_York", dt.date(2026, 3, 8)),
            ("America/New_York", dt.date(2026, 11, 1)),
            ("Australia/Lord_Howe", dt.date(2026, 4, 5)),
            ("Australia/Lord_Howe", dt.date(2026, 10, 4)),
        ],
    )
    def test_over_a_clock_change_each_date_has_one_run(self, db: None, zone: str, change: dt.date) -> None:
        make_company()
        Company.objects.update(time_zone=zone)
        noon = dt.datetime.combine(change - dt.timedelta(days=1), dt.time(12), tzinfo=ZoneInfo(zone))
        for quarter_hours in range(4 * 48):
            runs.ensure_nightly(noon.astimezone(dt.UTC) + dt.timedelta(minutes=15 * quarter_hours))
        days = [change + dt.timedelta(days=n) for n in (-1, 0, 1)]
        assert list(Run.objects.order_by("business_date").values_list("business_date", flat=True)) == days

    @pytest.mark.parametrize(("moment", "day"), [("02:59:59", 21), ("03:00:00", 22)])
    def test_the_night_belongs_to_the_day_before(self, db: None, moment: str, day: int) -> None:
        make_company()
        Company.objects.update(time_zone="America/New_York")
        now = dt.datetime.fromisoformat(f"2026-11-22T{moment}").replace(tzinfo=ZoneInfo("America/New_York"))
        assert runs.business_date(now.astimezone(dt.UTC)) == dt.date(2026, 11, day)


def test_two_schedulers_at_once_make_one_run(transactional_db: None) -> None:
    make_company()
    now = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
    made = in_threads(8, lambda: runs.ensure_nightly(now).pk)
    assert len(set(made)) == Run.objects.count() == 1
    assert RunChunk.objects.count() == 1


def test_a_tick_makes_the_run_of_today_once(db: None) -> None:
    make_company()
    for _time in range(2):
        tasks.tick()
    assert Run.objects.get().business_date == runs.business_date(timezone.now())


def test_phases_open_one_after_the_other(portfolio: list[int], small_chunks: None) -> None:
    run = runs.request_explicit(DAY)
    seen = []
    while run.state == Run.State.OPEN:
        seen.append((run.phase, run.chunks.filter(phase=run.phase).count()))
        for chunk in run.chunks.open():
            runs.work(chunk.pk)
        run.refresh_from_db()
    assert seen == [("fit", 1), ("compute", 3), ("judge", 1)]
    assert run.state == Run.State.DONE
    assert run.finished_at is not None


def test_a_run_gives_every_account_a_standing_readings_and_a_risk(portfolio: list[int], assess: Assess) -> None:
    run = assess()
    assert list(Standing.objects.order_by("pk").values_list("account", "as_of")) == [(pk, DAY) for pk in portfolio]
    assert set(Reading.objects.values_list("account", flat=True)) == set(portfolio)
    assert RiskDay.objects.filter(day=DAY, origin="shown").count() == len(portfolio)
    for standing in Standing.objects.all():
        points = [item["points"] for item in standing.contributions]
        assert standing.starting_points is not None
        assert standing.starting_points + sum(points) == standing.risk
        assert standing.run == run
        assert standing.strip["orders"].startswith("M")


def test_without_any_account_a_run_ends_by_itself(db: None, assess: Assess) -> None:
    make_company()
    assert assess().state == Run.State.DONE


def test_working_a_chunk_again_changes_nothing(portfolio: list[int], assess: Assess) -> None:
    run = assess()
    before = run_checksum(DAY)
    moments = list(Standing.objects.values_list("computed_at", flat=True))
    for chunk in run.chunks.all():
        runs.work(chunk.pk)
    assert run_checksum(DAY) == before
    assert list(Standing.objects.values_list("computed_at", flat=True)) == moments


def test_every_chunk_worked_twice_at_once_gives_what_once_gives(
    committed_portfolio: list[int], small_chunks: None
) -> None:
    def once() -> str:
        runs.work_off(runs.request_explicit(DAY))
        return run_checksum(DAY)

    calm = once()
    run = runs.request_explicit(DAY)
    while run.state == Run.State.OPEN:
        for pk in list(run.chunks.open().values_list("pk", flat=True)):
            in_threads(2, lambda pk=pk: runs.work(pk))  # type: ignore[misc]
        run.refresh_from_db()
    assert run_checksum(DAY) == calm
    assert Alert.objects.unclosed().count() == Alert.objects.values("account", "signal").distinct().count()


def test_two_loops_working_at_one_run_give_what_one_gives(committed_portfolio: list[int], small_chunks: None) -> None:
    runs.work_off(runs.request_explicit(DAY))
    calm = run_checksum(DAY)
    run = runs.request_explicit(DAY)
    in_threads(2, lambda: runs.work_off(Run.objects.get(pk=run.pk)))
    assert run_checksum(DAY) == calm
    assert RunChunk.objects.filter(run=run, attempts__gt=1).count() == 0


def test_how_accounts_are_cut_into_chunks_does_not_show(portfolio: list[int], assess: Assess, settings: object) -> None:
    assess()
    whole = run_checksum(DAY)
    settings.CHUNK_ACCOUNTS = 1  # type: ignore[attr-defined]
    assess()
    assert run_checksum(DAY) == whole


def test_a_replay_gives_the_same_bits_after_later_facts_came_in(portfolio: list[int], assess: Assess) -> None:
    past = DAY - dt.timedelta(days=100)
    assess(past)
    before = run_checksum(past)
    account = Account.objects.get(pk=portfolio[0])
    order = account.orders.latest("ordered_on")
    Order.objects.create(
        account=account,
        feed=order.feed,
        external_key="late",
        number="late",
        ordered_on=past - dt.timedelta(days=1),
        known_on=past + dt.timedelta(days=1),
        amount=5,
        currency="EUR",
        reporting_amount=5,
    )
    assess(past)
    assert run_checksum(past) == before
    assert before != ""


def test_of_two_results_the_one_asked_for_later_stays(portfolio: list[int]) -> None:
    """A worker of an overtaken run comes late: what it writes must not replace the newer result."""
    older = runs.request_explicit(DAY - dt.timedelta(days=7))
    newer = runs.request_explicit(DAY)
    runs.work_off(newer)
    runs.work_off(older)
    assert set(Standing.objects.values_list("as_of", flat=True)) == {DAY}
    assert set(Reading.objects.values_list("as_of", flat=True)) == {DAY}
    assert Run.objects.shown() == newer


def test_a_day_asked_for_is_shown_until_the_next_night(portfolio: list[int], assess: Assess) -> None:
    now = dt.datetime.combine(DAY, dt.time(12), tzinfo=dt.UTC)
    runs.work_off(runs.ensure_nightly(now))
    past = assess(DAY - dt.timedelta(days=300))
    assert set(Standing.objects.values_list("as_of", flat=True)) == {past.business_date}
    runs.work_off(runs.ensure_nightly(now))  # the same date: it is over
    assert Run.objects.shown() == past
    runs.work_off(runs.ensure_nightly(now + dt.timedelta(days=1)))
    assert set(Standing.objects.values_list("as_of", flat=True)) == {DAY + dt.timedelta(days=1)}


class TestPoison:
    """One account whose result the database refuses: it alone is given up, and says so."""

    @pytest.fixture
    def poisoned(self, portfolio: list[int], small_chunks: None) -> int:
        poison(portfolio[5])
        return portfolio[5]

    def test_the_chunk_is_split_and_only_the_account_is_given_up(
        self, poisoned: int, portfolio: list[int], assess: Assess, small_chunks: None
    ) -> None:
        run = assess()
        assert run.state == Run.State.INCOMPLETE
        lost = run.chunks.get(state=RunChunk.State.QUARANTINED)
        assert (lost.first_account, lost.last_account) == (poisoned, poisoned)
        assert "poison" in lost.error
        assert run.chunks.filter(state=RunChunk.State.SPLIT).count() == 1
        computed = Standing.objects.filter(state=Standing.State.COMPUTED)
        assert set(computed.values_list("account", flat=True)) == set(portfolio) - {poisoned}

    def test_pages_tell_administrators_which_and_why(self, poisoned: int, assess: Assess) -> None:
        assess()
        words = {
            role: " ".join(one.text for one in judgement(User(role=role)).notices)
            for role in (Role.ADMINISTRATOR, Role.ACCOUNT_MANAGER)
        }
        assert "is incomplete" in words[Role.ACCOUNT_MANAGER]
        assert "poison" not in words[Role.ACCOUNT_MANAGER]
        assert f"Not computed: {Account.objects.get(pk=poisoned).name} (" in words[Role.ADMINISTRATOR]
        assert "poison" in words[Role.ADMINISTRATOR]

    def test_a_signal_that_fails_on_one_account_is_named(
        self, portfolio: list[int], assess: Assess, small_chunks: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole = SingleThread.compute

        def failing(self: SingleThread, facts: Facts, params: Json, as_of: dt.date) -> pd.DataFrame:
            if portfolio[5] in facts.accounts.index:
                raise ValueError("no such level")
            return whole(self, facts, params, as_of)

        monkeypatch.setattr(SingleThread, "compute", failing)
        run = assess()
        assert run.chunks.get(state=RunChunk.State.QUARANTINED).error.count("single_thread: ValueError") == 1
        lost = Standing.objects.filter(state=Standing.State.NOT_COMPUTED)
        assert list(lost.values_list("account", flat=True)) == [portfolio[5]]
        assert Standing.objects.exclude(pk=portfolio[5]).filter(risk=None).count() == 0

    def test_yesterdays_value_does_not_stand_as_todays(
        self, portfolio: list[int], assess: Assess, small_chunks: None
    ) -> None:
        assess(DAY - dt.timedelta(days=1))
        poison(portfolio[5])
        assess()
        lost = Standing.objects.get(account=portfolio[5])
        assert (lost.state, lost.as_of, lost.risk, lost.band) == ("not_computed", DAY, None, Band.UNKNOWN)
        assert "poison" in lost.error
        assert lost.contributions == []
        assert not Reading.objects.filter(account=portfolio[5]).exists()

    def test_the_next_run_computes_a_cured_account(self, poisoned: int, assess: Assess) -> None:
        assess()
        cure()
        assert assess().state == Run.State.DONE
        assert Standing.objects.get(account=poisoned).state == Standing.State.COMPUTED


class TestFailingFit:
    @pytest.fixture
    def unreadable_rules(self, portfolio: list[int]) -> None:
        """Rules that name no weights make the fit fail."""
        RuleSet.objects.create(version=99, weights={})

    def test_ends_incomplete_with_no_account_computed_when_nothing_was_ever_learnt(
        self, unreadable_rules: None, portfolio: list[int], assess: Assess
    ) -> None:
        assert assess().state == Run.State.INCOMPLETE
        assert set(Standing.objects.values_list("state", flat=True)) == {"not_computed"}
        assert Standing.objects.count() == len(portfolio)

    def test_goes_on_with_what_was_learnt_before(self, portfolio: list[int], assess: Assess) -> None:
        earlier = assess(DAY - dt.timedelta(days=1))
        run = runs.request_explicit(DAY)
        run.chunks.update(failures=3)
        runs.work_off(run)
        assert run.state == Run.State.INCOMPLETE
        assert run.params == earlier.params
        assert set(Standing.objects.values_list("state", "as_of")) == {("computed", DAY)}


class TestHistory:
    @pytest.fixture
    def few_weeks(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(history_service, "WEEKS", 3)

    def test_covers_18_months_weekly_and_is_fitted_quarterly(self, portfolio: list[int], assess: Assess) -> None:
        assess()
        history = Run.objects.get(kind=Run.Kind.HISTORY)
        assert history.days == [DAY - dt.timedelta(weeks=n) for n in range(78, -1, -1)]
        assert history.fit_days == [DAY - dt.timedelta(weeks=n) for n in range(78, -1, -13)]
        assert history.chunks.count() == len(history.fit_days)

    def test_fills_every_week_and_alarms_nobody(self, portfolio: list[int], assess: Assess, few_weeks: None) -> None:
        assess()
        alerts = Alert.objects.count()
        runs.work_off(Run.objects.get(kind=Run.Kind.HISTORY))
        days = set(RiskDay.objects.filter(account=portfolio[0]).values_list("day", flat=True))
        assert days == {DAY - dt.timedelta(weeks=n) for n in range(4)}
        assert RiskDay.objects.filter(day=DAY).exclude(origin="shown").count() == 0
        assert Alert.objects.count() == alerts

    def test_is_not_made_again_once_it_is_there(self, portfolio: list[int], assess: Assess) -> None:
        give_past(portfolio)
        assess()
        assert not Run.objects.filter(kind=Run.Kind.HISTORY).exists()

    def test_a_new_account_gets_its_own(self, portfolio: list[int], assess: Assess, few_weeks: None) -> None:
        give_past(portfolio)
        (fresh,) = make_portfolio(accounts=1, orders=5, contacts=2)
        assess()
        history = Run.objects.get(kind=Run.Kind.HISTORY)
        runs.work_off(history)
        filled = RiskDay.objects.filter(origin="history", day__gt=DAY - dt.timedelta(days=300))
        assert set(filled.values_list("account", flat=True)) == {fresh}

    def test_gives_the_levels_that_a_run_of_that_day_gives(self, portfolio: list[int], assess: Assess) -> None:
        """On a day of a fit, what was learnt is the same: then all else must be, too."""
        first = DAY - dt.timedelta(days=7)
        runs.work_off(runs.request_history(first, DAY, 7))
        filled = dict(RiskDay.objects.filter(day=first).values_list("account", "levels"))
        assess(first)
        assert dict(RiskDay.objects.filter(day=first, origin="shown").values_list("account", "levels")) == filled
        assert any(levels for levels in filled.values())

    def test_does_not_overwrite_what_was_shown_on_its_day(self, portfolio: list[int], assess: Assess) -> None:
        shown = DAY - dt.timedelta(days=7)
        assess(shown)
        RiskDay.objects.filter(day=shown).update(risk=77)
        runs.work_off(runs.request_history(shown - dt.timedelta(days=7), DAY, 7))
        assert set(RiskDay.objects.filter(day=shown).values_list("risk", flat=True)) == {77}


def test_the_number_of_queries_of_a_chunk_does_not_depend_on_its_accounts(db: None) -> None:
    def queries(accounts: int) -> int:
        make_portfolio(accounts=accounts, orders=10, contacts=5)
        run = runs.request_explicit(DAY)
        runs.work(run.chunks.get().pk)
        chunk = run.chunks.get(phase="compute")
        with CaptureQueriesContext(connection) as captured:
            runs.work(chunk.pk)
        runs.work_off(run)
        return len(captured)

    assert queries(2) == queries(20)
