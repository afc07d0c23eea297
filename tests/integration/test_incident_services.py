"""Each act on an incident: what it writes, what it refuses, what it leaves in the trail, and how it is taken back."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from accounts_app.incident_history import changes_since, history_of
from accounts_app.models import OWN_FEED, AccountMark, Incident, IncidentPause, Role, User
from accounts_app.services import incidents
from accounts_app.services.incidents import ChangedMeanwhile
from tests.factories import AccountFactory, IncidentFactory, UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 30, 8, 0, tzinfo=UTC)
TODAY = date(2026, 6, 30)
DAY = timedelta(days=1)


@pytest.fixture
def clerk() -> User:
    return UserFactory(name="Mia Sanz", role=Role.OPERATIONS)


@pytest.fixture
def incident() -> Incident:
    return IncidentFactory(opened_at=NOW - 10 * DAY)


def logged(by: User, **said: Any) -> Incident:
    usual = {"account": AccountFactory(), "title": " Seal kit short ", "kind": "delivery", "severity": "minor"}
    return incidents.log(**{**usual, "by": by, "now": NOW, "today": TODAY, **said})


def pause(incident: Incident, by: User, version: int = 1, at: datetime = NOW) -> None:
    incidents.pause(incident, version=version, by=by, reason="waiting for the customer", now=at)


def resolve(incident: Incident, by: User, version: int = 1, **said: Any) -> None:
    usual = {"resolution": "kit sent", "now": NOW, "today": TODAY}
    incidents.resolve(incident, version=version, by=by, **{**usual, **said})


def state(incident: Incident) -> dict[str, Any]:
    row = Incident.objects.get(pk=incident.pk)
    return {name: getattr(row, name) for name in incidents.KEPT}


# Logging


def test_a_logged_incident_is_open_from_now_and_known_from_today(clerk: User) -> None:
    incident = logged(clerk)
    incident.refresh_from_db()
    assert (incident.title, incident.opened_at, incident.known_on) == ("Seal kit short", NOW, TODAY)
    assert (incident.feed.name, incident.version, incident.is_open) == (OWN_FEED, 1, True)
    assert AccountMark.objects.filter(account=incident.account).exists()


def test_each_gets_a_number_of_its_own(clerk: User) -> None:
    numbers = [logged(clerk).number for _ in range(3)]
    assert len(set(numbers)) == 3
    assert all(number.startswith("V-") and len(number) >= 8 for number in numbers)


@pytest.mark.parametrize(
    ("opened_at", "is_taken"),
    [
        (NOW, True),
        (NOW + timedelta(seconds=1), False),
        (NOW - 400 * DAY, True),
        (datetime(1999, 12, 31, 23, 59, tzinfo=UTC), False),
        (datetime(1, 1, 1, tzinfo=UTC), False),
    ],
)
def test_it_may_have_opened_earlier_but_not_later(clerk: User, opened_at: datetime, is_taken: bool) -> None:
    if is_taken:
        assert logged(clerk, opened_at=opened_at).opened_at == opened_at
        return
    with pytest.raises(ValidationError) as refusal:
        logged(clerk, opened_at=opened_at)
    assert list(refusal.value.message_dict) == ["opened_at"]
    assert not Incident.objects.exists()


# What every act has in common

ACTS: dict[str, Callable[[Incident, User, int], None]] = {
    "acknowledge": lambda row, by, version: incidents.acknowledge(row, version=version, by=by, now=NOW),
    "pause": pause,
    "resume": lambda row, by, version: incidents.resume(row, version=version, by=by, now=NOW),
    "update": lambda row, by, version: incidents.update(row, version=version, by=by, changes={"severity": "major"}),
    "resolve": resolve,
    "reopen": lambda row, by, version: incidents.reopen(row, version=version, by=by),
}


def ready_for(verb: str, incident: Incident) -> int:
    """Bring the incident where the act is possible, and return its version."""
    if verb == "resume":
        IncidentPause.objects.create(incident=incident, from_at=NOW - DAY, reason="waiting")
    if verb == "reopen":
        Incident.objects.update(resolved_at=NOW, resolved_known_on=TODAY, resolution="sent")
    return Incident.objects.get(pk=incident.pk).version


@pytest.mark.parametrize("verb", ACTS)
def test_an_act_counts_one_version_marks_the_account_and_names_who_did_it(
    verb: str, incident: Incident, clerk: User
) -> None:
    version = ready_for(verb, incident)
    AccountMark.objects.all().delete()
    ACTS[verb](incident, clerk, version)
    assert Incident.objects.get(pk=incident.pk).version == version + 1
    assert AccountMark.objects.filter(account=incident.account).exists()
    latest = history_of(incident)[0]
    assert (latest.by, latest.version) == ("M. Sanz", version + 1)


@pytest.mark.parametrize("verb", ACTS)
def test_an_act_on_an_older_version_writes_nothing(verb: str, incident: Incident, clerk: User) -> None:
    version = ready_for(verb, incident)
    Incident.objects.update(note="somebody else's")
    before, pauses = state(incident), list(IncidentPause.objects.values())
    with pytest.raises(ChangedMeanwhile):
        ACTS[verb](incident, clerk, version)
    assert state(incident) == before
    assert list(IncidentPause.objects.values()) == pauses


# One by one


def test_acknowledging_happens_once(incident: Incident, clerk: User) -> None:
    incidents.acknowledge(incident, version=1, by=clerk, now=NOW)
    assert state(incident)["acknowledged_at"] == NOW
    with pytest.raises(ValidationError, match="acknowledged already"):
        incidents.acknowledge(incident, version=2, by=clerk, now=NOW)


def test_a_pause_stands_until_it_is_resumed(incident: Incident, clerk: User) -> None:
    pause(incident, clerk)
    with pytest.raises(ValidationError, match="stands already"):
        pause(incident, clerk, 2)
    incidents.resume(incident, version=2, by=clerk, now=NOW + DAY)
    stood = IncidentPause.objects.get()
    assert (stood.from_at, stood.until_at, stood.reason) == (NOW, NOW + DAY, "waiting for the customer")
    with pytest.raises(ValidationError, match="no pause"):
        incidents.resume(incident, version=3, by=clerk, now=NOW + DAY)


def test_two_pauses_of_one_moment_do_not_overlap(incident: Incident, clerk: User) -> None:
    pause(incident, clerk)
    incidents.resume(incident, version=2, by=clerk, now=NOW)  # another server's clock may even be behind
    pause(incident, clerk, 3)
    first, second = IncidentPause.objects.order_by("pk")
    assert first.from_at < first.until_at == second.from_at  # type: ignore[operator]


@pytest.mark.parametrize("verb", ["acknowledge", "pause", "resume", "resolve"])
def test_what_is_resolved_must_first_be_reopened(verb: str, incident: Incident, clerk: User) -> None:
    ready_for("reopen", incident)
    with pytest.raises(ValidationError, match="reopen it first"):
        ACTS[verb](incident, clerk, 2)


def test_what_is_open_cannot_be_reopened(incident: Incident, clerk: User) -> None:
    with pytest.raises(ValidationError, match="It is open"):
        incidents.reopen(incident, version=1, by=clerk)


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("resolved_at", {"resolved_at": NOW + timedelta(seconds=1)}),
        ("resolved_at", {"resolved_at": NOW - 10 * DAY - timedelta(minutes=1)}),
        ("resolution", {"resolution": "  "}),
    ],
)
def test_a_resolution_that_cannot_be_is_refused_at_its_field(
    field: str, said: dict[str, Any], incident: Incident, clerk: User
) -> None:
    with pytest.raises(ValidationError) as refusal:
        resolve(incident, clerk, **said)
    assert list(refusal.value.message_dict) == [field]
    assert state(incident)["resolved_at"] is None


def test_within_the_minute_of_its_opening_it_is_resolved_at_once(clerk: User) -> None:
    incident = IncidentFactory(opened_at=NOW - DAY + timedelta(seconds=40))
    resolve(incident, clerk, resolved_at=NOW - DAY)
    assert state(incident)["resolved_at"] == incident.opened_at


def test_resolving_says_since_when_it_is_known_and_ends_the_pause(incident: Incident, clerk: User) -> None:
    pause(incident, clerk, at=NOW - DAY)
    resolve(incident, clerk, 2, resolved_at=NOW - 2 * DAY)
    now = state(incident)
    assert (now["resolved_at"], now["resolved_known_on"], now["resolution"]) == (NOW - 2 * DAY, TODAY, "kit sent")
    assert IncidentPause.objects.get().until_at == NOW


def test_an_update_writes_only_what_it_names(incident: Incident, clerk: User) -> None:
    incidents.update(incident, version=1, by=clerk, changes={"severity": "critical", "note": " two of five "})
    now = state(incident)
    assert (now["severity"], now["note"], now["title"]) == ("critical", "two of five", incident.title)


def test_the_clock_runs_on_over_a_reopening_and_leaves_every_pause_out(incident: Incident, clerk: User) -> None:
    def running(at: datetime) -> timedelta:
        row: Any = Incident.objects.with_clock(at).get()
        return row.running  # type: ignore[no-any-return]

    opened = incident.opened_at
    pause(incident, clerk, 1, at=opened + DAY)
    incidents.resume(incident, version=2, by=clerk, now=opened + 3 * DAY)
    resolve(incident, clerk, 3, now=opened + 5 * DAY)
    assert running(opened + 9 * DAY) == 3 * DAY
    incidents.reopen(incident, version=4, by=clerk)
    assert running(opened + 9 * DAY) == 7 * DAY
    pause(incident, clerk, 5, at=opened + 9 * DAY)
    assert running(opened + 20 * DAY) == 7 * DAY
    resolve(incident, clerk, 6, now=opened + 21 * DAY, resolved_at=opened + 8 * DAY)
    assert running(opened + 30 * DAY) == 6 * DAY


# Taking back


def test_undoing_a_resolution_brings_back_the_pause_it_ended(incident: Incident, clerk: User) -> None:
    pause(incident, clerk)
    resolve(incident, clerk, 2, now=NOW + DAY)
    incidents.undo(incident, version=3, by=clerk, now=NOW)
    now = state(incident)
    assert (now["resolved_at"], now["resolved_known_on"], now["resolution"]) == (None, None, "")
    assert IncidentPause.objects.get().until_at is None


def test_an_undone_pause_never_was(incident: Incident, clerk: User) -> None:
    pause(incident, clerk)
    incidents.undo(incident, version=2, by=clerk, now=NOW)
    assert not IncidentPause.objects.exists()
    assert Incident.objects.get().version == 3


def test_an_undone_update_brings_back_all_it_changed(incident: Incident, clerk: User) -> None:
    before = state(incident)
    incidents.update(incident, version=1, by=clerk, changes={"severity": "critical", "title": "other", "note": "x"})
    incidents.undo(incident, version=2, by=clerk, now=NOW)
    assert state(incident) == before


def test_an_undone_log_is_gone_but_for_its_trail(clerk: User) -> None:
    incident = logged(clerk)
    AccountMark.objects.all().delete()
    incidents.undo(incident, version=1, by=clerk, now=NOW)
    assert not Incident.objects.exists()
    assert AccountMark.objects.filter(account=incident.account).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pgh_label FROM accounts_app_incidentevent ORDER BY pgh_id")
        assert cursor.fetchall() == [("insert",), ("delete",)]


def test_only_ones_own_last_act_of_the_last_hour_is_undone_and_only_once(incident: Incident, clerk: User) -> None:
    def refused(by: User, version: int, now: datetime) -> bool:
        with pytest.raises(ValidationError, match="nothing of yours"):
            incidents.undo(incident, version=version, by=by, now=now)
        return True

    assert refused(clerk, 1, NOW)  # came with a file
    pause(incident, clerk)
    made_at = history_of(incident)[0].at
    assert refused(UserFactory(), 2, made_at)
    assert refused(clerk, 2, made_at + timedelta(hours=1, seconds=1))
    incidents.undo(incident, version=2, by=clerk, now=made_at + timedelta(hours=1))
    assert refused(clerk, 3, made_at)


def test_what_somebody_did_since_is_not_undone(incident: Incident, clerk: User) -> None:
    pause(incident, clerk)
    incidents.update(incident, version=2, by=UserFactory(), changes={"severity": "major"})
    with pytest.raises(ChangedMeanwhile):
        incidents.undo(incident, version=2, by=clerk, now=NOW)
    assert IncidentPause.objects.exists()


# The trail


def test_the_history_says_who_did_what(clerk: User) -> None:
    other = UserFactory(name="Jonas Okafor")
    incident = logged(clerk)
    incidents.acknowledge(incident, version=1, by=other, now=NOW)
    pause(incident, clerk, 2)
    incidents.update(
        incident, version=3, by=clerk, changes={"severity": "major", "kind": "quality", "title": "Seals", "note": "n"}
    )
    resolve(incident, clerk, 4)
    incidents.reopen(incident, version=5, by=other)
    incidents.undo(incident, version=6, by=other, now=NOW)
    told = [(entry.by, entry.words) for entry in history_of(incident)]
    assert told[::-1] == [
        ("M. Sanz", ("Logged",)),
        ("J. Okafor", ("Acknowledged",)),
        ("M. Sanz", ("Paused: “waiting for the customer”",)),
        (
            "M. Sanz",
            (
                "Severity Minor → Major",
                "Kind Delivery → Quality",
                "Now called “Seals”, before “Seal kit short”",
                "Note: “n”",
            ),
        ),
        ("M. Sanz", ("Resolved 30\N{NO-BREAK SPACE}Jun 08:00: “kit sent”", "Clock running again")),
        ("J. Okafor", ("Reopened",)),
        (
            "J. Okafor",
            ("Took the last step back", "Resolved 30\N{NO-BREAK SPACE}Jun 08:00: “kit sent”"),
        ),
    ]
    assert [entry.version for entry in changes_since(incident, 5)] == [7, 6]


# Two at once


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_wins_and_the_other_is_told(clerk: User) -> None:
    incident = IncidentFactory(opened_at=NOW - DAY)
    other = UserFactory(name="Jonas Okafor")
    together = Barrier(2, timeout=20)

    def act(by: User, severity: str) -> str:
        try:
            together.wait()
            incidents.update(incident, version=1, by=by, changes={"severity": severity})
        except ChangedMeanwhile:
            return "told"
        else:
            return severity
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = [one.result() for one in (pool.submit(act, clerk, "major"), pool.submit(act, other, "critical"))]
    row = Incident.objects.get()
    assert sorted(answers, key="told".__eq__) == [row.severity, "told"]
    assert row.version == 2
