"""Time and memory of `manage.py score_orders` on a million orders, beside a plain pandas read of the same file.

    python -m benchmarks.score_orders [--orders 1000000] [--customers 20000]

Both run as processes of their own, start-up included, one after the other. Target (issue 2): under 40 s and 1 GB.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
SEED = 20_260_101
FIRST_DAY, LAST_DAY = "2019-01-01", "2025-12-31"
SECONDS, BYTES = 40.0, 1e9


@dataclass(frozen=True)
class Usage:
    """Wall-clock seconds and peak resident bytes of one process."""

    seconds: float
    peak_bytes: int


def write_orders(path: Path, orders: int, customers: int) -> None:
    """Draw customers with rates over two powers of ten and regularities from .6 to 8; a third leave on the way."""
    rng = np.random.default_rng(SEED)
    span = (pd.Timestamp(LAST_DAY) - pd.Timestamp(FIRST_DAY)).days
    share = rng.lognormal(0, 1, customers)
    counts = rng.multinomial(orders, share / share.sum())
    customer = np.repeat(np.arange(customers), counts)
    shape = rng.choice([0.6, 1.0, 1.7, 3.0, 8.0], customers)[customer]
    steps = pd.Series(rng.gamma(shape, 1 / shape))
    reached = steps.groupby(customer).cumsum()
    whole = reached.groupby(customer).transform("max")
    stays = np.where(rng.random(customers) < 1 / 3, rng.uniform(0.2, 1, customers), 1.0)[customer]
    day = pd.Timestamp(FIRST_DAY) + pd.to_timedelta((reached / whole * stays * span).astype(int), unit="D")
    pd.DataFrame(
        {
            "customer": [f"C{number:06d}" for number in customer],
            "date": day.dt.strftime("%Y-%m-%d"),
            "amount": rng.lognormal(6, 1.5, orders).round(2) * np.where(rng.random(orders) < 0.02, -1, 1),
        }
    ).sample(frac=1, random_state=SEED).to_csv(path, index=False)


def measure(*command: str) -> Usage:
    """Run a command to its end and return what it took."""
    begun = time.perf_counter()
    process = subprocess.Popen([sys.executable, *command], cwd=ROOT)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]} ended with {process.returncode}")
    # Linux counts in KiB, macOS in bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    return Usage(time.perf_counter() - begun, usage.ru_maxrss * unit)


def main(arguments: list[str] | None = None) -> int:
    """Print both and their ratio; 1 where the target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--customers", type=int, default=20_000)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        file, out = Path(folder) / "orders.csv", Path(folder) / "scores.csv"
        write_orders(file, chosen.orders, chosen.customers)
        plain = measure("-c", f"import pandas; pandas.read_csv({str(file)!r}, parse_dates=['date'])")
        scored = measure("manage.py", "score_orders", str(file), "--as-of", LAST_DAY, "--out", str(out))
    print(f"score_orders, {chosen.orders:,} orders of {chosen.customers:,} customers, one day")
    for name, usage in (("plain pandas read", plain), ("score_orders", scored)):
        print(f"  {name:18s}{usage.seconds:7.1f} s{usage.peak_bytes / 1e6:9.0f} MB")
    print(f"  {'ratio':18s}{scored.seconds / plain.seconds:7.1f}  {scored.peak_bytes / plain.peak_bytes:9.1f}")
    missed = scored.seconds > SECONDS or scored.peak_bytes > BYTES
    print(f"  target {SECONDS:.0f} s, {BYTES / 1e6:.0f} MB: {'MISSED' if missed else 'met'}")
    return int(missed)


if __name__ == "__main__":
    raise SystemExit(main())
