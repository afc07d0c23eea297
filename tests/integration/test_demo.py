"""The simulated portfolio in PostgreSQL, loaded once for all tests here: what it holds and what following days add."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.db import connection, transaction
from django.db.models import Count, F, Max, Q, Sum
from django.test import RequestFactory

from accounts_app.demo import DEMO_LOGINS
from accounts_app.demo.clock import Clock
from accounts_app.demo.load import extend, load
from accounts_app.demo.reveal import known
from accounts_app.demo.world import simulate
from accounts_app.models import (
    Absence,
    Account,
    AccountMark,
    ChangeEvent,
    Company,
    Contact,
    Contract,
    ExchangeRate,
    FeedKind,
    Incident,
    Inquiry,
    Interaction,
    Loss,
    Order,
    OrderLine,
    Ownership,
    QuietPeriod,
    Role,
    SurveyAnswer,
    User,
)

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]

ANCHOR = dt.date(2026, 11, 22)
# Every simulated row without the numbers the database gave it: what it is, by what it refers to.
TABLES = {
    "quiet": "SELECT external_key, known_on, country, from_day, until_day, reason FROM accounts_app_quietperiod",
    "contacts": """SELECT c.external_key, c.known_on, c.name, c.since, c.left_on, c.left_known_on, s.external_key
        FROM accounts_app_contact c LEFT JOIN accounts_app_contact s ON s.id = c.successor_id""",
    "orders": "SELECT external_key, known_on, ordered_on, amount, reporting_amount FROM accounts_app_order",
    "lines": """SELECT o.external_key, l.position, l.product_code, l.amount
        FROM accounts_app_orderline l JOIN accounts_app_order o ON o.id = l.order_id""",
    "incidents": """SELECT external_key, known_on, opened_at, acknowledged_at, resolved_at, resolved_known_on
        FROM accounts_app_incident""",
    "pauses": """SELECT i.external_key, p.from_at, p.until_at
        FROM accounts_app_incidentpause p JOIN accounts_app_incident i ON i.id = p.incident_id""",
    "interactions": """SELECT external_key, known_on, state, planned_on, happened_on, happened_known_on, tone, note
        FROM accounts_app_interaction""",
    "met": """SELECT i.external_key, c.external_key FROM accounts_app_interaction_contacts m
        JOIN accounts_app_interaction i ON i.id = m.interaction_id
        JOIN accounts_app_contact c ON c.id = m.contact_id""",
    "took_part": """SELECT i.external_key, c.external_key FROM accounts_app_interaction_colleagues m
        JOIN accounts_app_interaction i ON i.id = m.interaction_id
        JOIN accounts_app_colleague c ON c.id = m.colleague_id""",
    "leaving": "SELECT external_key, leaving_on, leaving_known_on FROM accounts_app_contact",
    "inquiries": """SELECT external_key, known_on, kind, outcome, decided_on, decided_known_on, awarded_to, amount
        FROM accounts_app_inquiry""",
    "contracts": """SELECT external_key, known_on, starts_on, ends_on, notice_received_on, annual_value
        FROM accounts_app_contract""",
    "events": "SELECT external_key, known_on, kind, happened_on, title FROM accounts_app_changeevent",
    "surveys": """SELECT s.external_key, s.known_on, s.asked_on, s.answered_on, s.score, c.external_key
        FROM accounts_app_surveyanswer s LEFT JOIN accounts_app_contact c ON c.id = s.contact_id""",
    "losses": "SELECT external_key, known_on, lost_on, reason, annual_amount FROM accounts_app_loss",
    "absences": "SELECT external_key, known_on, from_day, until_day FROM accounts_app_absence",
    "links": "SELECT external_key, known_on, strength FROM accounts_app_link",
    "feeds": """SELECT f.name, k.source, k.complete_to FROM accounts_app_feedkind k
        JOIN accounts_app_feed f ON f.id = k.feed_id""",
}


def _everything() -> dict[str, Counter[tuple[Any, ...]]]:
    with connection.cursor() as cursor:
        rows = {}
        for name, statement in TABLES.items():
            cursor.execute(statement)
            rows[name] = Counter(cursor.fetchall())
        return rows


def _after(steps: list[int]) -> dict[str, Counter[tuple[Any, ...]]]:
    """Extend by so many days each, look, and take it all back."""
    with transaction.atomic():
        day = ANCHOR
        for step in steps:
            day += dt.timedelta(days=step)
            extend(day)
        rows = _everything()
        transaction.set_rollback(True)
    return rows


@pytest.fixture(scope="module", autouse=True)
def _loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Load once, around the transactions of all tests of this module, and take it back after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        load(ANCHOR)
        yield
        transaction.set_rollback(True)


def test_load_writes_what_is_known_on_the_day_of_loading() -> None:
    world = simulate(ANCHOR)
    orders = known(world.orders, ANCHOR)
    assert Order.objects.count() == len(orders) > 4000
    assert Order.objects.aggregate(all=Sum("reporting_amount"))["all"] == sum(row.reporting_amount for row in orders)
    assert OrderLine.objects.count() == sum(len(row.lines) for row in orders)
    assert Contact.objects.count() == len(known(world.contacts, ANCHOR))
    assert Incident.objects.count() == len(known(world.incidents, ANCHOR))
    assert Interaction.objects.count() == len(known(world.interactions, ANCHOR))
    assert Inquiry.objects.count() == len(known(world.inquiries, ANCHOR)) > 1000
    assert Contract.objects.count() == len(known(world.contracts, ANCHOR)) > 60
    assert ChangeEvent.objects.count() == len(known(world.events, ANCHOR)) > 80
    assert SurveyAnswer.objects.count() == len(known(world.surveys, ANCHOR)) > 500
    assert Loss.objects.count() == len(known(world.losses, ANCHOR)) >= 6
    assert Absence.objects.count() == len(known(world.absences, ANCHOR)) > 100
    assert Incident.objects.open().exists()
    planned_ahead = Interaction.objects.planned().filter(planned_on__gt=ANCHOR).values("account").distinct()
    assert planned_ahead.count() >= 30


def test_load_makes_a_company_with_people_accounts_and_feeds() -> None:
    company = Company.the()
    assert (company.simulated, company.demo_anchor, company.currency) == (True, ANCHOR, "EUR")
    assert set(ExchangeRate.objects.values_list("currency", "source")) == {
        (code, "Simulated") for code in ("CHF", "GBP", "PLN", "SEK", "USD")
    }
    tiers = dict(Account.objects.values_list("tier__key").annotate(Count("pk")))
    assert tiers == {"strategic": 8, "key": 24, "significant": 40, "other": 48}
    assert Account.objects.exclude(parent=None).count() == 5
    assert Ownership.objects.exclude(until_day=None).exists()
    owners = Ownership.objects.filter(duty="owner", until_day=None)
    assert owners.filter(user=F("account__owner")).count() == owners.count() == 119
    [vacant] = Account.objects.filter(owner=None)
    assert vacant.ownerships.filter(duty="owner", until_day__lt=ANCHOR).exists()
    assert set(Order.objects.values_list("currency", flat=True)) == {"EUR", "GBP", "SEK"}
    roles = dict(User.objects.filter(is_active=True).values_list("role").annotate(Count("pk")))
    assert roles == {
        Role.ACCOUNT_MANAGER: 12,
        Role.SALES_LEADER: 3,
        Role.OPERATIONS: 3,
        Role.ADMINISTRATOR: 1,
        Role.READ_ONLY: 1,
    }
    assert AccountMark.objects.count() == 120


def test_only_the_subsidiary_s_feed_is_stale() -> None:
    stale = {str(kind.feed.name) for kind in FeedKind.objects.select_related("feed") if kind.is_stale(ANCHOR)}
    assert stale == {"erp-iberia"}
    iberian = Account.objects.filter(keys__feed__name="erp-iberia")
    assert iberian.count() == 4
    assert not iberian.filter(keys__feed__name="erp").exists()
    last_order = iberian.aggregate(last=Max("orders__ordered_on"))["last"]
    assert last_order <= ANCHOR - dt.timedelta(days=150)


def test_pauses_and_closures_are_entered_as_quiet_periods() -> None:
    today = Q(from_day__lte=ANCHOR, until_day__gte=ANCHOR)
    own = QuietPeriod.objects.filter(today).exclude(account=None)
    assert own.count() >= 6
    assert not Order.objects.filter(
        account__in=own.values("account"), ordered_on__gte=own.order_by("-from_day")[0].from_day, amount__gt=0
    ).exists()
    assert QuietPeriod.objects.filter(account=None, country="").count() >= 4
    assert QuietPeriod.objects.filter(country="IT", from_day__month=8).count() >= 3


@pytest.mark.parametrize("login", DEMO_LOGINS, ids=lambda login: login.label)
def test_every_role_can_log_in(login: Any) -> None:
    user = authenticate(RequestFactory().post("/"), username=login.email, password=login.password)
    assert isinstance(user, User)
    assert str(user.get_role_display()) == login.label


def test_extending_in_steps_gives_what_one_step_gives() -> None:
    assert _after([45]) == _after([1, 4, 40])


def test_extending_brings_new_facts_and_ends_old_ones() -> None:
    orders, planned = Order.objects.count(), set(Interaction.objects.planned().values_list("pk", flat=True))
    open_incidents = set(Incident.objects.open().values_list("pk", flat=True))
    AccountMark.objects.all().delete()
    until = ANCHOR + dt.timedelta(days=30)
    assert extend(until) > 100
    assert Order.objects.count() > orders
    assert Order.objects.aggregate(last=Max("ordered_on"))["last"] > ANCHOR
    kept = Interaction.objects.done().filter(pk__in=planned)
    assert kept.exists()
    assert all(interaction.planned_on is not None for interaction in kept)
    assert Incident.objects.filter(pk__in=open_incidents).exclude(resolved_at=None).exists()
    assert AccountMark.objects.exists()
    living = FeedKind.objects.exclude(feed__name="erp-iberia")
    assert set(living.values_list("complete_to", flat=True)) == {until}


def test_extending_to_a_day_already_there_does_nothing() -> None:
    before = _everything()
    assert extend(ANCHOR) == 0
    assert extend(ANCHOR - dt.timedelta(days=3)) == 0
    assert _everything() == before


def test_extending_ends_with_the_simulated_days() -> None:
    last = Clock(ANCHOR).last
    assert extend(last + dt.timedelta(days=50)) > 1000
    assert FeedKind.objects.filter(feed__name="erp", source="orders", complete_to=last).exists()
    assert extend(last + dt.timedelta(days=60)) == 0


def test_what_people_did_meanwhile_stays() -> None:
    plan = Interaction.objects.planned().order_by("planned_on")[0]
    plan.state, plan.void_reason = Interaction.State.VOIDED, "Asked us to come later"
    plan.save()
    incident = Incident.objects.open().order_by("opened_at")[0]
    incident.resolved_at, incident.resolved_known_on = incident.opened_at + dt.timedelta(minutes=5), ANCHOR
    incident.save()
    closed_at = incident.resolved_at
    Account.objects.filter(keys__key="C1002").delete()
    extend(ANCHOR + dt.timedelta(days=60))
    plan.refresh_from_db()
    incident.refresh_from_db()
    assert plan.state == Interaction.State.VOIDED
    assert incident.resolved_at == closed_at
    assert not Order.objects.filter(external_key__startswith="SO-1002-").exists()
