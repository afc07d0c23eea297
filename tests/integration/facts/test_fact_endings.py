"""What ends, is decided or announced: the day it happened, and the day we learnt it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine

from accounts_app.models import Account, Contact, Contract, Feed, Inquiry, Loss, SurveyAnswer
from tests.factories import ContactFactory, ContractFactory, InquiryFactory, PromiseFactory, SurveyAnswerFactory
from tests.integration.facts.conftest import Read, Send, error_of
from tests.integration.facts.test_fact_forms import BODIES, seen

pytestmark = pytest.mark.django_db

TODAY, TOMORROW = date(2026, 6, 30), date(2026, 7, 1)

# path of the kind, its factory, what is typed before and to say that it ended, and the ending's name
Ending = tuple[str, Any, dict[str, Any], dict[str, str], str]
ENDINGS: list[Ending] = [
    ("contacts", ContactFactory, BODIES["contact"] | {"nobody_follows": "on"}, {"left_on": "2026-06-12"}, "left"),
    (
        "inquiries",
        InquiryFactory,
        BODIES["inquiry"] | {"currency": "EUR"},
        {"outcome": "elsewhere", "decided_on": "2026-06-12", "awarded_to": "Kestrel"},
        "decided",
    ),
    (
        "contracts",
        ContractFactory,
        BODIES["contract"],
        {"notice_received_on": "2026-06-12"},
        "notice_received",
    ),
    (
        "survey-answers",
        SurveyAnswerFactory,
        {"asked_on": "2026-06-01"},
        {"answered_on": "2026-06-12", "score": "3"},
        "answered",
    ),
    ("promises", PromiseFactory, BODIES["promise"], {"closed_on": "2026-06-12", "outcome": "kept"}, "closed"),
]


@pytest.mark.parametrize("case", ENDINGS)
def test_an_ending_is_known_from_the_day_it_is_typed_and_stays_so(
    case: Ending, own_feed: Feed, account: Account, send: Send, read: Read
) -> None:
    segment, factory, body, ending, name = case
    row = factory(account=account, feed=own_feed)
    path = f"{segment}/{row.pk}/edit"

    def save(values: dict[str, str]) -> tuple[date | None, date | None]:
        send(path, body | values | {"seen": seen(read(path))})
        row.refresh_from_db()
        return getattr(row, f"{name}_on"), getattr(row, f"{name}_known_on")

    assert save({}) == (None, None)
    assert save(ending) == (date(2026, 6, 12), TODAY)
    with time_machine.travel(datetime(2026, 7, 1, 8, tzinfo=UTC), tick=False):
        corrected = {key: "2026-06-13" if value == "2026-06-12" else value for key, value in ending.items()}
        assert save(corrected) == (date(2026, 6, 13), TODAY)
        assert save({}) == (None, None)
        assert save(ending) == (date(2026, 6, 12), TOMORROW)


def test_what_hides_with_an_open_inquiry_does_not_stand_in_the_way(send: Send) -> None:
    undecided = {"outcome": "open", "decided_on": "2026-06-12", "awarded_to": "Kestrel", "currency": "EUR"}
    send("inquiries/add", BODIES["inquiry"] | undecided)
    row = Inquiry.objects.get()
    assert (row.decided_on, row.awarded_to) == (None, "")


def test_an_order_we_won_went_to_nobody_else(send: Send) -> None:
    won = {"outcome": "won", "decided_on": "2026-06-30", "awarded_to": "Kestrel", "currency": "EUR"}
    send("inquiries/add", BODIES["inquiry"] | won)
    assert Inquiry.objects.get().awarded_to == ""


def test_a_survey_without_an_answer_is_kept_as_silence(send: Send) -> None:
    send("survey-answers/add", {"asked_on": "2026-06-01"})
    row = SurveyAnswer.objects.get()
    assert (row.score, row.answered_on, row.answered_known_on) == (None, None, None)


def test_a_contract_that_does_not_renew_has_no_months(send: Send) -> None:
    send("contracts/add", BODIES["contract"] | {"renewal_months": "12"})
    assert Contract.objects.get().renewal_months is None


# Coming and going of people


def test_an_announcement_is_known_since_it_was_first_typed(send: Send, read: Read, account: Account) -> None:
    send("contacts/add", BODIES["contact"] | {"leaving": "on"})
    contact = Contact.objects.get()
    assert (contact.leaving_on, contact.leaving_known_on) == (None, TODAY)
    path = f"contacts/{contact.pk}/edit"
    with time_machine.travel(datetime(2026, 7, 1, 8, tzinfo=UTC), tick=False):
        send(path, BODIES["contact"] | {"leaving": "on", "leaving_on": "2026-09-30", "seen": seen(read(path))})
        contact.refresh_from_db()
        assert (contact.leaving_on, contact.leaving_known_on) == (date(2026, 9, 30), TODAY)
        send(path, BODIES["contact"] | {"seen": seen(read(path))})
        contact.refresh_from_db()
        assert (contact.leaving_on, contact.leaving_known_on) == (None, None)


def test_an_announced_day_says_it_all(send: Send) -> None:
    send("contacts/add", BODIES["contact"] | {"leaving_on": "2026-09-30"})
    assert Contact.objects.get().leaving_known_on == TODAY


def test_who_left_is_followed_by_somebody_of_the_same_account(send: Send, account: Account) -> None:
    successor = ContactFactory(account=account, name="Petter Aas")
    left = BODIES["contact"] | {"left_on": "2026-06-12", "successor": str(successor.pk)}
    send("contacts/add", left)
    assert Contact.objects.get(name="Ingrid Solheim").successor == successor
    refused = send("contacts/add", left | {"left_on": ""}, status=422)
    assert "Somebody who stays has no successor" in error_of(refused, "successor")


# Losses


def test_a_whole_loss_makes_the_account_former_if_said_so(send: Send, account: Account) -> None:
    whole = BODIES["loss"] | {"part": "", "currency": ""}
    send("losses/add", whole)
    account.refresh_from_db()
    assert account.status == Account.Status.ACTIVE
    send("losses/add", whole | {"former": "on"})
    account.refresh_from_db()
    assert account.status == Account.Status.FORMER
    assert Loss.objects.filter(part="").count() == 2


def test_a_former_account_is_not_asked_again(read: Read, account: Account) -> None:
    assert 'name="former"' in read("losses/add")
    Account.objects.filter(pk=account.pk).update(status="former")
    assert 'name="former"' not in read("losses/add")
