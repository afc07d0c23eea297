"""Alerts: one open per account and signal, closed by themselves or by a person, within a manager's budget."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts_app.models import Account, FeedKind, Interaction, Order, User
from signals.models import Alert, AlertAction, Run, Standing
from signals.services import alarm_budgets, alerts, runs
from signals.services.judge import judge_by_day
from tests.integration.signals.portfolio import DAY, make_portfolio

SIGNAL = "proactive_gap"
TOMORROW = DAY + dt.timedelta(days=1)


@pytest.fixture
def account(db: None) -> Account:
    """An account nobody came to for long: its proactive gap is beyond the line."""
    (pk,) = make_portfolio(accounts=1, orders=20, contacts=6)
    Interaction.objects.filter(account=pk, happened_on__gt=DAY - dt.timedelta(days=90)).delete()
    FeedKind.objects.update(complete_to=None)  # late on no day of these tests
    return Account.objects.get(pk=pk)


@pytest.fixture
def run_day(db: None) -> Callable[[dt.date], Run]:
    def work(day: dt.date = DAY) -> Run:
        run = runs.request_explicit(day)
        runs.work_off(run)
        return run

    return work


@pytest.fixture
def alert(account: Account, run_day: Callable[..., Run]) -> Alert:
    run_day()
    return Alert.objects.get(signal=SIGNAL)


@pytest.fixture
def user(account: Account) -> User:
    return User.objects.filter(owned_accounts=account).get()


def come_by(account: Account, day: dt.date) -> None:
    """A proactive contact, which ends the gap."""
    Interaction.objects.create(
        account=account,
        feed=account.orders.all()[0].feed,
        external_key=f"visit-{day}",
        happened_on=day,
        happened_known_on=day,
        known_on=day,
        by=account.owner,
    )


class TestOpeningAndFading:
    def test_it_keeps_sentence_and_evidence_of_the_day_it_opened(
        self, alert: Alert, run_day: Callable[..., Run]
    ) -> None:
        frozen = (alert.sentence, alert.details, alert.evidence)
        assert "without a contact that we started" in alert.sentence
        assert alert.evidence["tab"] == "interactions"
        run_day(TOMORROW)
        alert.refresh_from_db()
        assert (alert.sentence, alert.details, alert.evidence) == frozen
        assert alert.judged_on == TOMORROW
        assert Alert.objects.filter(signal=SIGNAL).count() == 1

    def test_the_money_last_known_stands_while_the_account_is_not_computed(self, alert: Alert) -> None:
        """Nothing at stake would put it behind every other alert."""
        before = (alert.at_stake, alert.priority)
        assert min(before) > 0
        nothing = {"risk": None, "probability": None, "revenue_12m": 0, "revenue_at_risk": 0}
        Standing.objects.update(state=Standing.State.NOT_COMPUTED, band="unknown", **nothing)
        judge_by_day([alert.account_id], Run.objects.latest("ticket"))
        alert.refresh_from_db()
        assert (alert.at_stake, alert.priority) == before

    def test_its_priority_is_the_money_at_stake(self, alert: Alert) -> None:
        standing = alert.account.standing
        assert standing.revenue_12m > 0
        assert abs(alert.priority - standing.revenue_12m * Decimal(standing.probability or 0)) < Decimal("0.01")

    def test_it_fades_when_the_level_fell_and_may_open_again(
        self, alert: Alert, account: Account, run_day: Callable[..., Run]
    ) -> None:
        come_by(account, TOMORROW)
        run_day(TOMORROW)
        alert.refresh_from_db()
        assert (alert.state, alert.closed_on, alert.rearmed) == ("faded", TOMORROW, True)
        run_day(TOMORROW + dt.timedelta(days=90))
        assert Alert.objects.filter(signal=SIGNAL, state="open").exclude(pk=alert.pk).count() == 1

    def test_a_second_open_one_is_refused_by_the_database(self, alert: Alert) -> None:
        alert.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            alert.save()

    def test_a_replay_of_an_earlier_day_changes_nothing(
        self, alert: Alert, account: Account, run_day: Callable[..., Run]
    ) -> None:
        before = list(Alert.objects.order_by("pk").values())
        run_day(DAY - dt.timedelta(days=60))
        assert list(Alert.objects.filter(signal=SIGNAL).values()) == [row for row in before if row["signal"] == SIGNAL]

    def test_when_orders_of_all_are_missing_nobody_is_alarmed(
        self, account: Account, run_day: Callable[..., Run]
    ) -> None:
        """Orders of a portfolio of forty that all end a week ago: the feed broke, not forty customers."""
        make_portfolio(accounts=40, orders=200, contacts=0, until=DAY)
        Order.objects.filter(ordered_on__gt=DAY - dt.timedelta(days=7)).delete()
        run = run_day()
        assert run.notices[0]["kind"] == "orders_missing"
        assert run.notices[0]["seen"] == 0
        assert Alert.objects.count() == 0


class TestWhatPeopleDo:
    def test_acknowledging_keeps_it_in_the_list_and_says_who(self, alert: Alert, user: User) -> None:
        alerts.acknowledge(alert, by=user)
        alert.refresh_from_db()
        assert alert.state == "acknowledged"
        assert Alert.objects.wanting_attention().filter(pk=alert.pk).exists()
        assert [(action.kind, action.by) for action in alert.actions.all()] == [("acknowledge", user)]

    def test_a_snoozed_one_leaves_the_list_until_its_day(
        self, alert: Alert, user: User, run_day: Callable[..., Run]
    ) -> None:
        until = DAY + dt.timedelta(days=3)
        Alert.objects.filter(pk=alert.pk).update(level=0.95)  # beyond the line that breaks a snooze
        alerts.snooze(alert, by=user, until=until, reason="trade fair", today=DAY)
        run_day(until - dt.timedelta(days=1))
        assert not Alert.objects.wanting_attention().filter(pk=alert.pk).exists()
        run_day(until)
        alert.refresh_from_db()
        assert (alert.state, alert.snoozed_until) == ("open", None)

    @pytest.mark.parametrize(
        ("until", "reason"),
        [(DAY, "today is too early"), (DAY + dt.timedelta(days=367), "a year is too long"), (TOMORROW, " ")],
    )
    def test_a_snooze_needs_a_day_and_a_reason(self, alert: Alert, user: User, until: dt.date, reason: str) -> None:
        with pytest.raises(ValidationError):
            alerts.snooze(alert, by=user, until=until, reason=reason, today=DAY)
        alert.refresh_from_db()
        assert alert.state == "open"

    def test_a_resolved_one_does_not_reopen_in_the_same_episode(
        self, alert: Alert, account: Account, user: User, run_day: Callable[..., Run]
    ) -> None:
        alerts.resolve(alert, by=user, outcome=Alert.Outcome.FALSE, today=DAY)
        run_day(TOMORROW)
        assert Alert.objects.unclosed().filter(signal=SIGNAL).count() == 0
        come_by(account, TOMORROW + dt.timedelta(days=1))
        run_day(TOMORROW + dt.timedelta(days=1))
        alert.refresh_from_db()
        assert alert.rearmed
        run_day(TOMORROW + dt.timedelta(days=91))
        assert Alert.objects.unclosed().filter(signal=SIGNAL).count() == 1

    def test_a_real_one_needs_its_cause_and_a_false_one_has_none(self, alert: Alert, user: User) -> None:
        with pytest.raises(ValidationError):
            alerts.resolve(alert, by=user, outcome=Alert.Outcome.REAL, today=DAY)
        with pytest.raises(ValidationError):
            alerts.resolve(alert, by=user, outcome=Alert.Outcome.FALSE, cause=Alert.Cause.COMPETITOR, today=DAY)
        action = alerts.resolve(alert, by=user, outcome=Alert.Outcome.REAL, cause=Alert.Cause.COMPETITOR, today=DAY)
        assert (action.outcome, action.cause) == ("real", "competitor")

    def test_what_is_closed_is_not_acted_on_again(self, alert: Alert, user: User) -> None:
        alerts.resolve(alert, by=user, outcome=Alert.Outcome.FALSE, today=DAY)
        with pytest.raises(ValidationError):
            alerts.acknowledge(alert, by=user)


class TestUndo:
    def test_brings_back_what_was_before_one_action_at_a_time(self, alert: Alert, user: User) -> None:
        alerts.snooze(alert, by=user, until=TOMORROW, reason="holiday", today=DAY)
        alerts.resolve(alert, by=user, outcome=Alert.Outcome.FALSE, today=DAY)
        alerts.undo(alert, by=user, now=timezone.now())
        alert.refresh_from_db()
        assert (alert.state, alert.snoozed_until, alert.outcome, alert.closed_on) == ("snoozed", TOMORROW, "", None)
        alerts.undo(alert, by=user, now=timezone.now())
        alert.refresh_from_db()
        assert (alert.state, alert.snoozed_until) == ("open", None)
        with pytest.raises(ValidationError):
            alerts.undo(alert, by=user, now=timezone.now())

    def test_is_kept_in_the_history(self, alert: Alert, user: User) -> None:
        alerts.acknowledge(alert, by=user)
        alerts.undo(alert, by=user, now=timezone.now())
        assert [action.kind for action in AlertAction.objects.order_by("pk")] == ["acknowledge", "undo"]

    @pytest.mark.parametrize(("late", "possible"), [(-1, True), (1, False)])
    def test_is_possible_for_a_day(self, alert: Alert, user: User, late: int, possible: bool) -> None:
        done = alerts.acknowledge(alert, by=user)
        alert.refresh_from_db()
        now = done.at + alerts.UNDO_WITHIN + dt.timedelta(seconds=late)
        assert (alerts.last_undoable(alert, now=now) is not None) is possible

    def test_is_refused_once_the_night_changed_the_alert(
        self, alert: Alert, user: User, run_day: Callable[..., Run]
    ) -> None:
        until = DAY + dt.timedelta(days=2)
        alerts.snooze(alert, by=user, until=until, reason="fair", today=DAY)
        run_day(until)
        with pytest.raises(ValidationError):
            alerts.undo(alert, by=user, now=timezone.now())

    def test_is_refused_when_another_alert_was_opened_meanwhile(self, alert: Alert, user: User) -> None:
        alerts.resolve(alert, by=user, outcome=Alert.Outcome.FALSE, today=DAY)
        Alert.objects.create(
            account=alert.account, signal=SIGNAL, opened_on=DAY, judged_on=DAY, level=0.8, sentence="again"
        )
        with pytest.raises(ValidationError):
            alerts.undo(alert, by=user, now=timezone.now())
        alert.refresh_from_db()
        assert alert.state == "resolved"


class TestBudget:
    def make(self, priority: int, account: Account) -> Alert:
        return Alert.objects.create(
            account=account,
            signal=f"signal-{priority}",
            opened_on=DAY,
            judged_on=DAY,
            level=0.8,
            sentence="s",
            priority=priority,
        )

    def test_five_a_week_are_shown_those_worth_most(self, account: Account) -> None:
        for priority in (3, 7, 1, 5, 6, 2, 4):
            self.make(priority, account)
        alarm_budgets.release_within_budget(DAY)
        shown = Alert.objects.wanting_attention().values_list("priority", flat=True)
        assert [int(priority) for priority in shown] == [7, 6, 5, 4, 3]
        assert [int(alert.priority) for alert in Alert.objects.waiting()] == [2, 1]

    def test_the_others_follow_when_the_week_is_over(self, account: Account) -> None:
        for priority in range(7):
            self.make(priority, account)
        alarm_budgets.release_within_budget(DAY)
        alarm_budgets.release_within_budget(DAY + dt.timedelta(days=6))
        assert Alert.objects.waiting().count() == 2
        alarm_budgets.release_within_budget(DAY + dt.timedelta(days=7))
        assert Alert.objects.waiting().count() == 0

    def test_each_manager_has_an_own_budget(self, account: Account) -> None:
        other = Account.objects.get(pk=make_portfolio(accounts=2, orders=0, contacts=0)[1])
        for priority in range(6):
            self.make(priority, account)
            self.make(priority, other)
        alarm_budgets.release_within_budget(DAY)
        assert Alert.objects.wanting_attention().count() == 10


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "snoozed"},
        {"snoozed_until": DAY},
        {"state": "faded"},
        {"closed_on": DAY},
        {"state": "resolved", "closed_on": DAY},
        {"outcome": "real"},
        {"cause": "competitor"},
        {"level": 1.5},
        {"state": "gone"},
    ],
)
def test_what_cannot_be_is_refused(account: Account, wrong: dict[str, object]) -> None:
    alert = Alert.objects.create(account=account, signal="s", opened_on=DAY, judged_on=DAY, level=0.8, sentence="s")
    with pytest.raises(IntegrityError), transaction.atomic():
        Alert.objects.filter(pk=alert.pk).update(**wrong)
