"""The database is restarted under the web server: whoever asks next is answered."""

import http.client
import os
import time
from collections.abc import Iterator
from contextlib import closing
from http import HTTPStatus

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts_app.models import Role
from config.local import programs
from config.local.children import Child, Log
from config.local.state import free_port
from tests.factories import UserFactory
from tests.integration.faults.own_servers import START_SECONDS, OwnServers

# Each process of the server has a pool; so many requests one after the other come to both.
REQUESTS = 12


@pytest.fixture
def port(own_servers: OwnServers) -> Iterator[int]:
    """The web server as `manage.py up` runs it, over the database that will be restarted."""
    port = free_port()
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    web = programs.web(env, Log(quiet=True), port=port)
    web.start()
    try:
        wait_until_it_answers(web, port)
        yield port
    finally:
        web.stop()


def wait_until_it_answers(web: Child, port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            status(port, cookie="")
        except ConnectionError:
            assert web.running, "\n".join(web.tail)
            assert time.monotonic() < deadline, "\n".join(web.tail)
            time.sleep(0.1)
        else:
            return


def status(port: int, cookie: str) -> int:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=START_SECONDS)) as asked:
        asked.request("GET", reverse("accounts:keys"), headers={"Cookie": cookie})
        return asked.getresponse().status


def test_no_request_fails_after_the_database_came_back(own_servers: OwnServers, port: int) -> None:
    """The connections a pool kept are dead then: each is tried before it is handed out."""
    client = Client()
    client.force_login(UserFactory(role=Role.ADMINISTRATOR))
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    assert [status(port, cookie) for _request in range(REQUESTS)] == [HTTPStatus.OK] * REQUESTS
    own_servers.restart_database()
    assert [status(port, cookie) for _request in range(REQUESTS)] == [HTTPStatus.OK] * REQUESTS
