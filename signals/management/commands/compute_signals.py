import argparse
import datetime as dt
import json
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts_app.models import Account
from signals.models import Alert, Run, RunChunk, Standing
from signals.services import dispatch, runs
from signals.services.checksum import run_checksum


def day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(_("%(text)s is not a date such as 2026-11-22") % {"text": text}) from None


class Command(BaseCommand):
    help = (
        "Judges all accounts on a day: readings, risk, standings and alerts. Works beside the workers, and alone where "
        "there are none; a run that was broken off is taken up again. With --as-of the pages show that day until the "
        "next night; without it, the run of this business date is made anew."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", type=day, help="the day to judge, with what was known then")
        parser.add_argument("--from", type=day, dest="first", help="also fill the risk of the days from this one on")
        parser.add_argument("--step", type=int, default=7, help="days from one filled day to the next (with --from)")
        parser.add_argument("--account", type=int, help="only this account, with what the run of the day learnt")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        began, now = time.monotonic(), timezone.now()
        as_of = options["as_of"] or runs.business_date(now)
        self._check(as_of, options)
        if options["first"]:
            runs.work_off(runs.request_history(options["first"], as_of, options["step"]))
        run = self._run_of(as_of, options, now)
        runs.work_off(run)
        if options["account"] is not None:
            dispatch.recompute_accounts([options["account"]], run)
        result = summary(run) | {"seconds": round(time.monotonic() - began, 1)}
        self.stdout.write(json.dumps(result) if options["json"] else in_words(result))

    def _check(self, as_of: dt.date, options: dict[str, Any]) -> None:
        if as_of > runs.today(timezone.now()):
            raise CommandError(_("%(day)s has not come yet.") % {"day": as_of})
        if options["first"] and options["first"] > as_of:
            raise CommandError(_("--from must not be after the day to judge."))
        if options["step"] < 1:
            raise CommandError(_("--step must be at least 1."))
        if options["account"] is not None and not Account.objects.filter(pk=options["account"]).exists():
            raise CommandError(_("There is no account %(pk)d.") % {"pk": options["account"]})

    def _run_of(self, as_of: dt.date, options: dict[str, Any], now: dt.datetime) -> Run:
        """For one account the newest run of the day serves, if there is one: its fit holds for all accounts."""
        fitted = Run.objects.assessments().filter(business_date=as_of).exclude(params={}).order_by("-ticket").first()
        if options["account"] is not None and fitted:
            return fitted
        return runs.request_explicit(as_of) if options["as_of"] else runs.request_nightly(now)


def summary(run: Run) -> dict[str, Any]:
    """What the run came to."""
    standings = Standing.objects.filter(run=run)
    lost = run.chunks.filter(phase=Run.Phase.COMPUTE, state=RunChunk.State.QUARANTINED)
    return {
        "as_of": run.business_date.isoformat(),
        "run": run.pk,
        "state": run.state,
        "accounts": standings.count(),
        "bands": dict(standings.values_list("band").annotate(Count("pk")).order_by("band_rank")),
        "not_computed": list(lost.values_list("first_account", flat=True)),
        "open_alerts": Alert.objects.unclosed().filter(judged_on=run.business_date).count(),
        "notices": run.notices,
        "history_to_fill": Run.objects.unfinished().filter(kind=Run.Kind.HISTORY).exists(),
        "checksum": run_checksum(run.business_date),
    }


def in_words(result: dict[str, Any]) -> str:
    bands = ", ".join(f"{count} {band.replace('_', ' ')}" for band, count in result["bands"].items())
    lines = [
        _("%(accounts)d accounts as of %(as_of)s in %(seconds)s s: %(bands)s; %(open_alerts)d open alerts.")
        % (result | {"bands": bands})
    ]
    if result["not_computed"]:
        lines.append(_("Not computed: %(accounts)s.") % {"accounts": ", ".join(map(str, result["not_computed"]))})
    if result["notices"]:
        lines.append(_("Said on the pages: %(notices)s.") % {"notices": json.dumps(result["notices"])})
    if result["history_to_fill"]:
        lines.append(_("The past 18 months are filled in the background, by the workers."))
    return "\n".join([*lines, _("Checksum %(checksum)s") % result])
