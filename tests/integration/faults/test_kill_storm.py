"""Workers are killed in the middle of their work: the run ends all the same, with the same result as a calm one."""

import random

import pytest

from signals.services import ledger
from tests.integration.faults.conftest import MakeNight
from tests.integration.faults.night import FULL, SMALL, STORM, Size, kill_worker


def test_a_worker_does_the_whole_run_from_its_messages(make_night: MakeNight) -> None:
    night = make_night(Size(30, 20, 10))
    night.begin()
    night.finish()
    night.check()
    assert {chunk.attempts for chunk in night.run.chunks.all()} == {1}
    assert not night.run.chunks.filter(claimed_by=ledger.this_worker()).exists()


@pytest.mark.parametrize(
    ("size", "kills"), [pytest.param(SMALL, 2, id="small"), pytest.param(FULL, 20, id="full", marks=STORM)]
)
def test_a_night_survives_killed_workers(make_night: MakeNight, dice: random.Random, size: Size, kills: int) -> None:
    night = make_night(size)
    night.begin()
    night.strike([kill_worker] * kills, dice)
    night.finish()
    night.check()
    assert night.run.chunks.filter(attempts__gt=1).exists()
