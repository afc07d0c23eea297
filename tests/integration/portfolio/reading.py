"""Reading the portfolio page as a user would, and an account in every band."""

import re

from django.test import Client

from accounts_app.models import Team, User
from signals.models import Band
from tests.factories import AccountFactory
from tests.factories.judgement import judged


def page(user: User, query: str = "", **headers: str) -> str:
    client = Client(headers=headers)
    client.force_login(user)
    response = client.get("/" + query)
    assert response.status_code == 200
    return response.content.decode()


def names(html: str) -> list[str]:
    return re.findall(r'class="row-link" href="[^"]+">([^<]+)<', html)


def row(html: str, name: str) -> str:
    found = re.search(rf"<tr (?:(?!</tr>).)*?>{name}<.*?</tr>", html, re.DOTALL)
    assert found, f"no row of {name}"
    return found[0]


def spoken(html: str) -> str:
    """The words of a page, without markup and with plain spaces."""
    return re.sub(r"[\s\N{NO-BREAK SPACE}]+", " ", re.sub(r"<[^>]+>", " ", html))


def four_bands(team: Team) -> None:
    for name, band, revenue in (
        ("Calm", Band.HEALTHY, 9_000_000),
        ("Slow", Band.DRIFTING, 50_000),
        ("Gone", Band.AT_RISK, 20_000),
        ("Dark", Band.UNKNOWN, 70_000),
    ):
        judged(AccountFactory(name=name, team=team), band, revenue=revenue)
