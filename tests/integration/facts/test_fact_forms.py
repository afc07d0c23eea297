"""Every kind of fact, typed in: who may, what is stored, what is refused and where it is said, and how it is undone."""

import json
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from accounts_app.forms.kinds import KINDS, Kind
from accounts_app.models import Account, AccountMark, Company, ExchangeRate, Feed, Role, Team, User
from tests.factories import (
    ChangeEventFactory,
    ContactFactory,
    ContractFactory,
    CustomerMetricFactory,
    InitiativeFactory,
    InquiryFactory,
    LossFactory,
    PromiseFactory,
    QuietPeriodFactory,
    SurveyAnswerFactory,
    TeamFactory,
    UserFactory,
)
from tests.integration.facts.conftest import Read, Send, error_of, spoken

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 30)
FACTORIES: dict[str, Callable[..., Any]] = {
    "contact": ContactFactory,
    "inquiry": InquiryFactory,
    "contract": ContractFactory,
    "change_event": ChangeEventFactory,
    "loss": LossFactory,
    "quiet_period": QuietPeriodFactory,
    "survey_answer": SurveyAnswerFactory,
    "promise": PromiseFactory,
    "initiative": InitiativeFactory,
    "customer_metric": CustomerMetricFactory,
}
BODIES: dict[str, dict[str, Any]] = {
    "contact": {"name": "Ingrid Solheim", "level": "management", "role": "champion", "since": "2024-02-01"},
    "inquiry": {
        "kind": "quotation",
        "asked_on": "2026-06-01",
        "title": "Seal kit",
        "outcome": "open",
        "amount": "1200",
    },
    "contract": {"number": "K-7", "starts_on": "2025-01-01", "ends_on": "2026-12-31", "notice_days": "90"},
    "change_event": {"kind": "merger", "happened_on": "2026-06-02", "title": "Bought by Kestrel"},
    "loss": {"lost_on": "2026-05-05", "part": "Seals", "reason": "competitor"},
    "quiet_period": {"from_day": "2026-07-06", "until_day": "2026-07-24", "reason": "Summer closure"},
    "survey_answer": {"asked_on": "2026-06-01", "answered_on": "2026-06-03", "score": "9"},
    "initiative": {"title": "Cut downtime", "heard_on": "2026-06-01", "topic": "Maintenance"},
    "promise": {"text": "Drawings of the new seal", "promised_on": "2026-06-01", "due_on": "2026-07-15"},
    "customer_metric": {"name": "Unplanned stops", "unit": "hours", "better": "lower"},
}
MONEY = {"inquiry", "contract", "loss"}

# A value needs its figure first, which its address names: tests/integration/cadence/test_reviews.py.
TYPED_BY_ITSELF = [kind for kind in KINDS if not kind.chosen_by_address]
each_kind = pytest.mark.parametrize("kind", TYPED_BY_ITSELF, ids=lambda kind: kind.noun)


def body_of(kind: Kind) -> dict[str, Any]:
    return BODIES[kind.noun] | ({"currency": "EUR"} if kind.noun in MONEY else {})


def own(kind: Kind, account: Account, **fields: Any) -> Any:
    """A row that somebody typed in."""
    return FACTORIES[kind.noun](account=account, feed=Feed.objects.get(name="vigil"), **fields)


def seen(html: str) -> str:
    found = re.search(r'name="seen" value="(\w+)"', html)
    assert found
    return found[1]


def address(kind: Kind, row: Any, act: str) -> str:
    return f"{kind.segment}/{row.pk}/{act}"


# What is stored


@each_kind
def test_a_fact_typed_in_is_our_own_known_from_today_and_marks_the_account(
    kind: Kind, send: Send, account: Account
) -> None:
    send(f"{kind.segment}/add", body_of(kind))
    row = kind.model.objects.get(account=account)
    assert (row.feed.name, row.known_on) == ("vigil", TODAY)
    assert row.external_key
    assert AccountMark.objects.filter(account=account).exists()
    for name, value in BODIES[kind.noun].items():
        stored = getattr(row, name)
        assert (f"{stored:.0f}" if isinstance(stored, Decimal) else str(stored)) == value


@each_kind
def test_the_dialog_closes_and_offers_to_take_back(kind: Kind, send: Send, account: Account) -> None:
    response = send(f"{kind.segment}/add", body_of(kind), status=200, htmx=True)
    assert set(json.loads(response["HX-Trigger"])) == {"dialog:close", "facts:changed"}
    undo = re.search(r'hx-post="/accounts/\d+/([^"]+)/"', response.content.decode())
    assert (undo is not None) is kind.is_removable
    if undo:
        send(undo[1], status=200, htmx=True)
        assert not kind.model.objects.exists()


