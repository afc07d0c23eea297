"""What is left of a relationship when people leave: what ends, who is still linked, and which links to build."""

from collections import defaultdict
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from signals.pages.account.relations import OURS, THEIRS, Relations


@dataclass(frozen=True)
class Meeting:
    """A link to build, in words; the keys prefill the form."""

    text: str
    contact: int | None
    colleague: int | None


@dataclass(frozen=True)
class WhatIsLeft:
    """Worked out from those thought away; nothing is read or stored."""

    relations: Relations

    @property
    def gone_names(self) -> str:
        return listed([one.full for one in self.relations.gone], _("and"))

    @property
    def lost(self) -> list[str]:
        return [f"{THEIRS[theirs]} – {OURS[ours]}" for theirs, ours in self.relations.if_gone.lost]

    @property
    def remaining(self) -> list[tuple[str, str]]:
        """Who of the customer is still linked, each with those of ours."""
        gone = {one.who for one in self.relations.gone}
        left: dict[str, list[str]] = defaultdict(list)
        for pair in self.relations.live:
            if not gone & set(pair.whos):
                left[pair.theirs.full].append(pair.ours.full)
        return [(theirs, ", ".join(sorted(ours))) for theirs, ours in sorted(left.items())]

    @property
    def alone(self) -> list[str]:
        return [self.relations.people[who].full for who in self.relations.if_gone.alone]

    @property
    def to_build(self) -> list[Meeting]:
        seen: dict[tuple[int | None, int | None, str], Meeting] = {}
        for one in self.relations.if_gone.to_build:
            theirs = self._named("contact", one.contact, THEIRS.get(one.theirs, ""))
            ours = self._named("colleague", one.colleague, OURS.get(one.ours, ""))
            text = _("{theirs} with {ours}").format(theirs=theirs, ours=ours)
            seen.setdefault((one.contact, one.colleague, text), Meeting(text, one.contact, one.colleague))
        return list(seen.values())

    def _named(self, side: str, pk: int | None, level: str | Promise) -> str:
        if pk is not None:
            return self.relations.people[side, pk].full
        return _("somebody of {level} (nobody else is known there)").format(level=level)


def listed(names: list[str], conjunction: str) -> str:
    """Write `A, B and C`."""
    return f" {conjunction} ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)
