"""Log-in by e-mail address, and the brake on guessing."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.factories import UserFactory
from tests.factories.facts import PASSWORD

pytestmark = pytest.mark.django_db

LOG_IN = reverse("account_login")


@pytest.fixture(autouse=True)
def a_process_that_remembers_nothing() -> Iterator[None]:
    """allauth counts in the memory of one web process."""
    cache.clear()
    yield
    cache.clear()


def log_in(client: Client, email: str, password: str) -> int:
    return client.post(LOG_IN, {"login": email, "password": password}).status_code


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("spelt", ["ada@example.test", "Ada@Example.Test"])
def test_the_address_is_taken_in_any_case(spelt: str) -> None:
    UserFactory(email="ada@example.test")
    client = Client()
    assert log_in(client, spelt, PASSWORD) == 302
    assert is_in(client)


def test_a_wrong_password_and_an_unknown_address_answer_alike() -> None:
    UserFactory(email="ada@example.test")
    answers = [
        Client().post(LOG_IN, {"login": who, "password": "wrong"}) for who in ("ada@example.test", "b@example.test")
    ]
    errors = [answer.context["form"].errors.as_text() for answer in answers]
    assert errors[0] == errors[1] != ""


def test_guessing_is_locked_out_and_the_right_password_with_it() -> None:
    UserFactory(email="ada@example.test")
    client = Client()
    answers = []
    for n in range(12):
        answers.append(log_in(client, "ada@example.test", f"wrong {n}"))
        cache.clear()  # the next one reaches another process: what counts now is in the database
    assert answers[:9] == [200] * 9
    assert answers[10:] == [429] * 2
    locked = client.post(LOG_IN, {"login": "ada@example.test", "password": PASSWORD})
    assert locked.status_code == 429
    assert "Locked for a while" in locked.content.decode()
    assert not is_in(client)


def test_one_process_slows_guessing_before() -> None:
    UserFactory(email="ada@example.test")
    client = Client()
    for n in range(6):
        log_in(client, "ada@example.test", f"wrong {n}")
    log_in(client, "ada@example.test", PASSWORD)
    assert not is_in(client)


def test_a_user_switched_off_does_not_get_in() -> None:
    UserFactory(email="ada@example.test", is_active=False)
    client = Client()
    log_in(client, "ada@example.test", PASSWORD)
    assert not is_in(client)
