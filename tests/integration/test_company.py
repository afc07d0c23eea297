"""Our country, in the hands of an administrator."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts_app.models import Company, Role
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    Company.the()
    client = Client()
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    return client


def test_our_country_is_named_and_shown(client: Client) -> None:
    assert "Our own country is not said" in client.get(reverse("accounts:person_list")).content.decode()
    assert client.post(reverse("accounts:company_edit"), {"country": " Germany "}).status_code == 302
    assert Company.the().country == "Germany"
    assert "Public holidays of <strong>Germany</strong>" in client.get(reverse("accounts:person_list")).content.decode()


def test_an_unknown_country_is_refused_at_its_field(client: Client) -> None:
    answer = client.post(reverse("accounts:company_edit"), {"country": "Atlantis"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["country"])
    assert Company.the().country == ""
    assert client.post(reverse("accounts:company_edit"), {"country": ""}).status_code == 302
