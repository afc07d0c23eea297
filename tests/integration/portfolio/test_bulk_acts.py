"""What an act on many accounts writes, all of it or nothing, and what an undo brings back."""

import threading
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from accounts_app.models import Account, Interaction, Ownership, Role, Team, Tier, User
from accounts_app.services.ownership import assign
from signals.models import Alert, AlertAction, BulkAct
from signals.pages.portfolio.forms import BulkOwnerForm
from signals.services import bulk_acts
from signals.services.alerts import acknowledge
from tests.factories import AccountFactory, ColleagueFactory, PromiseFactory, UserFactory
from tests.factories.judgement import AS_OF

pytestmark = pytest.mark.django_db
# The moment an act is dated with is the database's: these tests undo it as of then.
TODAY = AS_OF


@pytest.fixture
def heir(north: Team) -> User:
    return UserFactory(name="Tara Iyer", teams=[north])


@pytest.fixture
def two(north: Team, manager: User) -> list[Account]:
    accounts = [AccountFactory(name=f"Works {n}", team=north) for n in range(2)]
    for account in accounts:
        assign(account=account, duty=Ownership.Duty.OWNER, user=manager, on=date(2025, 1, 1))
    return accounts


def alert_of(account: Account, signal: str = "silence", **fields: object) -> Alert:
    days = {"opened_on": AS_OF, "judged_on": AS_OF, "released_on": AS_OF}
    return Alert.objects.create(account=account, signal=signal, level=0.8, **days | fields)


def pks(accounts: list[Account]) -> list[int]:
    return [account.pk for account in accounts]


def undo(act: BulkAct, by: User, **options: bool) -> bulk_acts.Undone:
    return bulk_acts.undo(act, by=by, now=act.at, today=TODAY, **options)


def spans(account: Account) -> list[tuple[str, date, date | None]]:
    rows = Ownership.objects.filter(account=account).order_by("duty", "from_day", "pk")
    return [(row.user.name, row.from_day, row.until_day) for row in rows]


def test_an_owner_taken_back_leaves_no_trace_in_the_history(two: list[Account], leader: User, heir: User) -> None:
    before = [spans(account) for account in two]
    act = bulk_acts.change_owner(pks(two), by=leader, owner=heir, today=TODAY)
    assert spans(two[0]) == [("Jonas Okafor", date(2025, 1, 1), TODAY), ("Tara Iyer", TODAY, None)]
    assert undo(act, leader) == bulk_acts.Undone(2, set())
    assert [spans(account) for account in two] == before


def test_a_deputy_who_becomes_owner_is_deputy_no_longer_and_again_after_an_undo(
    two: list[Account], leader: User, manager: User, heir: User
) -> None:
    assign(account=two[0], duty=Ownership.Duty.DEPUTY, user=heir, on=date(2025, 1, 1))
    act = bulk_acts.change_owner(pks(two), by=leader, owner=heir, today=TODAY)
    two[0].refresh_from_db()
    assert (two[0].owner, two[0].deputy) == (heir, None)
    undo(act, leader)
    two[0].refresh_from_db()
    assert (two[0].owner, two[0].deputy) == (manager, heir)


def test_only_who_assigns_may_change_an_owner(two: list[Account], manager: User, heir: User) -> None:
    with pytest.raises(PermissionDenied):
        bulk_acts.change_owner(pks(two), by=manager, owner=heir, today=TODAY)


def test_what_is_as_wanted_already_is_no_part_of_the_act(two: list[Account], leader: User, manager: User) -> None:
    act = bulk_acts.change_owner(pks(two), by=leader, owner=manager, today=TODAY)
    assert act.items == []
    with pytest.raises(ValidationError):
        undo(act, leader)


