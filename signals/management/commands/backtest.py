import datetime as dt
import json
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from signals.management.commands.compute_signals import day
from signals.models import BacktestResult, RuleSet, Run, RunChunk
from signals.pages.backtest import words
from signals.services import assess, backtest, backtest_figures, runs


class Command(BaseCommand):
    help = (
        "Goes back week by week, judges every account by what was known then, and tells which losses would have been "
        "seen, how early, and how many alarms would have been false. Works beside the workers, and alone where there "
        "are none; one that is under way is worked off instead of a new one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", type=day, dest="first", help="first day to judge; two years back without it")
        parser.add_argument("--to", type=day, dest="last", help="last day to judge; the last business date without it")
        parser.add_argument("--step", type=int, default=backtest.WEEK, help="days from one day to the next")
        parser.add_argument("--rules", type=int, help="version of the rules; those in force without it")
        parser.add_argument("--json", action="store_true", help="print the figures as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        began, today = time.monotonic(), runs.business_date(timezone.now())
        result = self._begun(options, today)
        runs.work_off(result.run)
        if result.run.state == Run.State.CANCELLED:
            raise CommandError(_("The backtest was cancelled."))
        found = summary(result) | {"seconds": round(time.monotonic() - began, 1)}
        self.stdout.write(json.dumps(found) if options["json"] else in_words(found))

    def _begun(self, options: dict[str, Any], today: dt.date) -> BacktestResult:
        usual = backtest.usual_span(options["last"] or today)
        if usual is None:
            raise CommandError(_("There are no orders yet: nothing can be judged."))
        span = backtest.Span(options["first"] or usual.from_day, usual.until_day, options["step"])
        try:
            return backtest.request(span, by=None, today=today, rule_set=_rules(options["rules"]))
        except backtest.SpanError as wrong:
            raise CommandError(str(wrong)) from None
        except backtest.BusyError:
            return self._other(span)

    def _other(self, span: backtest.Span) -> BacktestResult:
        """The one that is under way, if it is the same."""
        other = backtest.under_way()
        if other is None or (other.run.from_day, other.run.business_date) != (span.from_day, span.until_day):
            raise CommandError(_("Another backtest is under way: wait for it, or cancel it on its page."))
        return other


def _rules(version: int | None) -> RuleSet | None:
    if version is None:
        return None
    rule_set = RuleSet.objects.filter(version=version).first()
    if rule_set is None:
        raise CommandError(_("There is no version %(version)d of the rules.") % {"version": version})
    return rule_set


def summary(result: BacktestResult) -> dict[str, Any]:
    """What the backtest came to, over all accounts."""
    run = result.run
    failed = run.chunks.filter(state=RunChunk.State.QUARANTINED, phase=Run.Phase.COMPUTE)
    return {
        "result": result.pk,
        "from": run.days[0].isoformat(),
        "to": run.days[-1].isoformat(),
        "step": run.step_days,
        "days": len(run.days),
        "rules": run.rule_set.version,
        "known_until": result.known_until.isoformat(),
        "state": run.state,
        "not_replayed": list(failed.values_list("first_account", flat=True)),
        **backtest_figures.keep(result, assess.account_ids()),
    }


def in_words(found: dict[str, Any]) -> str:
    head = _("%(accounts)d accounts judged on %(days)d days from %(from)s to %(to)s in %(seconds)s s, rules of version "
             "%(rules)d.") % found  # fmt: skip
    lines = [head, *words.sentences(found), *words.cautions(found)]
    if found["not_replayed"]:
        lines.append(_("Not replayed: %(accounts)s.") % {"accounts": ", ".join(map(str, found["not_replayed"]))})
    for title, rows in words.groups(found):
        lines += ["", title]
        lines += [
            f"  {row.name:32s} {row.figures['detected']:3d} seen {row.figures['missed']:3d} missed  "
            f"lead {' '.join(row.lead):12s} false {row.false_rate:>5s}  precision {' '.join(row.precision):12s} "
            f"AUC {' '.join(row.auc)}"
            for row in rows
        ]
    return "\n".join(lines)
