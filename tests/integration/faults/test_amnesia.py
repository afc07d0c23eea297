"""The queue forgets everything, queue and database are cut off: what is in the ledger is worked off all the same."""

import random

import pytest
import redis

from tests.integration.faults.conftest import MakeNight
from tests.integration.faults.night import FULL, SMALL, STORM, Fault, Night, Size
from tests.integration.faults.own_servers import OwnServers


def faults_of(servers: OwnServers) -> list[Fault]:
    def forget_messages(night: Night) -> bool:
        with redis.Redis.from_url(servers.queue_url) as queue:
            landed = bool(queue.exists("unacked", "long")) and bool(night.held)
            queue.flushall()
        return landed

    def kill_queue(night: Night) -> bool:
        before = night.held
        servers.kill_queue()
        return bool(before & night.held)

    def restart_database(night: Night) -> bool:
        before = night.held
        servers.restart_database()
        return bool(before & set(night.run.chunks.filter(state="running").values_list("pk", "attempts")))

    return [forget_messages, kill_queue, restart_database]


@pytest.mark.parametrize(
    ("size", "times"), [pytest.param(SMALL, 1, id="small"), pytest.param(FULL, 5, id="full", marks=STORM)]
)
def test_a_night_survives_what_its_servers_forget(
    own_servers: OwnServers, make_night: MakeNight, dice: random.Random, size: Size, times: int
) -> None:
    """The same worker is there from beginning to end: it finds its way back by itself."""
    night = make_night(size)
    night.begin()
    faults = faults_of(own_servers) * times
    dice.shuffle(faults)
    night.strike(faults, dice)
    night.finish()
    night.check()
