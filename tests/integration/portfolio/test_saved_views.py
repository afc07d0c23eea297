"""Saved views: kept under a name, opened, shared, begun with, deleted and brought back."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts_app.models import Role, Team, User
from signals.models import Band, SavedView, StartView
from tests.factories import AccountFactory, TeamFactory, UserFactory
from tests.factories.judgement import judged
from tests.integration.portfolio.reading import four_bands, names, page, spoken

pytestmark = pytest.mark.django_db


def client_of(user: User, **headers: str) -> Client:
    client = Client(headers=headers)
    client.force_login(user)
    return client


def url(name: str, view: SavedView) -> str:
    return reverse(f"signals:view_{name}", args=[view.pk])


def menu(html: str) -> str:
    return spoken(html[html.index('<details class="disclosure views"') : html.index("All saved views")])


@pytest.fixture
def view(leader: User) -> SavedView:
    return SavedView.objects.create(owner=leader, name="Slow ones", query="band=drifting")


def test_the_present_list_is_saved_without_its_page_and_what_is_not_understood(leader: User, north: Team) -> None:
    four_bands(north)
    client = client_of(leader)
    address = reverse("signals:view_save") + "?band=drifting&sort=name&page=3&evil=1"
    form = client.get(address).content.decode()
    assert 'value="band=drifting&amp;sort=name"' in form
    response = client.post(address, {"name": "Slow ones", "query": "band=drifting&sort=name&page=3&evil=1"})
    assert response["Location"] == "/?band=drifting&sort=name"
    saved = SavedView.objects.get()
    assert (saved.query, saved.owner, saved.shared) == ("band=drifting&sort=name", leader, False)
    html = client.get(response["Location"]).content.decode()
    assert names(html) == ["Slow"]
    assert 'href="/?band=drifting&amp;sort=name" aria-current="true">Slow ones' in html
    assert "Saved as “Slow ones”." in html


def test_in_the_dialog_a_save_shows_the_page_anew_and_a_refusal_the_form(view: SavedView, leader: User) -> None:
    client = client_of(leader, **{"HX-Request": "true"})
    address = reverse("signals:view_save")
    assert client.get(address).content.decode().lstrip().startswith('<h2 id="dialog-title">')
    assert client.post(address, {"name": "New", "query": "band=healthy"})["HX-Redirect"] == "/?band=healthy"
    refused = client.post(address, {"name": "slow ONES", "query": ""})
    assert refused.status_code == 422
    assert "You have a view of this name already." in refused.content.decode()
    assert 'id="id_name_error"' in refused.content.decode()
    assert "<!doctype html>" not in refused.content.decode()
    assert client.post(address, {"name": " ", "query": ""}).status_code == 422


def test_a_search_too_long_to_be_kept_is_said(leader: User) -> None:
    response = client_of(leader).post(reverse("signals:view_save"), {"name": "Long", "query": "q=" + "%E5%8C%97" * 90})
    assert response.status_code == 422
    assert "too long to be kept" in response.content.decode()
    assert not SavedView.objects.exists()


def test_two_people_may_use_one_name(view: SavedView, manager: User) -> None:
    SavedView.objects.create(owner=manager, name="Slow ones")
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedView.objects.create(owner=view.owner, name="SLOW ones")
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedView.objects.create(owner=manager, name="")


def test_a_shared_view_shows_everybody_the_own_accounts_only(view: SavedView, leader: User, north: Team) -> None:
    SavedView.objects.update(shared=True)
    south = TeamFactory(name="South")
    judged(AccountFactory(name="North Works", team=north), Band.DRIFTING)
    judged(AccountFactory(name="South Works", team=south), Band.DRIFTING)
    other = UserFactory(role=Role.READ_ONLY, teams=[south])
    html = page(other)
    assert "Slow ones" in menu(html)
    assert leader.get_short_name() in menu(html)
    assert names(page(other, f"?{view.query}")) == ["South Works"]


def test_a_private_view_is_as_good_as_missing_to_others(view: SavedView, north: Team) -> None:
    judged(AccountFactory(team=north))
    for role in (Role.SALES_LEADER, Role.ADMINISTRATOR):
        other = client_of(UserFactory(role=role, teams=[north]))
        assert "Slow ones" not in other.get("/?whose=all").content.decode()
        for name in ("edit", "start", "delete", "restore"):
            assert other.post(url(name, view)).status_code == 404


def test_only_its_owner_and_an_administrator_change_a_shared_view(view: SavedView, north: Team) -> None:
    SavedView.objects.update(shared=True)
    other = client_of(UserFactory(role=Role.SALES_LEADER, teams=[north]))
    assert other.get(url("edit", view)).status_code == 403
    assert other.post(url("edit", view), {"name": "Mine"}).status_code == 403
    assert other.post(url("delete", view)).status_code == 403
    administrator = client_of(UserFactory(role=Role.ADMINISTRATOR))
    assert administrator.post(url("edit", view), {"name": "Ours", "shared": "on"}).status_code == 302
    view.refresh_from_db()
    assert (view.name, view.shared, view.query) == ("Ours", True, "band=drifting")


def test_who_only_reads_keeps_views_and_shares_none(north: Team) -> None:
    reader = UserFactory(role=Role.READ_ONLY, teams=[north])
    client = client_of(reader)
    assert 'name="shared"' not in client.get(reverse("signals:view_save")).content.decode()
    client.post(reverse("signals:view_save"), {"name": "Mine", "query": "", "shared": "on"})
    assert SavedView.objects.get(owner=reader).shared is False


@pytest.mark.parametrize("name", ["list", "save", "edit", "start", "delete", "restore"])
def test_strangers_operations_and_wrong_methods(name: str, view: SavedView, leader: User) -> None:
    address = reverse(f"signals:view_{name}", args=[] if name in {"list", "save"} else [view.pk])
    assert Client().get(address)["Location"].startswith("/account/login/")
    assert client_of(UserFactory(role=Role.OPERATIONS)).get(address).status_code == 403
    assert client_of(leader).put(address).status_code == 405
    if name in {"start", "delete", "restore"}:
        assert client_of(leader).get(address).status_code == 405


def test_a_start_view_opens_first_and_the_plain_list_stays_within_reach(
    view: SavedView, leader: User, north: Team
) -> None:
    four_bands(north)
    client = client_of(leader)
    client.post(url("start", view), {"wanted": "1"})
    assert client.get("/")["Location"] == "/?band=drifting"
    html = client.get("/?band=drifting").content.decode()
    assert names(html) == ["Slow"]
    # No link of the page may lead back to where one came from.
    assert 'href="?"' not in html
    assert 'id="band-all" href="?whose=team"' in html
    assert len(names(client.get("/?whose=team").content.decode())) == 4
    by_htmx = client.get("/", headers={"HX-Request": "true"})
    assert len(names(by_htmx.content.decode())) == 4
    assert by_htmx["HX-Push-Url"] == "/?whose=team"
    client.post(url("start", view), {"wanted": "0"})
    assert client.get("/").status_code == 200


def test_a_start_view_that_narrows_nothing_does_not_lead_in_a_circle(leader: User, north: Team) -> None:
    four_bands(north)
    plain = SavedView.objects.create(owner=leader, name="Plain", query="")
    StartView.objects.create(user=leader, view=plain)
    answer = client_of(leader).get("/", follow=True)
    assert answer.redirect_chain == [("/?whose=team", 302)]
    assert len(names(answer.content.decode())) == 4


def test_a_start_view_of_another_falls_away_when_it_is_no_longer_shared(view: SavedView, manager: User) -> None:
    SavedView.objects.update(shared=True)
    client = client_of(manager)
    client.post(url("start", view), {"wanted": "1"})
    assert client.get("/").status_code == 302
    SavedView.objects.update(shared=False)
    assert client.get("/").status_code == 200


def test_a_deleted_view_comes_back_with_undo(view: SavedView, leader: User, north: Team) -> None:
    judged(AccountFactory(team=north))
    client = client_of(leader)
    client.post(url("start", view), {"wanted": "1"})
    client.post(url("delete", view))
    listed = client.get(reverse("signals:view_list")).content.decode()
    assert "“Slow ones” is deleted." in listed
    assert f'action="{url("restore", view)}"' in listed
    assert client.get("/").status_code == 200
    assert client_of(leader, **{"HX-Request": "true"}).post(url("restore", view))["HX-Redirect"] == "/portfolio/views/"
    assert client.get("/")["Location"] == "/?band=drifting"
    assert client.post(url("restore", view)).status_code == 302
    assert SavedView.objects.kept().count() == 1


def test_a_name_taken_meanwhile_is_said_and_nothing_lost(view: SavedView, leader: User) -> None:
    client = client_of(leader)
    client.post(url("delete", view))
    SavedView.objects.create(owner=leader, name="Slow ones")
    client.post(url("restore", view))
    assert "There is another view of this name by now" in client.get(reverse("signals:view_list")).content.decode()
    assert SavedView.objects.kept().count() == 1
    assert SavedView.objects.count() == 2


def test_what_was_deleted_long_ago_is_gone_for_good(view: SavedView, leader: User) -> None:
    old = SavedView.objects.create(owner=leader, name="Old", deleted_at=timezone.now() - timedelta(days=2))
    client = client_of(leader)
    assert client.post(url("restore", old)).status_code == 404
    client.post(url("delete", view))
    assert list(SavedView.objects.all()) == [view]


def test_the_list_says_what_each_view_shows(view: SavedView, leader: User, north: Team) -> None:
    owner = UserFactory(name="Jo Owner", teams=[north])
    AccountFactory(team=north, owner=owner)
    SavedView.objects.create(
        owner=leader, name="Narrow", query=f"tier=key&owner={owner.pk}&signal=silence&status=all&q=pump&sort=name"
    )
    words = spoken(page_of_views(leader))
    assert "Team · Key · Jo Owner · Silence · all, former too · “pump” · sorted by name" in words
    assert "Team · Drifting" in words


def page_of_views(user: User) -> str:
    return client_of(user).get(reverse("signals:view_list")).content.decode()


@pytest.mark.parametrize(
    ("query", "left_out"),
    [
        ("tier=gone", "tier “gone”"),
        ("owner=424242", "owner “424242”"),
        ("band=red&sort=luck", "band “red”, order “luck”"),
        ("signal=tarot", "reason “tarot”"),
        ("colour=blue", "colour “blue”"),
        ("status=" + "x" * 50, "status “" + "x" * 40 + "…”"),
    ],
)
def test_what_a_view_names_and_is_not_there_is_left_out_with_a_word(
    query: str, left_out: str, leader: User, north: Team
) -> None:
    four_bands(north)
    html = page(leader, f"?{query}")
    assert f"Left out, as it is not or no longer here: {left_out}." in spoken(html)
    assert len(names(html)) == 4


@pytest.mark.parametrize("query", ["", "?band=drifting", "?sort=-at_risk", "?whose=team&page=1&q= slow ", "?tier=key"])
def test_what_holds_is_not_spoken_of(query: str, leader: User, north: Team) -> None:
    four_bands(north)
    assert "Left out" not in page(leader, query)
