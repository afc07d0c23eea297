"""Runs every benchmark, one after the other: `make bench`. Each prints its figures as ratios within its own run."""

import os
import subprocess
import sys

ON_MADE_DATA = (
    "score_orders",
    "nightly_run",
    "nights",
    "portfolio",
    "search",
    "save_incident",
    "save_contact",
    "cadence",
    "planning",
    "backtest",
    "audit_opening",
    "audit_pack",
    "audits",
    "economics",
)
ON_REAL_DATA = ("import_lines", "detection")


def main() -> int:
    names = list(ON_MADE_DATA)
    if os.environ.get("VIGIL_TEST_DATA"):
        names += ON_REAL_DATA
    else:
        print(f"Left out without VIGIL_TEST_DATA: {', '.join(ON_REAL_DATA)}")
    missed = [name for name in names if not met(name)]
    if missed:
        print(f"Not within its target: {', '.join(missed)}")
    return 1 if missed else 0


def met(name: str) -> bool:
    """Run one benchmark in a process of its own, so that none inherits another's memory."""
    print(f"\n== {name}", flush=True)
    return subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