@each_kind
def test_an_edit_changes_what_was_typed_and_nothing_else(kind: Kind, send: Send, read: Read, account: Account) -> None:
    row = own(kind, account, known_on=date(2026, 1, 1))
    html = read(address(kind, row, "edit"))
    send(address(kind, row, "edit"), body_of(kind) | {"seen": seen(html)})
    stored = kind.model.objects.get(pk=row.pk)
    assert (stored.external_key, stored.known_on) == (row.external_key, date(2026, 1, 1))
    name, value = next(iter(BODIES[kind.noun].items()))
    assert str(getattr(stored, name)) == value
    assert AccountMark.objects.filter(account=account).exists()


@each_kind
def test_an_edit_form_shows_what_is_stored(kind: Kind, send: Send, read: Read, account: Account) -> None:
    send(f"{kind.segment}/add", body_of(kind))
    row = kind.model.objects.get(account=account)
    html = read(address(kind, row, "edit"), htmx=True)
    assert html.strip().startswith('<h2 id="dialog-title"')
    for name, value in BODIES[kind.noun].items():
        is_chosen = f'value="{value}"' in html or f'<option value="{value}" selected>' in html
        assert is_chosen or name == "amount", name
    assert "<html" not in html
    assert "<html" in read(address(kind, row, "edit"))


# For whom


@each_kind
@pytest.mark.parametrize("act", ["add", "edit", "remove"])
def test_who_may_not_change_the_account_is_refused(
    kind: Kind, act: str, send: Send, read: Read, account: Account
) -> None:
    team = account.team
    if act == "remove" and not kind.is_removable:
        return
    path = f"{kind.segment}/add" if act == "add" else address(kind, own(kind, account), act)
    colleague, stranger = UserFactory(teams=[team]), UserFactory(teams=[TeamFactory()])
    looks, operations = UserFactory(role=Role.READ_ONLY, teams=[team]), UserFactory(role=Role.OPERATIONS)
    for user, status in ((colleague, 403), (stranger, 404), (looks, 403), (operations, 403)):
        for htmx in (False, True):
            read(path, user=user, status=status, htmx=htmx)
            send(path, body_of(kind), user=user, status=status, htmx=htmx)
    assert kind.model.objects.count() == (0 if act == "add" else 1)


@each_kind
@pytest.mark.parametrize("role", [Role.SALES_LEADER, Role.ADMINISTRATOR])
def test_leaders_and_administrators_may(kind: Kind, role: Role, send: Send, team: Team) -> None:
    send(f"{kind.segment}/add", body_of(kind), user=UserFactory(role=role, teams=[team]))
    assert kind.model.objects.count() == 1


@each_kind
def test_another_accounts_fact_is_as_good_as_missing(kind: Kind, send: Send, read: Read) -> None:
    elsewhere = own(kind, ContactFactory().account)
    for act in ("edit", "remove") if kind.is_removable else ("edit",):
        read(address(kind, elsewhere, act), status=404)
        send(address(kind, elsewhere, act), status=404)


@each_kind
def test_other_methods_are_refused(kind: Kind, manager: User, account: Account) -> None:
    client = Client()
    client.force_login(manager)
    row = own(kind, account)
    for path in ("add", f"{row.pk}/edit"):
        assert client.delete(f"/accounts/{account.pk}/{kind.segment}/{path}/").status_code == 405


# What another feed delivered


@each_kind
def test_what_a_feed_delivers_is_changed_there(kind: Kind, send: Send, read: Read, account: Account) -> None:
    row = FACTORIES[kind.noun](account=account, feed__name="crm")
    html = spoken(read(address(kind, row, "edit")))
    if kind.noun == "contact":
        assert "Name and addresses come from crm" in html
        return
    assert "This comes from crm. Change it there" in html
    send(address(kind, row, "edit"), body_of(kind), status=403)
    send(address(kind, row, "remove"), status=403)
    assert kind.model.objects.get(pk=row.pk).external_key == row.external_key


