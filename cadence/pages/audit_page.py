"""One audit as its page shows it; a constant number of statements, whatever it holds."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts_app.models import Account, User
from cadence.models import Audit, AuditAction, AuditAnswer, AuditRecord, AuditSignature
from cadence.pages.audit_actions import ActionLine
from cadence.pages.audit_before import Before
from cadence.pages.audit_evidence import sections
from cadence.pages.audit_evidence_form import Section
from cadence.pages.audit_lines import DimensionGroup, QuestionLine, Typed, by_dimension, question_lines
from cadence.pages.audit_opening import WHY
from cadence.pages.audit_turn import Rights, Turn, turn_of
from cadence.services.audit_records import mark_of
from cadence.services.audit_roles import acts, owns
from cadence.services.audit_signing import missing


def audit_of(user: User, name: str, pk: int, revision: str = "") -> Audit:
    """The audit of an account in a cycle, or 404 whether it is missing or another team's.

    Of several the latest, but for a correction that was left out: the signed one counts on.
    """
    found = Audit.objects.visible_to(user).filter(cycle__name=name, account=pk).select_related(
        "cycle__questions", "account__owner", "account__deputy", "account__tier", "account__team", "owner", "reviewer",
        "supersedes",
    )  # fmt: skip
    audits = list(found.order_by("-revision"))
    if revision.isascii() and revision.isdecimal():
        audits = [one for one in audits if one.revision == int(revision)]
    if not audits:
        raise Http404
    counting = [one for one in audits if one.state != Audit.State.EXCLUDED]
    return (counting or audits)[0]


@dataclass(frozen=True)
class Missing:
    """What keeps the owner from signing, with where it is mended."""

    text: str
    anchor: str


class AuditPage:
    """All that the page of one audit shows to one reader; `typed` holds what was refused and comes back as typed."""

    def __init__(self, audit: Audit, user: User, today: dt.date, typed: Mapping[str, Typed] | None = None) -> None:
        self.audit, self.user, self.today = audit, user, today
        self.rights = Rights.of(audit, user)
        self.typed = typed or {}

    @property
    def url(self) -> str:
        return reverse("cadence:audit", args=[self.audit.cycle.name, self.audit.account_id])

    @cached_property
    def answers(self) -> dict[str, AuditAnswer]:
        return {row.question: row for row in self.audit.answers.select_related("answered_by")}

    @cached_property
    def before(self) -> Before:
        return Before(self.audit, self.answers, self.today)

    @cached_property
    def lines(self) -> list[QuestionLine]:
        return question_lines(self.audit.cycle.questions.questions, self.answers, self.before.answers, self.typed)

    def line(self, key: str) -> QuestionLine | None:
        return next((line for line in self.lines if line.key == key), None)

    @property
    def groups(self) -> list[DimensionGroup]:
        return by_dimension(self.lines)

    def group_of(self, key: str) -> DimensionGroup | None:
        """The dimension that a question belongs to."""
        return next((group for group in self.groups if any(line.key == key for line in group.lines)), None)

    @property
    def chosen_for(self) -> str:
        """Why the policy took the account in."""
        return ", ".join(str(WHY[key]) for key in self.audit.chosen_for if key in WHY)

    @property
    def is_former(self) -> bool:
        """Whether the customer was lost while the audit is in progress."""
        return self.audit.account.status == Account.Status.FORMER and self.audit.state == Audit.State.OPEN

    @cached_property
    def sections(self) -> Sequence[Section]:
        return sections(self.audit.evidence)

    @property
    def unanswered(self) -> list[str]:
        return [line.key for line in self.lines if line.answer is None]

    @cached_property
    def lacking(self) -> list[Missing]:
        """In the order of the services: questions, the reviewer, actions of who has left, the judgement."""
        if self.audit.state != Audit.State.OPEN:
            return []
        texts = missing(self.audit)
        anchors = [f"#question-{self.unanswered[0]}"] if self.unanswered else []
        if not acts(self.audit.reviewer):
            anchors.append("#more")
        last = [] if self.audit.judged_band else ["#judgement"]
        anchors += ["#actions"] * (len(texts) - len(anchors) - len(last)) + last
        return [Missing(text, anchor) for text, anchor in zip(texts, anchors, strict=False)]

    @cached_property
    def turn(self) -> Turn:
        texts = [one.text for one in self.lacking]
        is_sent_back = self.sent_back is not None
        return turn_of(self.audit, self.rights, self.unanswered, texts, self.today, is_sent_back=is_sent_back)

    @cached_property
    def may_edit(self) -> bool:
        return Account.objects.editable_by(self.user).filter(pk=self.audit.account_id).exists()

    @cached_property
    def actions(self) -> list[ActionLine]:
        rows = self.audit.actions.select_related("audit__cycle", "audit__account", "owner", "closing__closed_by")
        return [
            ActionLine(row, self.today, self.may_edit or row.owner_id == self.user.pk, self._may_remove(row))
            for row in rows
        ]

    def _may_remove(self, row: AuditAction) -> bool:
        return self.rights.review or (self.rights.plan and row.made_by_id == self.user.pk)

    @property
    def actions_before(self) -> list[ActionLine]:
        return self.before.lines(self.user, may_close=self.may_edit)

    @cached_property
    def signatures(self) -> list[AuditSignature]:
        return list(self.audit.signatures.select_related("user", "voided_by"))

    @property
    def standing_signatures(self) -> list[AuditSignature]:
        return [one for one in self.signatures if one.voided_at is None]

    @property
    def sent_back(self) -> AuditSignature | None:
        """The last word of a leader, as long as nobody has signed again."""
        if self.audit.state != Audit.State.OPEN:
            return None
        voided = [one for one in self.signatures if one.voided_at]
        return voided[-1] if voided else None

    @property
    def mark(self) -> str:
        """What is read here before it is signed; the form to sign carries it."""
        return mark_of(self.audit)

    @cached_property
    def record(self) -> AuditRecord | None:
        return AuditRecord.objects.filter(audit=self.audit).defer("content").first()

    @property
    def hashes(self) -> list[tuple[str, str]]:
        """What a copy of this page is compared by: of what was signed, and of its place in the chain."""
        record, standing = self.record, self.standing_signatures
        found = [(_("Signed content, SHA-256"), one.content_hash) for one in standing[:1]]
        if record is not None:
            found.append((_("Record {n} of the chain").format(n=record.number), record.hash))
            before = (_("Record {n}, before it").format(n=record.number - 1), record.previous_hash)
            found += [before] if record.previous_hash else []
        return found

    @cached_property
    def revisions(self) -> list[Audit]:
        """The signed audit and its corrections, where there are several."""
        found = Audit.objects.filter(cycle=self.audit.cycle_id, account=self.audit.account_id).defer("evidence")
        several = list(found.order_by("revision"))
        return several if len(several) > 1 else []

    @property
    def counts(self) -> bool:
        """Whether no later signed audit has taken its place."""
        return not any(one.revision > self.audit.revision and one.state == "signed" for one in self.revisions)

    @property
    def may_correct(self) -> bool:
        later = any(one.supersedes_id == self.audit.pk for one in self.revisions)
        return self.audit.state == Audit.State.SIGNED and self.rights.lead and not later

    @cached_property
    def reviewers(self) -> list[User]:
        """Whom a leader may name: those of the team, and the leaders who see the account."""
        people = User.objects.filter(is_active=True, teams=self.audit.account.team_id).order_by("name")
        return [one for one in people if acts(one) and not owns(self.audit, one)]

    @cached_property
    def doers(self) -> list[User]:
        """Who can be given an action."""
        account = self.audit.account
        people = User.objects.filter(is_active=True, teams=account.team_id).order_by("name")
        found = {one.pk: one for one in (account.owner, account.deputy, self.user, *people) if one and acts(one)}
        return list(found.values())

    @property
    def context(self) -> dict[str, Any]:
        return {"page": self, "audit": self.audit, "account": self.audit.account, "today": self.today}
