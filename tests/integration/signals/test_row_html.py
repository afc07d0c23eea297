"""A row of the portfolio is drawn once for what it shows, and anew as soon as that is another."""

import re
from collections.abc import Callable

import pytest
from django.template.loader import render_to_string
from django.test import Client

from accounts_app.models import Account, Role, User
from signals.models import Band
from signals.pages.portfolio import row_html as module
from tests.factories import AccountFactory, TeamFactory, UserFactory
from tests.factories.judgement import judged

pytestmark = pytest.mark.django_db


@pytest.fixture
def account() -> Account:
    team = TeamFactory()
    return AccountFactory(name="Alpha Works", team=team, owner=UserFactory(name="Marta Sanz", teams=[team]))


@pytest.fixture
def leader(account: Account) -> User:
    return UserFactory(role=Role.SALES_LEADER, teams=[account.team])


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The rows drawn, by the name of their account."""
    names: list[str] = []
    draw = render_to_string

    def counted(template: str, context: dict[str, object]) -> str:
        names.append(str(context["account"]))
        return draw(template, context)

    monkeypatch.setattr(module, "render_to_string", counted)
    module._drawn.cache_clear()
    return names


def rename(account: Account) -> None:
    Account.objects.filter(pk=account.pk).update(name="Another Works")


def give_away(account: Account) -> None:
    owner = UserFactory(name="Ines Roth", teams=[account.team])
    Account.objects.filter(pk=account.pk).update(owner=owner)


def rename_owner(account: Account) -> None:
    User.objects.filter(owned_accounts=account).update(name="Ines Roth")


def judge_anew(account: Account) -> None:
    account.standing.delete()
    judged(account, band=Band.AT_RISK, risk=77)


def row_text(page: str, account: Account) -> str:
    """What is read in the row, without the moments and keys of its attributes."""
    row = page.split(f'id="account-{account.pk}"')[1].split("</tr>", maxsplit=1)[0]
    return re.sub(r"<[^>]*>", " ", row.partition(">")[2])


@pytest.mark.parametrize(
    ("change", "seen"),
    [(rename, "Another Works"), (give_away, "Roth"), (rename_owner, "Roth"), (judge_anew, "77")],
)
def test_what_a_row_shows_is_drawn_once_and_anew_when_it_changes(
    change: Callable[[Account], None], seen: str, leader: User, account: Account, drawn: list[str]
) -> None:
    judged(account)
    client = Client()
    client.force_login(leader)
    first = client.get("/").content.decode()
    assert client.get("/").content.decode().count(f'id="account-{account.pk}"') == 1
    assert drawn == [account.name]
    change(account)
    page = client.get("/").content.decode()
    assert seen in row_text(page, account)
    assert seen not in row_text(first, account)
    assert len(drawn) == 2
