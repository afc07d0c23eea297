"""What must always hold in the data, on both sides of each line."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts_app.models import (
    Account,
    AccountMark,
    Company,
    ExchangeRate,
    Incident,
    Interaction,
    Link,
    Ownership,
    Tier,
)
from accounts_app.services.ownership import assign
from tests.factories import (
    AccountFactory,
    ColleagueFactory,
    ContactFactory,
    FeedFactory,
    IncidentFactory,
    InteractionFactory,
    OrderFactory,
    QuietPeriodFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 2)
NEXT = DAY + timedelta(days=1)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("factory", "values", "constraint"),
    [
        (ContactFactory, {"since": NEXT, "left_on": DAY, "left_known_on": DAY}, "contact_left_after_since"),
        (ContactFactory, {"left_on": DAY}, "contact_left_known"),
        (ContactFactory, {"level": "boss"}, "contact_level_known"),
        (InteractionFactory, {"state": "planned"}, "interaction_days_fit_state"),
        (InteractionFactory, {"happened_on": None, "happened_known_on": None}, "interaction_days_fit_state"),
        (InteractionFactory, {"tone": 2}, "interaction_tone_in_range"),
        (InteractionFactory, {"state": "voided"}, "interaction_void_has_reason"),
        (InteractionFactory, {"initiator": "both"}, "interaction_initiator_known"),
        (
            IncidentFactory,
            {"opened_at": NOON, "resolved_at": NOON - timedelta(1), "resolved_known_on": DAY},
            "incident_resolved_after_opened",
        ),
        (IncidentFactory, {"resolved_at": NOON}, "incident_resolved_known"),
        (IncidentFactory, {"severity": "bad"}, "incident_severity_known"),
        (OrderFactory, {"currency": "eur"}, "order_currency_code"),
        (QuietPeriodFactory, {"from_day": NEXT, "until_day": DAY}, "quiet_period_forward"),
        (AccountFactory, {"own_ideal_days": 30}, "account_own_interval_whole"),
        (
            AccountFactory,
            {"own_ideal_days": 30, "own_max_days": 20, "own_interval_reason": "x"},
            "account_own_interval_whole",
        ),
        (UserFactory, {"email": "Big@example.test"}, "user_email_lower_case"),
        (UserFactory, {"role": "king"}, "user_role_known"),
    ],
)
def test_a_row_that_cannot_be_is_refused(factory: Any, values: dict[str, Any], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        factory(**values)


@pytest.mark.parametrize(
    ("factory", "values"),
    [
        (ContactFactory, {"since": DAY, "left_on": DAY, "left_known_on": NEXT}),
        (InteractionFactory, {"state": "planned", "planned_on": NEXT, "happened_on": None, "happened_known_on": None}),
        (InteractionFactory, {"tone": -1}),
        (InteractionFactory, {"state": "voided", "void_reason": "logged twice"}),
        (IncidentFactory, {"opened_at": NOON, "resolved_at": NOON, "resolved_known_on": DAY}),
        (OrderFactory, {"amount": -20}),
        (QuietPeriodFactory, {"from_day": DAY, "until_day": DAY}),
        (AccountFactory, {"own_ideal_days": 30, "own_max_days": 30, "own_interval_reason": "asked for monthly visits"}),
    ],
)
def test_the_other_side_of_the_line_is_kept(factory: Any, values: dict[str, Any]) -> None:
    assert factory(**values).pk


@pytest.mark.parametrize(
    "factory", [OrderFactory, ContactFactory, IncidentFactory, InteractionFactory, QuietPeriodFactory]
)
def test_an_external_key_names_one_row_of_a_feed(factory: Any) -> None:
    factory(external_key="7")
    with pytest.raises(IntegrityError, match="key_once"), transaction.atomic():
        factory(external_key="7")
    assert factory(external_key="7", feed=FeedFactory(name="another")).pk


def test_a_quiet_period_is_of_one_thing() -> None:
    with pytest.raises(IntegrityError, match="quiet_period_of_account_or_country"):
        QuietPeriodFactory(account=AccountFactory(), country="Sweden")


def test_a_link_is_recorded_once() -> None:
    contact, colleague = ContactFactory(), ColleagueFactory()
    values = {"contact": contact, "colleague": colleague, "feed": FeedFactory()}
    Link.objects.create(external_key="1", **values)
    with pytest.raises(IntegrityError, match="link_once"):
        Link.objects.create(external_key="2", **values)


def test_paused_spans_do_not_overlap() -> None:
    incident = IncidentFactory(opened_at=NOON)
    incident.pauses.create(from_at=NOON, until_at=NOON + timedelta(hours=2), reason="waiting for a part")
    incident.pauses.create(from_at=NOON + timedelta(hours=2), reason="waiting for the customer")
    with pytest.raises(IntegrityError, match="incident_pauses_apart"):
        incident.pauses.create(from_at=NOON + timedelta(hours=5), reason="again")


def test_the_clock_stands_still_while_paused() -> None:
    incident: Incident = IncidentFactory(opened_at=NOON)
    incident.pauses.create(from_at=NOON + timedelta(hours=1), until_at=NOON + timedelta(hours=3), reason="part")
    incident.pauses.create(from_at=NOON + timedelta(hours=4), reason="customer")
    clocked = Incident.objects.with_clock(NOON + timedelta(hours=9)).get(pk=incident.pk)
    assert vars(clocked)["running"] == timedelta(hours=2)


def test_the_company_is_one() -> None:
    with pytest.raises(IntegrityError, match="company_is_one"):
        Company.objects.create(pk=2)


def test_a_rate_is_positive() -> None:
    with pytest.raises(IntegrityError, match="rate_positive"):
        ExchangeRate.objects.create(currency="SEK", valid_on=DAY, rate=0)


def test_tier_intervals_are_ordered() -> None:
    with pytest.raises(IntegrityError, match="tier_intervals_ordered"):
        Tier.objects.filter(key="key").update(ideal_days=61)


def test_ownership_history_has_no_overlap() -> None:
    account, anna, ben = AccountFactory(), UserFactory(), UserFactory()
    assign(account=account, duty=Ownership.Duty.OWNER, user=anna, on=DAY)
    assign(account=account, duty=Ownership.Duty.OWNER, user=ben, on=NEXT)
    spans = list(account.ownerships.order_by("from_day").values_list("user", "from_day", "until_day", "until_known_on"))
    assert spans == [(anna.pk, DAY, NEXT, NEXT), (ben.pk, NEXT, None, None)]
    assert Account.objects.get(pk=account.pk).owner == ben
    with pytest.raises(IntegrityError, match="ownership_one_at_a_time"):
        Ownership.objects.create(account=account, user=anna, from_day=NEXT, feed=FeedFactory(), external_key="late")


def test_an_assignment_marks_the_account_and_leaves_a_trail() -> None:
    account, anna = AccountFactory(), UserFactory()
    assign(account=account, duty=Ownership.Duty.OWNER, user=anna, on=DAY)
    assert AccountMark.objects.filter(account=account).exists()
    events = apps_model("AccountEvent").objects.filter(pgh_obj_id=account.pk).order_by("pgh_id")
    assert [event.owner_id for event in events] == [None, anna.pk]


def test_a_vacancy_ends_the_ownership() -> None:
    account, anna = AccountFactory(), UserFactory()
    assign(account=account, duty=Ownership.Duty.OWNER, user=anna, on=DAY)
    assign(account=account, duty=Ownership.Duty.OWNER, user=None, on=NEXT)
    assert Account.objects.get(pk=account.pk).owner is None
    assert account.ownerships.get().until_day == NEXT


def test_names_sort_without_accents() -> None:
    for name in ("Zeta", "Ärzte", "Beta", "ångström", "Éclair"):
        AccountFactory(name=name)
    assert list(Account.objects.values_list("name", flat=True)) == ["ångström", "Ärzte", "Beta", "Éclair", "Zeta"]


def test_raw_sql_leaves_a_trail_too() -> None:
    tier = Tier.objects.get(key="other")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_app_tier SET max_days = 300 WHERE id = %s", [tier.pk])
    assert apps_model("TierEvent").objects.filter(pgh_obj_id=tier.pk, pgh_label="update", max_days=300).exists()


def apps_model(name: str) -> Any:
    from django.apps import apps

    return apps.get_model("accounts_app", name)


@pytest.mark.parametrize(
    ("values", "proactive"),
    [
        ({}, True),
        ({"purpose": "review"}, True),
        ({"purpose": "order"}, False),
        ({"initiator": "them"}, False),
        ({"state": "attempted"}, False),
    ],
)
def test_what_counts_as_proactive(values: dict[str, Any], proactive: bool) -> None:
    interaction: Interaction = InteractionFactory(**values)
    assert interaction.is_proactive is proactive
