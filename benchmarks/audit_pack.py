"""Time to gather the evidence of a cycle and to make its PDF pack.

    python -m benchmarks.audit_pack [--accounts 100] [--orders 240] [--contacts 120] [--write pack.pdf]

Starts a throw-away PostgreSQL unless DATABASE_URL names another, and works in a database of its own. Every account has
its history, the judgement of a run, and an audit with every question answered. Target (issue 6): a pack of 100 accounts
within 60 s on two cores.
"""

import argparse
import datetime as dt
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.audits import answer_all  # first: it sets up Django

# isort: split
from django.db import connection
from django.utils import timezone

from accounts_app.models import Account, Role, User
from cadence.models import Audit, AuditCycle, AuditQuestions
from cadence.reports.audit_print import audits_of, pack_pdf
from cadence.services.audit_evidence import evidence_of
from signals.services import runs
from tests.integration.signals.portfolio import DAY, make_portfolio

TARGET_S = 60.0


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    began = time.perf_counter()
    return work(), time.perf_counter() - began


def audited(leader: User, evidence: dict[int, dict[str, Any]]) -> AuditCycle:
    """A cycle with an answered audit of every account."""
    cycle = AuditCycle.objects.create(
        name="2026-Q2",
        begins_on=dt.date(2026, 4, 1),
        questions=AuditQuestions.latest(),
        answers_due_on=DAY,
        due_on=DAY,
        opened_by=leader,
    )
    audits = Audit.objects.bulk_create(
        Audit(
            cycle=cycle,
            account=account,
            owner_id=account.owner_id,
            reviewer=leader,
            evidence=evidence[account.pk],
            evidence_on=DAY,
            judged_band="drifting",
            judgement="They wait for our answer, and their head of purchasing asks others meanwhile.",
        )
        for account in Account.objects.order_by("pk")
    )
    answer_all(audits, cycle, leader)
    return cycle


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, size in (("accounts", 100), ("orders", 240), ("contacts", 120)):
        parser.add_argument(f"--{name}", type=int, default=size)
    parser.add_argument("--write", type=Path, help="where to keep the pack, to be looked at")
    options = parser.parse_args()
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    ids = make_portfolio(accounts=options.accounts, orders=options.orders, contacts=options.contacts)
    runs.work_off(runs.request_explicit(DAY))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    leader = User.objects.create(name="Ada", email="ada@example.test", role=Role.ADMINISTRATOR)
    evidence, gathering = timed(lambda: evidence_of(ids, DAY))
    cycle = audited(leader, evidence)
    keys = audits_of(cycle, leader)
    told, began = list[float](), time.perf_counter()
    pdf, making = timed(
        lambda: pack_pdf(cycle, leader, timezone.now(), keys, lambda _done, _total: told.append(time.perf_counter()))
    )
    print(
        f"audit_pack, {dt.datetime.now(dt.UTC).date()}: {options.accounts} accounts,"
        f" {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    )
    print(f"  evidence {gathering:6.1f} s")
    print(f"  pack     {making:6.1f} s (target {TARGET_S:.0f} s), {len(pdf) / 1e6:.1f} MB")
    print(f"    of it  {told[-1] - began:6.1f} s gathering, the rest setting the pages")
    if options.write:
        options.write.write_bytes(pdf)
    return 0 if making < TARGET_S else 1


if __name__ == "__main__":
    sys.exit(main())
