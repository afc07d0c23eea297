"""Does the order rhythm see who will order no more, and how does it compare? Replayed on real payment histories.

    python -m benchmarks.detection [london] [network_rail] [--every 30] [--no-alarms]

Protocol (design: detection.md). Eligible on a day t: at least 5 order days, own mean gap mg of at most 60 days, silence
c of at most H = clip(3 mg, 30, 180); gone: no order in (t, t + H]; early zone: c of at most 1.5 mg. Accounts with mg of
60 to 180 days and H = clip(3 mg, 30, 365) are reported apart. Everything is fitted on the rows until t; learners on
cases of earlier days whose horizon was over by t. Windows that touch a stretch in which the whole feed is silent are
left out: whether an account ordered there is not known. Peers: plain rules; BG/NBD, Pareto/NBD and MBG/CNBD-k, each as
1 - P(alive) and as P(no order in H), fitted on all history and on the last year; logistic regression and gradient
boosting on recency and frequency. Intervals: bootstrap over accounts. Needs the folder named by VIGIL_TEST_DATA.
Choices looked at london only.
"""

import argparse
import os
import time

from benchmarks.replay import report
from benchmarks.replay.delay import weeks
from benchmarks.replay.histories import histories, read
from benchmarks.replay.scoring import replay
from signals.compute.order_rhythm import OrderRhythm

FILES = ("london", "network_rail")
REFIT = 3  # of so many origins one is learnt from for the alarms, as the backtest page does every 13 weeks


def judge(name: str, every: int, *, with_alarms: bool) -> None:
    """Replay one file and print what was found."""
    begun = time.perf_counter()
    facts = read(name)
    past = histories(facts)
    cases, learnt = replay(facts, past, OrderRhythm(), every)
    print(f"\n=== {name}, origins every {every} days, {len(learnt)} of them")
    usual, rare = cases[~cases["rare"]], cases[cases["rare"]]
    early = usual[usual["early"]].reset_index(drop=True)
    report.zone("early zone", early)
    report.strata(early)
    report.zone("all", usual.reset_index(drop=True))
    report.zone("mean gap 60-180 days, early zone", rare[rare["early"]].reset_index(drop=True))
    report.zone("mean gap 60-180 days, all", rare.reset_index(drop=True))
    report.at_bound([(each.day, each.at_bound) for each in learnt])
    if with_alarms:
        report.alarms(weeks(facts, past, learnt[::REFIT]), report.best_textbook(early))
    print(f"({time.perf_counter() - begun:.0f} s)")


def main(arguments: list[str] | None = None) -> int:
    """Judge the files named, or both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", metavar="FILE", help=" or ".join(FILES))
    parser.add_argument("--every", type=int, default=30, metavar="DAYS", help="days between origins")
    parser.add_argument("--no-alarms", action="store_true", help="leave out delay against false alarms")
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.files) - set(FILES):
        parser.error(f"no such file: {', '.join(sorted(unknown))}")
    if "VIGIL_TEST_DATA" not in os.environ:
        parser.error("set VIGIL_TEST_DATA to the folder of the real data sets")
    for name in chosen.files or FILES:
        judge(name, chosen.every, with_alarms=not chosen.no_alarms)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
