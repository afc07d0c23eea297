"""What an address of the economics pages asks for: whose accounts, and which of them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts_app.models import User
from cadence.economics import Movement
from cadence.pages.whose import Whose

Text = str | Promise
TABS: Mapping[str, tuple[Text, str]] = {
    "stake": (_("At stake"), "cadence:economics"),
    "concentration": (_("Concentration"), "cadence:concentration"),
    "changes": (_("Expansion and contraction"), "cadence:revenue_changes"),
}
MOVEMENTS: Mapping[str, Text] = {
    Movement.CONTRACTED: _("Contracted"),
    Movement.LOST: _("Lost"),
    Movement.EXPANDED: _("Expanded"),
    Movement.NEW: _("New"),
    Movement.STEADY: _("Steady"),
    Movement.NONE: _("Nothing in either year"),
    Movement.UNKNOWN: _("Not known"),
}


@dataclass(frozen=True)
class Asked:
    """The state of a page that its address holds; what is not understood falls back to the default."""

    whose: Whose
    today: dt.date
    tab: str = "stake"
    movement: str = ""

    @classmethod
    def of(cls, params: Mapping[str, str], user: User, today: dt.date, tab: str) -> "Asked":
        movement = params.get("kind", "")
        return cls(Whose.of(params, user), today, tab, movement if movement in MOVEMENTS else "")

    def address(self, tab: str = "", **parts: str) -> str:
        """A page of the same scope."""
        known = {"whose": self.whose.key, **parts}
        return f"{reverse(TABS[tab or self.tab][1])}?{urlencode({key: one for key, one in known.items() if one})}"

    def tabs(self) -> list[dict[str, Any]]:
        return [
            {"label": label, "url": self.address(key), "count": None, "is_current": key == self.tab}
            for key, (label, _name) in TABS.items()
        ]

    def contracts(self, **parts: str) -> str:
        """The contracts of the same accounts."""
        return f"{reverse('cadence:contracts')}?{urlencode({'whose': self.whose.key, **parts})}"


def resting_words(number: int, whose: str) -> str:
    """Of so few accounts nobody is the largest part: all rests on them."""
    said = ngettext(
        "All revenue of {whose} rests on {n} account.", "All revenue of {whose} rests on {n} accounts.", number
    )
    return said.format(n=number, whose=whose)
