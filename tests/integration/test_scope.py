"""Who sees which rows, for every model that belongs to an account."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts_app.models import Account, Contact, Incident, Interaction, Link, Order, OrderLine, Role, User
from accounts_app.scope import Audience, ScopedQuerySet, audience_of
from tests.factories import (
    AccountFactory,
    ContactFactory,
    IncidentFactory,
    InteractionFactory,
    LinkFactory,
    OrderFactory,
    TeamFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@dataclass
class World:
    """Two teams with two accounts each; `owner` owns one account of the north, `deputy` deputises one of the south."""

    users: dict[str, User]
    accounts: dict[str, Account]


@pytest.fixture
def world() -> World:
    north, south = TeamFactory(name="North"), TeamFactory(name="South")
    users = {
        "owner": UserFactory(teams=[north]),
        "deputy": UserFactory(teams=[north]),
        "leader": UserFactory(role=Role.SALES_LEADER, teams=[south]),
        "reader": UserFactory(role=Role.READ_ONLY, teams=[north]),
        "operations": UserFactory(role=Role.OPERATIONS),
        "administrator": UserFactory(role=Role.ADMINISTRATOR),
        "nobody's": UserFactory(role=Role.SALES_LEADER),
        "gone": UserFactory(role=Role.ADMINISTRATOR, is_active=False),
    }
    accounts = {
        "north owned": AccountFactory(name="north owned", team=north, owner=users["owner"]),
        "north other": AccountFactory(name="north other", team=north),
        "south deputised": AccountFactory(name="south deputised", team=south, deputy=users["deputy"]),
        "south other": AccountFactory(name="south other", team=south),
        "no team": AccountFactory(name="no team", team=None),
    }
    return World(users, accounts)


ALL = {"north owned", "north other", "south deputised", "south other", "no team"}
SEES = {
    "owner": {"north owned", "north other"},
    "deputy": {"north owned", "north other", "south deputised"},
    "leader": {"south deputised", "south other"},
    "reader": {"north owned", "north other"},
    "operations": ALL,
    "administrator": ALL,
    "nobody's": set(),
    "gone": set(),
}
MAY_EDIT = {
    "owner": {"north owned"},
    "deputy": {"south deputised"},
    "leader": {"south deputised", "south other"},
    "reader": set(),
    "operations": set(),
    "administrator": ALL,
    "nobody's": set(),
    "gone": set(),
}


def names(accounts: ScopedQuerySet[Any]) -> set[str]:
    return set(accounts.values_list("name", flat=True))


@pytest.mark.parametrize("who", SEES)
def test_accounts_visible_by_role(world: World, who: str) -> None:
    assert names(Account.objects.visible_to(world.users[who])) == SEES[who]


@pytest.mark.parametrize("who", MAY_EDIT)
def test_accounts_editable_by_role(world: World, who: str) -> None:
    assert names(Account.objects.editable_by(world.users[who])) == MAY_EDIT[who]


def test_anonymous_sees_nothing(world: World) -> None:
    assert not Account.objects.visible_to(AnonymousUser()).exists()


def test_mine_is_owned_or_deputised(world: World) -> None:
    assert names(Account.objects.mine(world.users["owner"])) == {"north owned"}
    assert names(Account.objects.mine(world.users["deputy"])) == {"south deputised"}


def test_one_audience_sees_the_same(world: World) -> None:
    north = world.users["reader"].teams.get()
    world.users |= {
        "second reader": UserFactory(role=Role.READ_ONLY, teams=[north]),
        "reader of nothing": UserFactory(role=Role.READ_ONLY),
        "second leader": UserFactory(role=Role.SALES_LEADER, teams=list(world.users["leader"].teams.all())),
        "second administrator": UserFactory(role=Role.ADMINISTRATOR, teams=[north]),
    }
    audiences = defaultdict[Audience, set[str]](set)
    for who, user in world.users.items():
        audiences[audience_of(user)].add(who)
    # Leaders may look after accounts of their own, managers do; an administrator who has left sees nothing.
    shared = [who for who in audiences.values() if len(who) > 1]
    assert sorted(map(sorted, shared)) == [["administrator", "second administrator"], ["reader", "second reader"]]
    for members in shared:
        seen = [names(Account.objects.visible_to(world.users[who])) for who in members]
        assert all(one == seen[0] for one in seen)


def rows_of_every_account(accounts: dict[str, Account]) -> None:
    for account in accounts.values():
        contact = ContactFactory(account=account)
        LinkFactory(contact=contact)
        InteractionFactory(account=account)
        IncidentFactory(account=account)
        OrderFactory(account=account).lines.create(position=1, product_code="A1", amount=10)


CHILDREN = {
    Contact: "account__name",
    Incident: "account__name",
    Interaction: "account__name",
    Link: "contact__account__name",
    Order: "account__name",
    OrderLine: "order__account__name",
}
SEEN_BY_OPERATIONS = {Contact, Incident}


@pytest.mark.parametrize("who", SEES)
@pytest.mark.parametrize("model", CHILDREN, ids=lambda model: model.__name__)
def test_children_follow_their_account(world: World, who: str, model: Any) -> None:
    rows_of_every_account(world.accounts)
    expected = set() if who == "operations" and model not in SEEN_BY_OPERATIONS else SEES[who]
    assert set(model.objects.visible_to(world.users[who]).values_list(CHILDREN[model], flat=True)) == expected


def test_a_scoped_row_appears_once(world: World) -> None:
    """An owner who is also in the account's team must not see it twice."""
    assert Account.objects.visible_to(world.users["owner"]).count() == len(SEES["owner"])


def test_every_model_of_an_account_is_scoped() -> None:
    from django.apps import apps

    unscoped = {
        model.__name__
        for app in ("accounts_app", "signals")
        for model in apps.get_app_config(app).get_models()
        if any(field.name == "account" for field in model._meta.get_fields() if field.concrete)
        and not isinstance(model._default_manager.all(), ScopedQuerySet)
    }
    # Keys, marks and quiet periods are read by jobs and the admin only, events by the admin.
    assert {name for name in unscoped if not name.endswith("Event")} <= {"AccountKey", "AccountMark", "QuietPeriod"}
