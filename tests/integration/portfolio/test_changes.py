"""What changed since the last visit, and when a visit is a new one."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db.models import F
from django.test import Client
from django.urls import reverse

from accounts_app.models import Account, Contact, Incident, Loss, Role, Team, User
from signals.models import Alert, Band, BandChange, PortfolioVisit, RiskDay, Standing
from signals.services.alerts import resolve
from signals.services.visits import AWAY, seen
from tests.factories import AccountFactory, ContactFactory, IncidentFactory, LossFactory, UserFactory
from tests.factories.judgement import AS_OF, judged
from tests.integration.portfolio.reading import page, spoken

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 30, 8, 0, tzinfo=UTC)
TODAY = NOW.date()
SINCE = NOW - timedelta(hours=24)
AFTER = NOW - timedelta(hours=2)
BEFORE = NOW - timedelta(hours=30)


@pytest.fixture
def away(leader: User) -> User:
    """The leader, who was last here yesterday at eight."""
    PortfolioVisit.objects.create(user=leader, seen_at=SINCE)
    return leader


def told(user: User, query: str = "") -> str:
    html = page(user, query)
    return spoken(html[html.index('id="changes"') : html.index('class="kpis"')]).replace(" ,", ",")


def changed(account: Account, band: Band, *, at: datetime = AFTER, risk: int = 44) -> None:
    BandChange.objects.create(account=account, at=at, from_band=band, from_risk=risk)


def test_a_visit_is_a_new_one_after_four_hours_away(leader: User) -> None:
    assert seen(leader, now=NOW) is None
    assert seen(leader, now=NOW + AWAY - timedelta(seconds=1)) is None
    last = NOW + AWAY - timedelta(seconds=1)
    assert seen(leader, now=last + AWAY) == last
    assert seen(leader, now=last + AWAY + timedelta(minutes=30)) == last


def test_pressing_filters_prolongs_a_visit_and_tells_the_same(leader: User) -> None:
    PortfolioVisit.objects.create(user=leader, seen_at=SINCE)
    for hours in range(0, 9, 3):
        assert seen(leader, now=NOW + timedelta(hours=hours)) == SINCE


def test_the_first_visit_says_what_will_stand_here(leader: User, north: Team) -> None:
    judged(AccountFactory(team=north))
    assert "Nothing has changed in 30 days. From your next visit on" in told(leader)
    assert "From your next visit on" in told(leader)


def test_the_first_visit_is_told_of_30_days_by_the_days_of_the_facts(leader: User, north: Team) -> None:
    rose, left, steady = (AccountFactory(name=name, team=north) for name in ("Rose", "Left", "Steady"))
    judged(rose, Band.AT_RISK)
    judged(steady)
    for account, band in ((rose, Band.HEALTHY), (steady, Standing.objects.get(account=steady).band)):
        RiskDay.objects.create(
            account=account, day=TODAY - timedelta(days=32), band=band, risk=12, coverage=1, origin="history"
        )
    LossFactory(account=left, lost_on=TODAY - timedelta(days=9))
    LossFactory(account=steady, lost_on=TODAY - timedelta(days=40))
    words = told(leader)
    assert "In the last 30 days" in words
    assert "At risk 72 Rose was Healthy 12." in words
    assert "Left lost" in words
    assert "Steady" not in words


def test_nothing_new_is_one_quiet_line(away: User, north: Team) -> None:
    judged(AccountFactory(team=north))
    assert "Nothing has changed since yesterday 08:00." in told(away)


def test_a_band_that_changed_is_told_with_number_and_reason(away: User, north: Team) -> None:
    account = AccountFactory(name="Halvorsen", team=north)
    judged(account, Band.AT_RISK)
    changed(account, Band.DRIFTING)
    words = told(away)
    assert "Since your last visit yesterday 08:00" in words
    assert "At risk 72 Halvorsen was Drifting 44. No contact" in words
    assert "40 days" in words


def test_the_band_shown_then_counts_not_those_in_between(away: User, north: Team) -> None:
    back, through = AccountFactory(name="Back", team=north), AccountFactory(name="Through", team=north)
    judged(back, Band.DRIFTING)
    changed(back, Band.DRIFTING, at=AFTER)
    changed(back, Band.AT_RISK, at=AFTER + timedelta(minutes=5))
    judged(through, Band.AT_RISK)
    changed(through, Band.AT_RISK, at=BEFORE)
    changed(through, Band.HEALTHY, at=AFTER, risk=9)
    changed(through, Band.DRIFTING, at=AFTER + timedelta(minutes=5))
    words = told(away)
    assert "Through was Healthy 9." in words
    assert "Back" not in words


def test_unknown_is_told_without_a_number_on_either_side(away: User, north: Team) -> None:
    account = AccountFactory(name="Dark", team=north)
    judged(account, Band.UNKNOWN)
    changed(account, Band.HEALTHY, risk=9)
    assert "Unknown Dark was Healthy 9." in told(away)
    Standing.objects.update(band=Band.HEALTHY, band_rank=3, risk=8)
    BandChange.objects.update(from_band=Band.UNKNOWN)
    assert "Healthy 8 Dark was Unknown." in told(away)


def test_a_trigger_keeps_what_every_writer_changes(north: Team) -> None:
    standing = judged(AccountFactory(team=north), Band.DRIFTING)
    Standing.objects.update(risk=F("risk") + 1)
    assert not BandChange.objects.exists()
    Standing.objects.update(band=Band.AT_RISK, risk=71)
    kept = BandChange.objects.get()
    assert (kept.account_id, kept.from_band, kept.from_risk) == (standing.pk, "drifting", 45)


def test_alerts_opened_and_closed_are_counted_and_named(away: User, north: Team) -> None:
    accounts = [AccountFactory(name=f"Works {n}", team=north) for n in range(5)]
    for account, recorded_at in zip(accounts, [AFTER] * 4 + [BEFORE], strict=True):
        days = {"opened_on": AS_OF, "judged_on": AS_OF, "released_on": AS_OF}
        priority = 100 - accounts.index(account)
        Alert.objects.create(
            account=account, signal="silence", level=0.8, priority=priority, recorded_at=recorded_at, **days
        )
    judged(accounts[0])
    words = told(away)
    assert "4 alerts opened: Works 0 silence, Works 1 silence, Works 2 silence and 1 more." in words
    alert = Alert.objects.get(account=accounts[4])
    resolve(alert, by=away, outcome=Alert.Outcome.FALSE, today=AS_OF)
    assert Alert.objects.get(pk=alert.pk).closed_at is not None
    assert "1 alert closed: Works 4 silence" in told(away)
    Alert.objects.filter(pk=alert.pk).update(closed_at=BEFORE)
    assert "closed" not in told(away)


def test_an_alert_beyond_the_budget_is_not_told(away: User, north: Team) -> None:
    account = AccountFactory(team=north)
    judged(account)
    Alert.objects.create(
        account=account, signal="silence", level=0.8, opened_on=AS_OF, judged_on=AS_OF, recorded_at=AFTER
    )
    assert "Nothing has changed" in told(away)


def test_whoever_left_is_told_once(away: User, north: Team) -> None:
    account = AccountFactory(name="Brenner", team=north)
    judged(account)
    for name, known_on in (("Eva Lund", date(2026, 6, 30)), ("Old News", date(2026, 6, 28))):
        ContactFactory(
            account=account, name=name, left_on=date(2026, 6, 27), left_known_on=known_on, primary=True,
            recorded_at=BEFORE,
        )  # fmt: skip
    words = told(away)
    assert "Eva Lund, main contact, left Brenner on 27 Jun." in words
    assert "Old News" not in words


@pytest.mark.parametrize(("hour", "is_told"), [(7, False), (9, True)])
def test_on_the_day_of_the_visit_the_audit_trail_decides(away: User, north: Team, hour: int, *, is_told: bool) -> None:
    account = AccountFactory(name="Brenner", team=north)
    judged(account)
    person = ContactFactory(account=account, name="Eva Lund", recorded_at=BEFORE)
    day = SINCE.date()
    Contact.objects.filter(pk=person.pk).update(left_on=day, left_known_on=day)
    events = Contact.pgh_event_model.objects.filter(pgh_obj=person.pk)  # type: ignore[attr-defined]
    events.update(pgh_created_at=BEFORE)
    events.filter(left_on=day).update(pgh_created_at=SINCE.replace(hour=hour))
    assert ("Eva Lund left Brenner" in told(away)) == is_told


def test_incidents_that_passed_their_target_since_are_told(away: User, north: Team) -> None:
    account = AccountFactory(name="Brenner", team=north)
    judged(account)
    target = timedelta(days=account.tier.minor_days)
    for number, opened_at in (
        ("T-1", NOW - target - timedelta(hours=3)),
        ("T-2", NOW - target - timedelta(hours=25)),
        ("T-3", NOW - target + timedelta(hours=1)),
    ):
        IncidentFactory(account=account, number=number, title="Seal kit short", opened_at=opened_at)
    words = told(away)
    assert "Incident at Brenner T-1 Seal kit short: 3 h over its target." in words
    assert "T-2" not in words
    assert "T-3" not in words
    Incident.objects.update(resolved_at=NOW, resolved_known_on=NOW.date())
    assert "Nothing has changed" in told(away)


def test_losses_and_new_accounts_are_told(away: User, north: Team) -> None:
    lost = AccountFactory(name="Castellan", team=north, recorded_at=BEFORE)
    judged(lost)
    LossFactory(
        account=lost, lost_on=date(2026, 6, 20), known_on=AS_OF, recorded_at=AFTER, reason=Loss.Reason.COMPETITOR,
        part="Spare parts", went_to="Rival AG",
    )  # fmt: skip
    history = {"lost_on": date(2025, 6, 20), "known_on": date(2025, 6, 20), "recorded_at": AFTER}
    LossFactory(account=lost, part="Old loss", **history)
    AccountFactory(name="Newcomer", team=north, recorded_at=AFTER, known_on=AS_OF)
    AccountFactory(name="Imported past", team=north, recorded_at=AFTER)
    words = told(away)
    assert "Castellan Spare parts lost to Rival AG on 20 Jun: competitor." in words
    assert "1 new account: Newcomer" in words
    assert "Old loss" not in words
    assert "Imported past" not in words


def test_only_the_own_scope_is_told(away: User, north: Team) -> None:
    judged(AccountFactory(team=north))
    foreign = AccountFactory(name="Foreign Works", recorded_at=AFTER, known_on=AS_OF)
    judged(foreign, Band.AT_RISK)
    changed(foreign, Band.HEALTHY)
    IncidentFactory(account=foreign, opened_at=NOW - timedelta(days=foreign.tier.minor_days, hours=1))
    LossFactory(account=foreign, known_on=AS_OF, recorded_at=AFTER)
    ContactFactory(account=foreign, left_on=AS_OF, left_known_on=AS_OF, recorded_at=BEFORE)
    Alert.objects.create(
        account=foreign, signal="silence", level=0.8, opened_on=AS_OF, judged_on=AS_OF, released_on=AS_OF,
        recorded_at=AFTER,
    )  # fmt: skip
    assert "Nothing has changed" in told(away)
    assert "Nothing has changed" in told(away, "?whose=all")


def test_the_worst_comes_first_and_the_rest_on_demand(away: User, north: Team) -> None:
    for n in range(6):
        account = AccountFactory(name=f"Worse {n}", team=north)
        judged(account, Band.AT_RISK, revenue=1000 * (9 - n))
        changed(account, Band.DRIFTING)
    better = AccountFactory(name="Better", team=north)
    judged(better, Band.HEALTHY)
    changed(better, Band.AT_RISK)
    ContactFactory(account=better, name="Eva Lund", left_on=AS_OF, left_known_on=AS_OF, recorded_at=BEFORE)
    words = told(away)
    first, rest = words.split("4 more")
    assert [word for word in first.split() if word.isdigit() and len(word) == 1] == ["0", "1", "2", "3"]
    assert rest.index("Worse 5") < rest.index("Eva Lund") < rest.index("Better")


def test_read_news_is_told_no_more(away: User, north: Team) -> None:
    account = AccountFactory(name="Halvorsen", team=north)
    judged(account, Band.AT_RISK)
    changed(account, Band.DRIFTING)
    assert "Halvorsen" in told(away)
    client = Client()
    client.force_login(away)
    url = reverse("signals:changes_read")
    assert client.get(url).status_code == 405
    fragment = client.post(url, headers={"HX-Request": "true"}).content.decode()
    assert fragment.lstrip().startswith('<section class="changes changes--none" id="changes"')
    assert "Nothing has changed since today 08:00." in spoken(fragment)
    with time_machine.travel(NOW + timedelta(minutes=30), tick=False):
        assert "Nothing has changed since today 08:00." in told(away)
    assert client.post(url).status_code == 302


def test_who_may_mark_them_read() -> None:
    url = reverse("signals:changes_read")
    assert Client().post(url).status_code == 302
    client = Client()
    client.force_login(UserFactory(role=Role.OPERATIONS))
    assert client.post(url).status_code == 403
