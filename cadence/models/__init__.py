"""Policy and response: what is promised and kept, and what leaves the house."""

from cadence.models.calendar_feed import CalendarFeed
from cadence.models.contact_quarter import ContactQuarter
from cadence.models.digest import Digest, DigestChoice
from cadence.models.outbox import OutgoingMail

__all__ = ["CalendarFeed", "ContactQuarter", "Digest", "DigestChoice", "OutgoingMail"]