def test_of_an_imported_contact_people_keep_what_they_know_better(send: Send, read: Read, account: Account) -> None:
    contact = ContactFactory(account=account, feed__name="crm", name="Ingrid", email="i@example.test")
    html = read(f"contacts/{contact.pk}/edit")
    assert 'name="email"' not in html
    body = {"seen": seen(html), "name": "X", "level": "executive", "role": "champion", "matters": "Uptime"}
    send(f"contacts/{contact.pk}/edit", body)
    contact.refresh_from_db()
    kept = (contact.name, contact.email, contact.feed.name)
    assert (*kept, contact.level, contact.matters) == ("Ingrid", "i@example.test", "crm", "executive", "Uptime")


# Two people at once


@each_kind
def test_the_second_editor_is_told_and_nothing_is_overwritten(
    kind: Kind, send: Send, read: Read, account: Account
) -> None:
    row = own(kind, account)
    opened = seen(read(address(kind, row, "edit")))
    field = {
        "contact": "phone",
        "promise": "text",
        "quiet_period": "reason",
        "loss": "went_to",
        "survey_answer": "comment",
        "customer_metric": "unit",
    }.get(kind.noun, "title")
    send(address(kind, row, "edit"), body_of(kind) | {field: "of the first", "seen": opened})
    mine = body_of(kind) | {field: "of the second", "seen": opened}
    refused = send(address(kind, row, "edit"), mine, status=422, htmx=True)
    html = refused.content.decode()
    assert "Nothing was overwritten" in html
    assert "of the first" in html
    assert re.search(r'(="|>\s*)of the second', html)
    assert getattr(kind.model.objects.get(pk=row.pk), field) == "of the first"
    send(address(kind, row, "edit"), mine | {"seen": seen(html)})
    assert getattr(kind.model.objects.get(pk=row.pk), field) == "of the second"


def test_an_edit_without_knowing_what_was_there_is_refused(send: Send, account: Account) -> None:
    row = own(KINDS[0], account)
    send(f"contacts/{row.pk}/edit", BODIES["contact"], status=422)


# Bad input: said at the field, nothing typed is lost


REFUSED = [
    ("contacts", {"since": "2026-07-01"}, "since", "lies ahead; today is 30 Jun 2026"),
    ("contacts", {"since": "2026-03-02", "left_on": "2026-03-01"}, "left_on", "Left before coming"),
    ("contacts", {"left_on": "2026-07-01"}, "left_on", "lies ahead"),
    ("contacts", {"name": ""}, "name", "required"),
    ("inquiries", {"asked_on": "2026-07-01"}, "asked_on", "lies ahead"),
    ("inquiries", {"outcome": "won"}, "decided_on", "On which day"),
    ("inquiries", {"outcome": "lost", "decided_on": "2026-05-31"}, "decided_on", "before it was asked"),
    ("inquiries", {"currency": "SEK"}, "currency", "No rate from SEK to EUR is known for 1 Jun 2026"),
    ("inquiries", {"currency": "E"}, "currency", "three capital letters"),
    ("inquiries", {"currency": ""}, "currency", "needs its currency"),
    ("inquiries", {"amount": "99999999999999"}, "amount", "larger than any"),
    ("contracts", {"ends_on": "2024-12-31"}, "ends_on", "Ends before it starts"),
    ("contracts", {"auto_renews": "on"}, "renewal_months", "By how many months"),
    ("contracts", {"notice_days": "1501"}, "notice_days", "less than or equal to 1500"),
    ("contracts", {"notice_received_on": "2026-07-01"}, "notice_received_on", "lies ahead"),
    ("contracts", {"notice_received_on": "2024-12-31"}, "notice_received_on", "before the contract"),
    ("change-events", {"happened_on": "2026-07-01"}, "happened_on", "lies ahead"),
    ("change-events", {"kind": "party"}, "kind", "party is not one"),
    ("losses", {"lost_on": "2026-07-01"}, "lost_on", "lies ahead"),
    ("losses", {"former": "on"}, "former", "only a part is lost"),
    ("quiet-periods", {"until_day": "2026-07-05"}, "until_day", "Ends before it begins"),
    ("survey-answers", {"score": "11"}, "score", "less than or equal to 10"),
    ("survey-answers", {"score": "-1"}, "score", "greater than or equal to 0"),
    ("survey-answers", {"score": ""}, "score", "An answer has a number"),
    ("survey-answers", {"answered_on": ""}, "answered_on", "On which day"),
    ("survey-answers", {"answered_on": "2026-05-31"}, "answered_on", "before being asked"),
]


