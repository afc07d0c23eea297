"""What an audit is compared with: the last one signed of the account, as the evidence holds it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from accounts_app.models import User
from accounts_app.templatetags.formats import day_text
from cadence.models import ActionClosing, Audit, AuditAction, AuditAnswer
from cadence.pages.audit_actions import ActionLine
from signals.models import Band

ON_TIME = ActionClosing.Outcome.DONE


@dataclass(frozen=True)
class Moved:
    """A question that has another score than last time."""

    key: str
    text: str
    before: int
    now: int


@dataclass(frozen=True)
class Promised:
    """An action of the last audit, as it stood when the evidence was taken."""

    text: str
    owner: str
    due_on: date
    outcome: str
    note: str

    @property
    def how(self) -> str:
        if not self.outcome:
            return _("not done; {when}").format(when=self.why_not)
        label = str(ActionClosing.Outcome(self.outcome).label)
        return f"{label}: {self.note}" if self.note else label

    @property
    def why_not(self) -> str:
        """Below a heading that says already that it was not done."""
        return self.how if self.outcome else _("was due {day}").format(day=day_text(self.due_on))


class Before:
    """The audit before this one; of an account never audited everything is empty."""

    def __init__(self, audit: Audit, answers: Mapping[str, AuditAnswer], today: date) -> None:
        self.audit, self.now, self.today = audit, answers, today
        self.said: Mapping[str, Any] = audit.evidence.get("before", {})
        self.is_known = bool(self.said.get("known"))

    @property
    def cycle(self) -> str:
        return str(self.said.get("cycle", ""))

    @property
    def band(self) -> str:
        return str(self.said.get("judged_band", ""))

    @cached_property
    def answers(self) -> dict[str, AuditAnswer]:
        """Its answers with their reasons: they are frozen, so what is read today is what was signed."""
        if not self.is_known:
            return {}
        return {row.question: row for row in AuditAnswer.objects.filter(audit=self.said["audit"])}

    @cached_property
    def moved(self) -> list[Moved]:
        scores: Mapping[str, int] = self.said.get("scores", {})
        texts = {one["key"]: one["text"] for one in self.audit.cycle.questions.questions}
        found = [
            Moved(key, text, scores[key], self.now[key].score)
            for key, text in texts.items()
            if key in scores and key in self.now and scores[key] != self.now[key].score
        ]
        return sorted(found, key=lambda one: -abs(one.now - one.before))

    @property
    def better(self) -> list[Moved]:
        return [one for one in self.moved if one.now > one.before]

    @property
    def worse(self) -> list[Moved]:
        return [one for one in self.moved if one.now < one.before]

    @cached_property
    def promised(self) -> list[Promised]:
        rows: Sequence[Mapping[str, Any]] = self.said.get("actions", ())
        names = dict(User.objects.filter(pk__in={row["owner"] for row in rows}).values_list("pk", "name"))
        return [
            Promised(
                row["text"],
                names.get(row["owner"], _("somebody erased")),
                date.fromisoformat(row["due_on"]),
                row["outcome"],
                row.get("note", ""),
            )
            for row in rows
        ]

    @property
    def not_done(self) -> list[Promised]:
        return [one for one in self.promised if one.outcome != ON_TIME]

    @cached_property
    def live(self) -> list[AuditAction]:
        """The same actions as they stand now, to be closed in place while this audit is not signed."""
        if not self.is_known:
            return []
        rows = AuditAction.objects.filter(audit=self.said["audit"])
        return list(rows.select_related("audit__cycle", "audit__account", "owner", "closing__closed_by"))

    def lines(self, user: User, *, may_close: bool) -> list[ActionLine]:
        return [ActionLine(one, self.today, may_close or one.owner_id == user.pk) for one in self.live]

    @property
    def sentence(self) -> str:
        """What changed since, in a sentence."""
        if not self.is_known:
            return _("This account has no signed audit of an earlier quarter to compare with.")
        if not self.now:
            text = _("Nothing is answered yet that could be compared with {quarter}").format(quarter=self.cycle)
        else:
            text = _("Of the questions, {better} got better and {worse} worse since {quarter}").format(
                quarter=self.cycle, better=len(self.better), worse=len(self.worse)
            )
        if self.promised:
            text += "; " + _("of the actions promised, {n} of {all} not done").format(
                n=len(self.not_done), all=len(self.promised)
            )
        return f"{text}."

    @property
    def judgement(self) -> str:
        """From which band to which it was judged."""
        now, then = self.audit.judged_band, self.band
        if not now or not then:
            return ""
        if now == then:
            return _("Judged {band}, as in {quarter}.").format(band=Band(now).label, quarter=self.cycle)
        return _("Judged {band}, after {then} in {quarter}.").format(
            band=Band(now).label, then=Band(then).label, quarter=self.cycle
        )
