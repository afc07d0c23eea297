"""Policy and response: what is promised and kept, what is audited, and what leaves the house."""

from cadence.models.assumptions import Assumptions
from cadence.models.audit import (
    ActionClosing,
    Audit,
    AuditAction,
    AuditAnswer,
    AuditCycle,
    Dimension,
)
from cadence.models.audit_pack import AuditPack
from cadence.models.audit_policy import AuditPolicy, AuditQuestions
from cadence.models.audit_record import AuditRecord, AuditSignature
from cadence.models.cadence_sum import CadenceSum, CadenceSummed
from cadence.models.calendar_feed import CalendarFeed
from cadence.models.contact_quarter import ContactQuarter
from cadence.models.digest import Digest, DigestChoice
from cadence.models.outbox import OutgoingMail
from cadence.models.revenue_month import RevenueMonth
from cadence.models.review import DiscoveryQuestion, Review, ReviewAnswer, ReviewSection
from cadence.models.scorecard_policy import ScorecardPolicy

__all__ = [
    "ActionClosing",
    "Assumptions",
    "Audit",
    "AuditAction",
    "AuditAnswer",
    "AuditCycle",
    "AuditPack",
    "AuditPolicy",
    "AuditQuestions",
    "AuditRecord",
    "AuditSignature",
    "CadenceSum",
    "CadenceSummed",
    "CalendarFeed",
    "ContactQuarter",
    "Digest",
    "DigestChoice",
    "Dimension",
    "DiscoveryQuestion",
    "OutgoingMail",
    "RevenueMonth",
    "Review",
    "ReviewAnswer",
    "ReviewSection",
    "ScorecardPolicy",
]