def test_a_failure_half_way_leaves_nothing(
    two: list[Account], leader: User, heir: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def second_fails(**values: object) -> None:
        if values["account"] == two[1]:
            raise ConnectionError
        assign(**values)  # type: ignore[arg-type]

    monkeypatch.setattr(bulk_acts, "assign", second_fails)
    with pytest.raises(ConnectionError):
        bulk_acts.change_owner(pks(two), by=leader, owner=heir, today=TODAY)
    assert not heir.owned_accounts.exists()
    assert not BulkAct.objects.exists()


def test_snooze_puts_aside_what_is_open_and_an_undo_wakes_it(two: list[Account], manager: User) -> None:
    opened, seen = alert_of(two[0]), alert_of(two[1])
    acknowledge(seen, by=manager)
    closed = alert_of(two[1], "order_rhythm", state="resolved", outcome="false", closed_on=AS_OF)
    until = TODAY + timedelta(days=14)
    act = bulk_acts.snooze(pks(two), by=manager, until=until, reason="plant closed", today=TODAY)
    assert set(Alert.objects.filter(state="snoozed", snoozed_until=until)) == {opened, seen}
    assert AlertAction.objects.filter(kind="snooze", reason="plant closed", by=manager).count() == 2
    undo(act, manager)
    states = dict(Alert.objects.values_list("pk", "state"))
    assert states == {opened.pk: "open", seen.pk: "acknowledged", closed.pk: "resolved"}


def test_an_alert_that_was_acted_upon_since_stays(two: list[Account], manager: User) -> None:
    alerts = [alert_of(account) for account in two]
    act = bulk_acts.snooze(pks(two), by=manager, until=TODAY + timedelta(days=9), reason="fair", today=TODAY)
    acknowledge(alerts[0], by=manager)
    with pytest.raises(bulk_acts.ChangedSinceError) as refused:
        undo(act, manager)
    assert refused.value.accounts == {two[0].pk}
    assert Alert.objects.filter(state="snoozed").count() == 1
    assert bulk_acts.changed_since(act, by=manager, now=act.at, today=TODAY) == {two[0].pk}
    assert Alert.objects.filter(state="snoozed").count() == 1
    assert undo(act, manager, only_unchanged=True) == bulk_acts.Undone(1, {two[0].pk})
    assert set(Alert.objects.values_list("state", flat=True)) == {"acknowledged", "open"}


def test_a_plan_taken_back_is_voided_and_one_that_was_moved_stays(two: list[Account], manager: User) -> None:
    act = bulk_acts.plan(
        pks(two), by=manager, today=TODAY, planned_on=TODAY + timedelta(days=3), channel="visit", purpose="review"
    )
    moved = Interaction.objects.get(account=two[1])
    Interaction.objects.filter(pk=moved.pk).update(planned_on=TODAY + timedelta(days=5))
    undone = undo(act, manager, only_unchanged=True)
    assert undone == bulk_acts.Undone(1, {two[1].pk})
    assert dict(Interaction.objects.values_list("account", "state")) == {two[0].pk: "voided", two[1].pk: "planned"}


def test_an_account_that_is_no_longer_one_s_own_is_not_touched(two: list[Account], leader: User, north: Team) -> None:
    act = bulk_acts.change_tier(pks(two), by=leader, tier=Tier.objects.get(key="other"))
    Account.objects.filter(pk=two[0].pk).update(team=None)
    assert undo(act, leader, only_unchanged=True) == bulk_acts.Undone(1, {two[0].pk})
    two[0].refresh_from_db()
    assert two[0].tier.key == "other"


def test_an_undo_holds_for_a_day(two: list[Account], leader: User) -> None:
    act = bulk_acts.change_tier(pks(two), by=leader, tier=Tier.objects.get(key="other"))
    late = act.at + BulkAct.UNDO_WITHIN + timedelta(microseconds=1)
    with pytest.raises(ValidationError):
        bulk_acts.undo(act, by=leader, now=late, today=TODAY)
    assert bulk_acts.undo(act, by=leader, now=late - timedelta(microseconds=1), today=TODAY).back == 2


def test_somebody_else_s_act_is_not_undone(two: list[Account], leader: User, north: Team) -> None:
    act = bulk_acts.change_tier(pks(two), by=leader, tier=Tier.objects.get(key="other"))
    with pytest.raises(PermissionDenied):
        undo(act, UserFactory(role=Role.SALES_LEADER, teams=[north]))


@pytest.mark.django_db(transaction=True)
def test_the_same_undo_twice_at_once_counts_once(two: list[Account], leader: User) -> None:
    act = bulk_acts.change_tier(pks(two), by=leader, tier=Tier.objects.get(key="other"))
    start = threading.Barrier(2)
    ends: list[int | str] = []

    def press() -> None:
        try:
            start.wait(10)
            ends.append(bulk_acts.undo(act, by=leader, now=act.at, today=TODAY).back)
        except ValidationError:
            ends.append("refused")
        finally:
            connection.close()

    both = [threading.Thread(target=press) for _n in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(20)
    assert sorted(map(str, ends)) == ["2", "refused"]


@pytest.mark.django_db(transaction=True)
def test_two_acts_on_the_same_accounts_at_once_both_hold(two: list[Account], leader: User) -> None:
    """Whatever the order in which accounts were ticked, rows are locked in one order."""
    tiers = [Tier.objects.get(key=key) for key in ("other", "strategic")]
    start = threading.Barrier(2)
    failures: list[Exception] = []

    def act(tier: Tier, accounts: list[int]) -> None:
        try:
            start.wait(10)
            for _round in range(10):
                bulk_acts.change_tier(accounts, by=leader, tier=tier)
        except Exception as error:  # noqa: BLE001 (told to the test)
            failures.append(error)
        finally:
            connection.close()

    both = [
        threading.Thread(target=act, args=(tier, order))
        for tier, order in zip(tiers, (pks(two), pks(two)[::-1]), strict=True)
    ]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join(30)
    assert failures == []
    assert Account.objects.filter(pk__in=pks(two)).values("tier").distinct().count() == 1


def test_joint_visits_and_promises_come_along_and_go_back(
    two: list[Account], leader: User, manager: User, heir: User
) -> None:
    ours = [ColleagueFactory(name=user.name, user=user) for user in (manager, heir)]
    promise = PromiseFactory(account=two[0], by=manager)
    act = bulk_acts.change_owner(pks(two), by=leader, owner=heir, today=TODAY, visits_from=TODAY + timedelta(days=3))
    assert act.said.endswith("2 joint visits planned. 1 open promise went along.")
    visits = Interaction.objects.planned().filter(account__in=two)
    assert [set(visit.colleagues.all()) for visit in visits] == [set(ours)] * 2
    promise.refresh_from_db()
    assert promise.by == heir
    visits.filter(account=two[1]).update(planned_on=TODAY + timedelta(days=9))
    assert undo(act, leader) == bulk_acts.Undone(2, set())
    promise.refresh_from_db()
    assert promise.by == manager
    assert {one.account_id: one.state for one in Interaction.objects.filter(account__in=two)} == {
        two[0].pk: "voided", two[1].pk: "planned",
    }  # fmt: skip


def test_an_act_of_before_the_joint_visits_is_still_taken_back(two: list[Account], leader: User, heir: User) -> None:
    act = bulk_acts.change_owner(pks(two), by=leader, owner=heir, today=TODAY)
    act.items = [{name: one[name] for name in ("account", "before", "after", "was_deputy")} for one in act.items]
    act.save()
    assert undo(act, leader) == bulk_acts.Undone(2, set())


@pytest.mark.parametrize("day", [TODAY - timedelta(days=1), TODAY + timedelta(days=400), "soon"])
def test_a_first_visit_that_cannot_be_is_refused(day: object, two: list[Account], leader: User, heir: User) -> None:
    body = {"accounts": ",".join(map(str, pks(two))), "owner": heir.pk, "visits": "on", "visits_from": str(day)}
    form = BulkOwnerForm(body, by=leader, today=TODAY)
    assert form.perform() is None
    assert "visits_from" in form.errors
    assert BulkOwnerForm(body | {"visits": ""}, by=leader, today=TODAY).is_valid() is (day != "soon")
