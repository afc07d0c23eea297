"""Dice that can be thrown again, a night to strike, and servers that may be killed."""

import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.integration.faults.night import LEASE_SECONDS, Night, Size, Start
from tests.integration.faults.own_servers import OwnServers, redirected, started

MakeNight = Callable[[Size], Night]


@pytest.fixture
def dice(request: pytest.FixtureRequest) -> random.Random:
    seed = request.config.getoption("randomly_seed", default=0)
    print(f"seed {seed}")
    return random.Random(seed)


@pytest.fixture
def make_night(celery_worker_process: Start, settings: Any, monkeypatch: pytest.MonkeyPatch) -> MakeNight:
    """Make a night of a size, with short leases here and in its workers."""

    def make(size: Size) -> Night:
        for name, value in (("CHUNK_ACCOUNTS", size.a_chunk), ("CHUNK_LEASE_SECONDS", LEASE_SECONDS)):
            setattr(settings, name, value)
            monkeypatch.setenv(f"VIGIL_{name}", str(value))
        return Night(celery_worker_process, size)

    return make


@pytest.fixture
def own_servers(transactional_db: None) -> Iterator[OwnServers]:
    """A pair of its own with the tables of the test database; here and in workers it takes the place of the other.

    Ask for it before `make_night`: workers must be gone before their servers are.
    """
    with started() as servers, redirected(servers):
        yield servers
