"""A form opened as a page by itself leads back to its list when saved; in the dialog it is saved where it stands."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts_app.models import Role, Tier
from tests.factories import TeamFactory, UserFactory
from tests.factories.facts import LossFactory

pytestmark = pytest.mark.django_db


def addresses() -> list[str]:
    return [
        reverse("accounts:user_add"),
        reverse("accounts:user_edit", args=[UserFactory().pk]),
        reverse("accounts:team_add"),
        reverse("accounts:team_edit", args=[TeamFactory().pk]),
        reverse("accounts:tier_edit", args=[Tier.objects.get(name="Key").pk]),
        reverse("accounts:company_edit"),
        reverse("signals:loss_conclude", args=[LossFactory.create().pk]),
    ]


def test_a_page_s_form_is_sent_as_a_page(client: Client) -> None:
    """Sent by htmx it would stay open: its answer closes a dialog that is not there."""
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    for address in addresses():
        in_dialog = client.get(address, headers={"HX-Request": "true"}).content.decode()
        page = client.get(address).content.decode()
        assert f'hx-post="{address}"' in in_dialog, address
        assert f'hx-post="{address}"' not in page, address
        assert f'action="{address}"' in page, address
        assert 'hx-target="#dialog-body"' not in page, address


def test_saving_the_page_shows_the_list_with_the_message(client: Client) -> None:
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    answer = client.post(reverse("accounts:team_add"), {"name": "North"}, follow=True)
    assert answer.redirect_chain == [(reverse("accounts:team_list"), 302)]
    assert "North saved." in answer.content.decode()
