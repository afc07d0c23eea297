"""How far a pack is, in words."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts_app.models import User
from cadence.models import AuditCycle, AuditPack
from cadence.services.audit_packs import may_be_read

EARLIER_SHOWN = 5
MINUTE = 60


@dataclass(frozen=True)
class PackLine:
    """One pack of the reader, with what may be done with it."""

    pack: AuditPack
    now: dt.datetime
    is_readable: bool

    @property
    def phase(self) -> str:
        pack = self.pack
        if pack.state == AuditPack.State.WAITING:
            return _("Waiting for a worker")
        if pack.is_setting:
            return _("All {n} accounts gathered; the pages are being set").format(n=pack.total)
        return _("{done} of {all} accounts gathered").format(done=pack.done, all=pack.total)

    @property
    def percent(self) -> int | None:
        """None while nothing can be counted: setting the pages is one step."""
        pack = self.pack
        counts = pack.state == AuditPack.State.RUNNING and pack.done and not pack.is_setting
        return round(100 * pack.done / pack.total) if counts else None

    @property
    def left(self) -> str:
        """How long gathering will take; setting the pages comes after it."""
        pack = self.pack
        if self.percent is None or pack.claimed_at is None:
            return ""
        passed = (self.now - pack.claimed_at).total_seconds()
        seconds = passed * (pack.total - pack.done) / pack.done
        if seconds < 1.5 * MINUTE:
            return _("gathering takes about {n} s more").format(n=max(round(seconds), 1))
        return _("gathering takes about {n} min more").format(n=round(seconds / MINUTE))

    @property
    def said(self) -> str:
        """How it ended."""
        pack = self.pack
        if pack.state == AuditPack.State.FAILED:
            return _("It could not be made. {error}").format(error=pack.error)
        if pack.state == AuditPack.State.CANCELLED:
            return _("Cancelled; nothing of it was kept.")
        if self.is_readable:
            return ""
        return _("You may no longer see every account in it: have it made again.")


def line_of(pack: AuditPack, user: User, now: dt.datetime) -> PackLine:
    return PackLine(pack, now, may_be_read(pack, user))


def packs_of(cycle: AuditCycle, user: User, now: dt.datetime) -> list[PackLine]:
    """The reader's own, the newest first."""
    own = AuditPack.objects.filter(cycle=cycle, asked_by=user)[:EARLIER_SHOWN]
    return [line_of(pack, user, now) for pack in own]
