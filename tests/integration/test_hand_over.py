"""All accounts of somebody who leaves, given to others in one step, and taken back."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core import signing
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts_app.models import Account, AccountMark, Company, Interaction, Ownership, Promise, Role, User
from accounts_app.services.hand_over import UNDO_SECONDS, hand_over, take_back, ticket_of
from accounts_app.services.ownership import assign
from accounts_app.services.ownership_follow_up import OwnerChange, follow_up
from tests.factories import (
    AccountFactory,
    ColleagueFactory,
    ContactFactory,
    PromiseFactory,
    TeamFactory,
    UserFactory,
)

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


# The joint visit, and the promises that follow


def promised(account: Account, by: User | None) -> Promise:
    return PromiseFactory(account=account, by=by)


def test_former_and_new_owner_visit_together_and_promises_follow(people: dict[str, User]) -> None:
    account = owned(people["leaver"], name="Ahlström")
    ours = [ColleagueFactory(name=name, user=people[name]) for name in ("leaver", "heir")]
    buyer = ContactFactory(account=account, primary=True)
    ContactFactory(account=account, primary=True, left_on=TODAY, left_known_on=TODAY)
    to_leaver, to_owner, to_other = (promised(account, by) for by in (people["leaver"], None, people["other"]))
    kept = PromiseFactory(account=account, by=people["leaver"], closed_on=TODAY, closed_known_on=TODAY, outcome="kept")
    day = TODAY + timedelta(days=7)
    done = hand_over(
        people["leaver"], {account.pk: people["heir"]}, by=people["boss"], on=TODAY, visits={account.pk: day}
    )
    visit = Interaction.objects.planned().get()
    assert (visit.planned_on, visit.channel, visit.purpose) == (day, "visit", "proactive")
    assert visit.note == "Joint visit: leaver introduces heir."
    assert (list(visit.colleagues.order_by("pk")), list(visit.contacts.all())) == (ours, [buyer])
    assert [who(one) for one in (to_leaver, to_owner, to_other, kept)] == ["heir", None, "other", "leaver"]
    take_back(ticket_of(done), by=people["boss"])
    assert [who(one) for one in (to_leaver, to_owner, to_other, kept)] == ["leaver", None, "other", "leaver"]
    visit.refresh_from_db()
    assert visit.state == "voided"


def who(promise: Promise) -> str | None:
    promise.refresh_from_db()
    return promise.by.name if promise.by else None


def test_whoever_has_left_already_comes_to_no_visit(people: dict[str, User]) -> None:
    account = owned(people["leaver"])
    User.objects.filter(pk=people["leaver"].pk).update(is_active=False)
    people["leaver"].refresh_from_db()
    ours = [ColleagueFactory(name=name, user=people[name]) for name in ("leaver", "heir")]
    hand_over(people["leaver"], {account.pk: people["heir"]}, by=people["boss"], on=TODAY, visits={account.pk: TODAY})
    visit = Interaction.objects.planned().get()
    assert (list(visit.colleagues.all()), visit.note) == (
        ours[1:], "First visit of heir, who answers for the account now.",
    )  # fmt: skip


def test_without_an_heir_nobody_visits_and_promises_wait_for_whoever_comes(people: dict[str, User]) -> None:
    account = owned(people["leaver"])
    promise = promised(account, people["leaver"])
    done = hand_over(people["leaver"], {account.pk: None}, by=people["boss"], on=TODAY, visits={account.pk: TODAY})
    assert (done.visits, who(promise)) == (0, None)
    take_back(ticket_of(done), by=people["boss"])
    assert who(promise) == "leaver"


def test_what_somebody_touched_since_is_not_taken_back(people: dict[str, User]) -> None:
    first, second = owned(people["leaver"]), owned(people["leaver"])
    kept, moved = promised(first, people["leaver"]), promised(first, people["leaver"])
    heirs, days = dict.fromkeys((first.pk, second.pk), people["heir"]), dict.fromkeys((first.pk, second.pk), TODAY)
    done = hand_over(people["leaver"], heirs, by=people["boss"], on=TODAY, visits=days)
    Promise.objects.filter(pk=kept.pk).update(closed_on=TODAY, closed_known_on=TODAY, outcome="kept")
    Promise.objects.filter(pk=moved.pk).update(by=people["other"])
    Interaction.objects.filter(account=first).update(planned_on=TODAY + timedelta(days=1))
    assert take_back(ticket_of(done), by=people["boss"]) == 2
    assert (who(kept), who(moved)) == ("heir", "other")
    assert {one.account_id: one.state for one in Interaction.objects.all()} == {
        first.pk: "planned", second.pk: "voided",
    }  # fmt: skip


def test_the_page_proposes_visits_and_says_what_goes_along(people: dict[str, User]) -> None:
    accounts = [owned(people["leaver"], name=name) for name in ("Ahlström", "Berg", "Cort")]
    promised(accounts[0], people["leaver"])
    promised(accounts[1], None)
    client = Client()
    client.force_login(people["leader"])
    address = reverse("accounts:hand_over") + f"?from={people['leaver'].pk}"
    page = client.get(address).content.decode()
    assert "2 open promises" in page
    today = Company.the().day_of(timezone.now())
    days = [date.fromisoformat(day) for day in re.findall(r'type="date" name="visit_on_\d+" value="([\d-]+)"', page)]
    assert len(days) == len(set(days)) == 3
    assert all(today < day <= today + timedelta(days=16) and day.weekday() < 5 for day in days)
    body = {f"visit_{one.pk}": "on" for one in accounts[:2]} | {f"visit_on_{one.pk}": days[0] for one in accounts}
    past = body | {f"visit_on_{accounts[0].pk}": today - timedelta(days=1), "to": people["heir"].pk}
    refused = client.post(address, past)
    assert refused.status_code == 422
    assert "This day has passed" in refused.content.decode()
    answer = client.post(address, body | {"to": people["heir"].pk}, follow=True).content.decode()
    assert "3 accounts of leaver handed over. 2 joint visits planned. 2 open promises went along." in answer
    assert Interaction.objects.planned().count() == 2


def test_many_accounts_cost_no_more_statements_for_visits(
    people: dict[str, User], django_assert_max_num_queries: Any
) -> None:
    changes = [OwnerChange(owned(people["leaver"]), people["leaver"], people["heir"], TODAY) for _one in range(12)]
    with django_assert_max_num_queries(12):
        follow_up(changes, by=people["boss"], today=TODAY)


def test_the_slower_of_two_leaders_is_told_and_overwrites_nothing(people: dict[str, User]) -> None:
    account = owned(people["leaver"])
    address = reverse("accounts:hand_over") + f"?from={people['leaver'].pk}"
    said = []
    for leader, heir in (("leader", "heir"), ("boss", "other")):
        client = Client()
        client.force_login(people[leader])
        said.append(client.post(address, {"to": people[heir].pk}, follow=True).content.decode())
    assert "1 account of leaver handed over." in said[0]
    assert "Nothing was handed over: these accounts have changed hands meanwhile." in said[1]
    account.refresh_from_db()
    assert account.owner == people["heir"]
