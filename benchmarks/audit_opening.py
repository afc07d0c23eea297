"""Time to open the audit of a quarter, to sign its audits, and to verify the chain.

    python -m benchmarks.audit_opening [--accounts 500] [--orders 240] [--contacts 120]

Starts a throw-away PostgreSQL unless DATABASE_URL names another, and works in a database of its own. Every account has
its history and the judgement of a run, and the policy takes all of them in. Target (issue 6): 500 accounts opened
within 30 s.
"""

import argparse
import datetime as dt
import os
import sys

from benchmarks.audits import answer_all  # first: it sets up Django

# isort: split
from django.db import connection

from accounts_app.models import Role, Team, User
from benchmarks.audit_pack import timed
from cadence.models import Audit, AuditCycle, AuditPolicy
from cadence.services.audit_records import verify
from cadence.services.audit_signing import sign_as_leader, sign_as_owner
from cadence.services.audits import open_cycle
from signals.services import runs
from tests.integration.signals.portfolio import DAY, make_portfolio

TARGET_S = 30.0
MANAGERS = 12


def led() -> User:
    """Everybody works in the team, so that there is much to share out; returns who leads it."""
    team = Team.objects.get()
    leader = User.objects.create(name="Leader", email="leader@example.test", role=Role.SALES_LEADER)
    for user in User.objects.all():
        user.teams.add(team)
    return leader


def sign_all(cycle: AuditCycle, leader: User) -> None:
    for audit in Audit.objects.filter(cycle=cycle).select_related("owner"):
        if audit.owner is not None:
            sign_as_owner(audit, by=audit.owner)
            sign_as_leader(audit, by=leader)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, size in (("accounts", 500), ("orders", 240), ("contacts", 120)):
        parser.add_argument(f"--{name}", type=int, default=size)
    options = parser.parse_args()
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    make_portfolio(accounts=options.accounts, orders=options.orders, contacts=options.contacts, managers=MANAGERS)
    leader = led()
    runs.work_off(runs.request_explicit(DAY))
    AuditPolicy.objects.create(pk=1, revenue_share=100, bands=["at_risk", "drifting", "unknown", "healthy"])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    cycle, opening = timed(lambda: open_cycle(DAY, by=leader))
    audits = list(cycle.audits.all())
    answer_all(audits, cycle, leader)
    Audit.objects.filter(cycle=cycle).update(judged_band="drifting", judgement="They wait for our answer.")
    _none, signing = timed(lambda: sign_all(cycle, leader))
    findings, verifying = timed(verify)
    machine = f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    print(f"audit_opening, {dt.datetime.now(dt.UTC).date()}: {len(audits)} audits, {machine}")
    print(f"  opened   {opening:6.1f} s (target {TARGET_S:.0f} s)")
    print(f"  signed   {signing:6.1f} s by both, {1000 * signing / max(1, len(audits)):.0f} ms an audit")
    print(f"  verified {verifying:6.1f} s, {len(findings)} findings")
    return 0 if opening < TARGET_S and not findings else 1


if __name__ == "__main__":
    sys.exit(main())
