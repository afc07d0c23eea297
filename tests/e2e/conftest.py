"""A browser that is logged in, waits for htmx, and knows the accessibility rules and the content security policy."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, Request, ViewportSize, expect

from accounts_app.models import User

LogIn = Callable[[Page, User], None]

# What a fragment on its way looks like: nothing is asserted before it has settled.
BUSY = ".htmx-request, .htmx-settling, .htmx-swapping"
LAST_ANSWERS_MS = 5000
DESKTOP, PHONE = ViewportSize(width=1480, height=860), ViewportSize(width=390, height=844)
LOOKS = [("light", DESKTOP), ("dark", DESKTOP), ("light", PHONE), ("dark", PHONE)]


@pytest.fixture
def log_in(live_server: Any) -> LogIn:
    """Put a user's session into the browser, as the log-in page would."""

    def with_session(page: Page, user: User) -> None:
        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])

    return with_session


@pytest.fixture(autouse=True)
def nothing_blocked_or_broken(page: Page) -> Iterator[None]:
    """No page may break its own policy or throw."""
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: said.append(message.text) if "Content Security Policy" in message.text else None)
    yield
    assert said == []


@pytest.fixture(autouse=True)
def nothing_under_way(transactional_db: None, page: Page) -> Iterator[None]:
    """What a page still asks when its test is over would meet, and hold up, the emptying of the tables."""
    under_way: set[Request] = set()
    # Functions of their own: what Playwright calls it marks, which it cannot do to a method of a set.
    page.on("request", lambda asked: under_way.add(asked))  # noqa: PLW0108
    page.on("requestfinished", lambda asked: under_way.discard(asked))  # noqa: PLW0108
    page.on("requestfailed", lambda asked: under_way.discard(asked))  # noqa: PLW0108
    yield
    for _time in range(LAST_ANSWERS_MS // 20):
        if not under_way or page.is_closed():
            break
        page.wait_for_timeout(20)


def settled(page: Page) -> None:
    # Not wait_for_function, which evaluates a string: the policy forbids that to Playwright as well.
    expect(page.locator(BUSY)).to_have_count(0)


def accessibility_faults(page: Page) -> list[str]:
    """What axe-core finds, each with the elements it means."""
    violations = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['help']} {[node['target'] for node in one['nodes'][:3]]}" for one in violations]
