"""A removed absence comes back by the button of its message, as it was known, and only for who may change it."""

import re
from datetime import date

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from accounts_app.models import OWN_FEED, Absence, AccountMark, Company, Feed, User
from accounts_app.services.our_people import remove_absence
from tests.factories import AbsenceFactory, AccountFactory, ColleagueFactory, UserFactory

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def manager() -> User:
    Company.the()
    user: User = UserFactory(name="Jonas Okafor")
    ColleagueFactory(user=user)
    return user


@pytest.fixture
def absence(manager: User) -> Absence:
    own = Feed.objects.get(name=OWN_FEED)
    days = {"from_day": date(2026, 7, 6), "until_day": date(2026, 7, 17), "known_on": date(2026, 5, 4)}
    return AbsenceFactory(colleague=manager.colleague, feed=own, **days)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def removed(absence: Absence, client: Client) -> str:
    address = reverse("accounts:absence_remove", args=[absence.colleague_id, absence.pk])
    said = client.post(address, headers=HTMX).content.decode()
    assert not Absence.objects.exists()
    undo: str
    (undo,) = set(re.findall(r'/settings/people/\d+/absences/undo/\?of=[^"]+', said))
    return undo


def test_it_comes_back_as_it_was_and_once(absence: Absence, manager: User) -> None:
    account, client = AccountFactory(owner=manager), client_of(manager)
    undo = removed(absence, client)
    AccountMark.objects.all().delete()
    assert "Taken back." in client.post(undo, headers=HTMX).content.decode()
    fields = ("pk", "from_day", "until_day", "known_on", "external_key", "feed", "colleague")
    assert Absence.objects.values(*fields).get() == {
        "pk": absence.pk,
        "from_day": absence.from_day,
        "until_day": absence.until_day,
        "known_on": absence.known_on,
        "external_key": absence.external_key,
        "feed": absence.feed_id,
        "colleague": absence.colleague_id,
    }
    assert AccountMark.objects.filter(account=account).exists()
    assert "nothing to take back" in client.post(undo, headers=HTMX).content.decode()
    assert Absence.objects.count() == 1


def test_a_ticket_of_somebody_else_s_making_brings_nothing(absence: Absence, manager: User) -> None:
    address = reverse("accounts:absence_undo", args=[absence.colleague_id])
    forged = signing.dumps(["key", "1", "2026-07-06", "2026-07-17", "2026-05-04"], salt="another")
    for ticket in ("", "nonsense", forged):
        said = client_of(manager).post(address, headers=HTMX, query_params={"of": ticket}).content.decode()
        assert "nothing to take back" in said
    assert Absence.objects.count() == 1


def test_a_ticket_counts_for_its_own_person_only(absence: Absence, manager: User) -> None:
    ticket = remove_absence(absence, by=manager)
    user: User = UserFactory()
    other = ColleagueFactory(user=user)
    address = reverse("accounts:absence_undo", args=[other.pk])
    said = client_of(user).post(address, headers=HTMX, query_params={"of": ticket})
    assert "nothing to take back" in said.content.decode()
    assert client_of(user).post(reverse("accounts:absence_undo", args=[manager.colleague.pk])).status_code == 404
    assert not Absence.objects.exists()


def test_the_list_of_absences_asks_for_itself(absence: Absence, manager: User) -> None:
    address = reverse("accounts:person_edit", args=[absence.colleague_id])
    answer = client_of(manager).get(address, headers=HTMX | {"HX-Target": "absences"}).content.decode()
    assert answer.strip().startswith('<section class="stack" id="absences"')
    assert "6 Jul" in answer.replace("\N{NO-BREAK SPACE}", " ")
    assert "<form class" not in answer
