"""One change to many accounts, from the list: who may, what is confirmed, what is refused, and back again."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from accounts_app.models import Account, AccountMark, Interaction, Role, Team, Tier, User
from signals.models import Alert, BulkAct
from tests.factories import AccountFactory, UserFactory
from tests.factories.judgement import AS_OF
from tests.integration.portfolio.reading import spoken

pytestmark = pytest.mark.django_db

ACTS = ("owner", "tier", "snooze", "plan")
BODIES = {
    "tier": {"tier": ""},
    "snooze": {"until": "2026-07-14", "reason": "plant closed"},
    "plan": {"planned_on": "2026-07-07", "channel": "call", "purpose": "proactive"},
}


def client_of(user: User, **headers: str) -> Client:
    client = Client(headers=headers)
    client.force_login(user)
    return client


def url(act: str) -> str:
    return reverse(f"signals:bulk_{act}")


def keys(*accounts: Account) -> str:
    return ",".join(str(account.pk) for account in accounts)


@pytest.fixture
def three(north: Team, manager: User) -> list[Account]:
    return [AccountFactory(name=f"Works {n}", team=north, owner=manager) for n in range(3)]


@pytest.mark.parametrize("act", ACTS)
def test_who_may_call_them(act: str, three: list[Account], north: Team, manager: User) -> None:
    query = f"?account={three[0].pk}"
    stranger = Client().get(url(act) + query)
    assert stranger.status_code == 302
    assert stranger["Location"].startswith("/account/login/")
    for role in (Role.READ_ONLY, Role.OPERATIONS):
        assert client_of(UserFactory(role=role, teams=[north])).get(url(act) + query).status_code == 403
    assert client_of(manager).get(url(act) + query).status_code == (403 if act == "owner" else 200)
    assert client_of(manager).put(url(act)).status_code == (403 if act == "owner" else 405)


@pytest.mark.parametrize("act", ACTS)
def test_the_page_names_how_many_and_a_fragment_is_its_dialog(act: str, three: list[Account], leader: User) -> None:
    query = "?" + "&".join(f"account={account.pk}" for account in three)
    page = client_of(leader).get(url(act) + query).content.decode()
    assert "3 accounts will be changed: Works 0, Works 1, Works 2" in spoken(page)
    dialog = client_of(leader, **{"HX-Request": "true"}).get(url(act) + query).content.decode()
    assert dialog.lstrip().startswith('<h2 id="dialog-title">')
    assert 'hx-target="#dialog-body"' in dialog


def test_the_accounts_of_others_are_named_and_left_alone(three: list[Account], north: Team, manager: User) -> None:
    colleague_s = AccountFactory(name="Of a colleague", team=north, owner=UserFactory(teams=[north]))
    foreign = AccountFactory(name="Foreign")
    query = f"?account={three[0].pk}&account={colleague_s.pk}&account={foreign.pk}"
    page = client_of(manager).get(url("tier") + query).content.decode()
    assert "1 account will be changed: Works 0" in spoken(page)
    assert "1 account is not yours to change and is left alone: Of a colleague" in spoken(page)
    assert "Foreign" not in page
    tier = Tier.objects.get(key="other")
    body = {"accounts": keys(three[0], colleague_s, foreign), "tier": tier.pk}
    client_of(manager).post(url("tier"), body)
    assert list(Account.objects.filter(tier=tier)) == [three[0]]


def test_all_that_match_are_those_of_the_address_on_every_page(leader: User, north: Team) -> None:
    tier = Tier.objects.get(key="other")
    Account.objects.bulk_create(Account(name=f"Works {n}", team=north, tier=tier) for n in range(60))
    AccountFactory(name="Not of this tier", team=north)
    one = Account.objects.filter(tier=tier).first()
    assert one
    page = client_of(leader).get(f"{url('tier')}?tier=other&all=60&account={one.pk}").content.decode()
    assert "60 accounts will be changed" in spoken(page)
    assert "and 10 more" in spoken(page)
    assert "Not of this tier" not in page


def test_nothing_chosen_is_said(leader: User) -> None:
    page = client_of(leader).get(url("tier") + "?account=x&account=99999999999999999999").content.decode()
    assert "No account is chosen" in page
    assert '<form class="form"' not in page


def test_more_than_a_thousand_are_refused(leader: User, north: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    import signals.views.portfolio_bulk as views

    monkeypatch.setattr(views, "MOST_ACCOUNTS", 2)
    accounts = [AccountFactory(team=north) for _n in range(3)]
    tier = Tier.objects.get(key="other")
    response = client_of(leader).post(url("tier"), {"accounts": keys(*accounts), "tier": tier.pk})
    assert response.status_code == 422
    assert "at most 2" in response.content.decode()
    assert not Account.objects.filter(tier=tier).exists()


def test_a_new_owner_is_written_told_and_taken_back(three: list[Account], leader: User, north: Team) -> None:
    heir = UserFactory(name="Tara Iyer", teams=[north])
    client = client_of(leader)
    body = {"accounts": keys(*three[:2]), "owner": heir.pk, "back": "band=at_risk&page=2&evil=//evil.test"}
    response = client.post(url("owner"), body)
    assert response.status_code == 302
    assert response["Location"] == "/?band=at_risk&page=2"
    assert set(heir.owned_accounts.all()) == set(three[:2])
    assert set(AccountMark.objects.values_list("account", flat=True)) == {account.pk for account in three[:2]}
    page = client.get("/").content.decode()
    assert "2 accounts now belong to Tara Iyer." in page
    undo = reverse("signals:bulk_undo", args=[BulkAct.objects.get().pk])
    assert f'action="{undo}"' in page
    assert client.post(undo).status_code == 302
    assert not heir.owned_accounts.exists()
    assert "Taken back for 2 accounts." in client.get("/").content.decode()


def test_nobody_may_become_the_owner_only_when_said(three: list[Account], leader: User) -> None:
    client = client_of(leader)
    refused = client.post(url("owner"), {"accounts": keys(three[0]), "owner": ""})
    assert refused.status_code == 422
    assert 'id="id_owner_error"' in refused.content.decode()
    client.post(url("owner"), {"accounts": keys(three[0]), "owner": "none"})
    three[0].refresh_from_db()
    assert three[0].owner is None


def test_owners_are_people_of_the_own_teams_who_work_with_accounts(three: list[Account], leader: User) -> None:
    outsider = UserFactory(name="Olga Outside")
    reader = UserFactory(name="Rita Reader", role=Role.READ_ONLY, teams=leader.teams.all())
    gone = UserFactory(name="Gustav Gone", is_active=False, teams=leader.teams.all())
    page = client_of(leader).get(f"{url('owner')}?account={three[0].pk}").content.decode()
    assert "Jonas Okafor (3 accounts)" in page
    assert not {"Olga", "Rita", "Gustav"} & set(spoken(page).split())
    for user in (outsider, reader, gone):
        body = {"accounts": keys(three[0]), "owner": user.pk}
        assert client_of(leader).post(url("owner"), body).status_code == 422


@pytest.mark.parametrize(
    ("act", "body", "field"),
    [
        ("tier", {"tier": "99999"}, "tier"),
        ("snooze", {"until": "2026-06-30", "reason": "x"}, "until"),
        ("snooze", {"until": "2026-07-14", "reason": " "}, "reason"),
        ("snooze", {"until": "soon", "reason": "x"}, "until"),
        ("plan", {"planned_on": "2026-06-29", "channel": "call", "purpose": "proactive"}, "planned_on"),
        ("plan", {"planned_on": "2028-06-29", "channel": "call", "purpose": "proactive"}, "planned_on"),
        ("plan", {"planned_on": "2026-07-07", "channel": "pigeon", "purpose": "proactive"}, "channel"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_kept(
    act: str, body: dict[str, str], field: str, three: list[Account], leader: User
) -> None:
    Alert.objects.create(
        account=three[0], signal="silence", opened_on=AS_OF, judged_on=AS_OF, released_on=AS_OF, level=0.8
    )
    for headers in ({}, {"HX-Request": "true"}):
        response = client_of(leader, **headers).post(url(act), {"accounts": keys(three[0]), **body})
        html = response.content.decode()
        assert response.status_code == 422
        assert f'id="id_{field}_error"' in html
        assert "1 account will be changed" in html
        assert ("<!doctype html>" in html) == (not headers)
    assert not BulkAct.objects.exists()


def test_in_the_dialog_a_save_closes_it_and_offers_the_undo(three: list[Account], leader: User) -> None:
    tier = Tier.objects.get(key="strategic")
    client = client_of(leader, **{"HX-Request": "true"})
    response = client.post(url("tier"), {"accounts": keys(three[0]), "tier": tier.pk})
    assert "dialog:close" in response["HX-Trigger"]
    assert "1 account is now in tier Strategic." in response.content.decode()
    undone = client.post(reverse("signals:bulk_undo", args=[BulkAct.objects.get().pk]))
    assert "Taken back for 1 account." in undone.content.decode()
    three[0].refresh_from_db()
    assert three[0].tier.key == "key"


def test_planned_contacts_stand_at_each_account(three: list[Account], manager: User) -> None:
    client_of(manager).post(url("plan"), {"accounts": keys(*three), **BODIES["plan"]})
    planned = Interaction.objects.planned()
    assert {one.account for one in planned} == set(three)
    assert {(one.planned_on, one.by, one.channel) for one in planned} == {(date(2026, 7, 7), manager, "call")}


def test_the_undo_of_another_is_as_good_as_missing(three: list[Account], leader: User, north: Team) -> None:
    tier = Tier.objects.get(key="strategic")
    client_of(leader).post(url("tier"), {"accounts": keys(three[0]), "tier": tier.pk})
    undo = reverse("signals:bulk_undo", args=[BulkAct.objects.get().pk])
    other = UserFactory(role=Role.SALES_LEADER, teams=[north])
    assert client_of(other).post(undo).status_code == 404
    assert client_of(other).get(undo).status_code == 404
    assert client_of(UserFactory(role=Role.READ_ONLY)).post(undo).status_code == 403
    assert client_of(leader).delete(undo).status_code == 405


def test_what_changed_since_is_named_and_the_rest_can_be_taken_back(three: list[Account], leader: User) -> None:
    strategic, other = Tier.objects.get(key="strategic"), Tier.objects.get(key="other")
    client = client_of(leader)
    client.post(url("tier"), {"accounts": keys(*three), "tier": strategic.pk})
    undo = reverse("signals:bulk_undo", args=[BulkAct.objects.get().pk])
    Account.objects.filter(pk=three[1].pk).update(tier=other)
    refused = client.post(undo)
    assert refused.status_code == 409
    words = spoken(refused.content.decode())
    assert "Nothing was taken back: 1 account was changed by somebody since." in words
    assert "Works 1" in words
    assert "Take it back for the other 2" in words
    assert Account.objects.filter(tier=strategic).count() == 2
    by_htmx = client_of(leader, **{"HX-Request": "true"}).post(undo)
    assert by_htmx["HX-Redirect"] == undo
    assert client.get(undo).status_code == 200
    client.post(undo, {"only_unchanged": "1"})
    tiers = dict(Account.objects.filter(pk__in=[one.pk for one in three]).values_list("name", "tier__key"))
    assert tiers == {"Works 0": "key", "Works 1": "other", "Works 2": "key"}
    again = client.post(undo)
    assert again.status_code == 302
    assert "taken back already" in client.get("/").content.decode()


def test_the_list_offers_boxes_to_who_may_act_only(three: list[Account], leader: User, north: Team) -> None:
    page = client_of(leader).get("/").content.decode()
    assert page.count('name="account"') == 3
    assert url("owner") in page
    assert url("owner") not in client_of(UserFactory(teams=[north])).get("/?whose=all").content.decode()
    reader = client_of(UserFactory(role=Role.READ_ONLY, teams=[north])).get("/").content.decode()
    assert 'name="account"' not in reader
    assert 'id="chosen"' not in reader