@pytest.mark.parametrize(("segment", "change", "field", "words"), REFUSED, ids=lambda part: str(part)[:24])
def test_bad_input_is_said_at_its_field(
    segment: str, change: dict[str, str], field: str, words: str, send: Send
) -> None:
    kind = next(kind for kind in KINDS if kind.segment == segment)
    for htmx in (False, True):
        response = send(f"{segment}/add", body_of(kind) | change, status=422, htmx=htmx)
        assert words in error_of(response, field)
    for value in (body_of(kind) | change).values():
        assert not value or value in {"on", "party"} or f'"{value}"' in response.content.decode()
    assert not kind.model.objects.exists()


@pytest.mark.parametrize(
    ("segment", "name"), [("inquiries", "contact"), ("survey-answers", "contact"), ("contacts", "successor")]
)
def test_a_contact_of_another_account_is_refused(segment: str, name: str, send: Send) -> None:
    kind = next(kind for kind in KINDS if kind.segment == segment)
    stranger = ContactFactory(name="Zanzibar")
    response = send(f"{segment}/add", body_of(kind) | {name: str(stranger.pk)}, status=422)
    assert "not one of the available choices" in error_of(response, name)
    assert "Zanzibar" not in response.content.decode()


@pytest.mark.parametrize("segment", ["inquiries", "contracts"])
def test_a_number_is_given_once_an_account_and_made_up_where_none_was_typed(
    segment: str, send: Send, account: Account
) -> None:
    kind = next(kind for kind in KINDS if kind.segment == segment)
    own(kind, account, number="K-7")
    response = send(f"{segment}/add", body_of(kind) | {"number": "k-7"}, status=422)
    assert "has one of this number already" in error_of(response, "number")
    own(kind, ContactFactory().account, number="K-8")
    send(f"{segment}/add", body_of(kind) | {"number": "K-8"})
    for _twice in range(2):
        send(f"{segment}/add", body_of(kind) | {"number": ""})
    numbers = [str(vars(row)["number"]) for row in kind.model.objects.filter(account=account).order_by("pk")]
    assert numbers == ["K-7", "K-8", "V-1", "V-2"]


# Money


def test_the_worth_is_fixed_at_the_rate_of_its_day(send: Send, read: Read, account: Account) -> None:
    ExchangeRate.objects.create(currency="NOK", valid_on=date(2026, 1, 1), rate=Decimal("0.08"))
    inquiry = KINDS[1]
    send("inquiries/add", body_of(inquiry) | {"currency": "nok"})
    row = inquiry.model.objects.get(account=account)
    assert (row.currency, row.reporting_amount) == ("NOK", Decimal("96.00"))  # type: ignore[union-attr]
    ExchangeRate.objects.update(rate=Decimal("0.09"))
    path = address(inquiry, row, "edit")
    send(path, body_of(inquiry) | {"currency": "NOK", "title": "Kits", "seen": seen(read(path))})
    row.refresh_from_db()
    assert row.reporting_amount == Decimal("96.00")  # type: ignore[union-attr]
    send(path, body_of(inquiry) | {"currency": "NOK", "amount": "100", "seen": seen(read(path))})
    row.refresh_from_db()
    assert row.reporting_amount == Decimal("9.00")  # type: ignore[union-attr]
    send(path, body_of(inquiry) | {"amount": "", "seen": seen(read(path))})
    row.refresh_from_db()
    assert (row.amount, row.currency, row.reporting_amount) == (None, "", None)  # type: ignore[union-attr]


def test_without_a_company_currency_an_amount_is_refused_and_a_row_without_one_taken(send: Send) -> None:
    Company.objects.update(currency="")
    response = send("losses/add", BODIES["loss"] | {"annual_amount": "5", "currency": "EUR"}, status=422)
    assert "not named yet" in error_of(response, "currency")
    send("losses/add", BODIES["loss"])


# Removing


@pytest.mark.parametrize("kind", [kind for kind in TYPED_BY_ITSELF if kind.is_removable], ids=lambda kind: kind.noun)
def test_a_mistake_is_removed_after_asking(kind: Kind, send: Send, read: Read, account: Account) -> None:
    row = own(kind, account)
    assert address(kind, row, "remove") in read(address(kind, row, "edit"))
    assert "cannot be brought back" in spoken(read(address(kind, row, "remove")))
    assert kind.model.objects.exists()
    send(address(kind, row, "remove"))
    assert not kind.model.objects.exists()
    assert AccountMark.objects.filter(account=account).exists()


def test_contacts_are_not_removed(read: Read, account: Account) -> None:
    contact = own(KINDS[0], account)
    assert "remove" not in read(f"contacts/{contact.pk}/edit").lower()
    read(f"contacts/{contact.pk}/remove", status=404)
