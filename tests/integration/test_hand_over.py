"""All accounts of somebody who leaves, given to others in one step, and taken back."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core import signing
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts_app.models import Account, AccountMark, Company, Ownership, Role, User
from accounts_app.services.hand_over import UNDO_SECONDS, hand_over, take_back, ticket_of
from accounts_app.services.ownership import assign
from tests.factories import AccountFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db

BEFORE, TODAY = date(2025, 6, 2), date(2026, 3, 2)


@pytest.fixture
def people() -> dict[str, User]:
    team = TeamFactory(name="North")
    roles = {"boss": Role.ADMINISTRATOR, "leader": Role.SALES_LEADER}
    names = ("boss", "leader", "leaver", "heir", "other")
    return {name: UserFactory(name=name, role=roles.get(name, Role.ACCOUNT_MANAGER), teams=[team]) for name in names}


def owned(owner: User, *, deputy: User | None = None, **fields: Any) -> Account:
    account = AccountFactory(team=owner.teams.get(), **fields)
    for duty, user in ((Ownership.Duty.OWNER, owner), (Ownership.Duty.DEPUTY, deputy)):
        assign(account=account, duty=duty, user=user, on=BEFORE)
    account.refresh_from_db()
    return account


def spans(account: Account, duty: str = "owner") -> list[tuple[str, date, date | None]]:
    rows = account.ownerships.filter(duty=duty).order_by("from_day")
    return [(row.user.name, row.from_day, row.until_day) for row in rows]


def test_every_account_goes_to_its_heir_and_the_history_keeps_who_was(people: dict[str, User]) -> None:
    first, second = owned(people["leaver"]), owned(people["leaver"])
    deputised = owned(people["heir"], deputy=people["leaver"])
    AccountMark.objects.all().delete()
    heirs = {first.pk: people["heir"], second.pk: people["other"]}
    done = hand_over(people["leaver"], heirs, by=people["boss"], on=TODAY)
    assert spans(first) == [("leaver", BEFORE, TODAY), ("heir", TODAY, None)]
    assert spans(second) == [("leaver", BEFORE, TODAY), ("other", TODAY, None)]
    assert spans(deputised, "deputy") == [("leaver", BEFORE, TODAY)]
    assert set(AccountMark.objects.values_list("pk", flat=True)) == {first.pk, second.pk, deputised.pk}
    assert done.deputies == {deputised.pk: people["leaver"].pk}


def test_an_heir_who_was_the_deputy_is_not_both(people: dict[str, User]) -> None:
    account = owned(people["leaver"], deputy=people["heir"])
    done = hand_over(people["leaver"], {account.pk: people["heir"]}, by=people["boss"], on=TODAY)
    account.refresh_from_db()
    assert (account.owner, account.deputy) == (people["heir"], None)
    take_back(ticket_of(done), by=people["boss"])
    account.refresh_from_db()
    assert (account.owner, account.deputy) == (people["leaver"], people["heir"])


def test_taken_back_it_is_as_if_it_had_not_been(people: dict[str, User]) -> None:
    account, deputised = owned(people["leaver"]), owned(people["other"], deputy=people["leaver"])
    done = hand_over(people["leaver"], {account.pk: people["heir"]}, by=people["boss"], on=TODAY)
    assert take_back(ticket_of(done), by=people["boss"]) == 1
    account.refresh_from_db()
    deputised.refresh_from_db()
    assert (account.owner, deputised.deputy) == (people["leaver"], people["leaver"])
    assert spans(account) == [("leaver", BEFORE, None)]
    assert spans(deputised, "deputy") == [("leaver", BEFORE, None)]


def test_what_changed_hands_since_is_not_taken_back(people: dict[str, User]) -> None:
    account = owned(people["leaver"])
    done = hand_over(people["leaver"], {account.pk: people["heir"]}, by=people["boss"], on=TODAY)
    assign(account=account, duty=Ownership.Duty.OWNER, user=people["other"], on=TODAY + timedelta(days=1))
    assert take_back(ticket_of(done), by=people["boss"]) == 0
    account.refresh_from_db()
    assert account.owner == people["other"]


def test_a_ticket_is_good_for_a_while(people: dict[str, User]) -> None:
    account = owned(people["leaver"])
    ticket = ticket_of(hand_over(people["leaver"], {account.pk: None}, by=people["boss"], on=TODAY))
    with (
        time_machine.travel(timezone.now() + timedelta(seconds=UNDO_SECONDS + 1), tick=False),
        pytest.raises(signing.SignatureExpired),
    ):
        take_back(ticket, by=people["boss"])
    assert take_back(ticket, by=people["boss"]) == 1


def test_a_leader_moves_only_the_accounts_of_the_own_teams(people: dict[str, User]) -> None:
    seen, foreign = owned(people["leaver"]), AccountFactory(team=TeamFactory(name="South"), owner=people["leaver"])
    with pytest.raises(ValidationError, match="changed meanwhile"):
        hand_over(people["leaver"], dict.fromkeys([seen.pk, foreign.pk]), by=people["leader"], on=TODAY)
    hand_over(people["leaver"], {seen.pk: people["heir"]}, by=people["leader"], on=TODAY)
    foreign.refresh_from_db()
    assert foreign.owner == people["leaver"]


def test_the_page_hands_over_and_offers_to_take_back(people: dict[str, User]) -> None:
    first, second = owned(people["leaver"], name="Ahlström"), owned(people["leaver"], name="Berg")
    client = Client()
    client.force_login(people["leader"])
    address = reverse("accounts:hand_over") + f"?from={people['leaver'].pk}"
    refused = client.post(address, {"to": ""})
    assert refused.status_code == 422
    assert "This field is required" in refused.content.decode()
    answer = client.post(address, {"to": people["heir"].pk, f"account_{second.pk}": "0"}, follow=True)
    assert "2 accounts of leaver handed over." in answer.content.decode()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.owner, second.owner) == (people["heir"], None)
    assert spans(first)[-1][1] == Company.the().day_of(timezone.now())
    undo = next(message.extra_tags for message in answer.context["messages"])
    assert "2 accounts went back." in client.post(undo, follow=True).content.decode()
    first.refresh_from_db()
    assert first.owner == people["leaver"]


def test_who_owns_nothing_in_reach_is_not_there(people: dict[str, User]) -> None:
    client = Client()
    client.force_login(people["leader"])
    assert client.get(reverse("accounts:hand_over"), {"from": people["other"].pk}).status_code == 404
    assert client.get(reverse("accounts:hand_over"), {"from": "x"}).status_code == 404
