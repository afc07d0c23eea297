"""The cadence page: first what matters in a sentence, then figures, each of which leads to its accounts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import IntegerField, Min, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from accounts_app.models import Interaction
from accounts_app.scope import ROLES_WITH_OWN_LISTS
from accounts_app.templatetags.formats import percent
from cadence.pages.cadence_address import EVERY_MANAGER, PURPOSE, SHOWS, Asked, Text, quarter_key, quarter_name
from cadence.pages.cadence_tally import Group, Sums, Tally
from cadence.quarter_days import quarters_until
from signals.pages.portfolio.controls import Option
from signals.pages.portfolio.filters import WHOSE

MANAGERS_SHOWN = 25
COUNTED = tuple(key for key in SHOWS if key)


@dataclass(frozen=True)
class Purpose:
    """How many contacts had a purpose, of all."""

    label: Text
    count: int
    share: float
    url: str


class CadencePage:
    """All that the page shows of an address; a constant number of statements."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.quarters = quarters_until(asked.today)
        self.sums = Sums(asked, self.quarters)
        self.figures = self._figures()

    def _figures(self) -> Mapping[str, int | date | None]:
        """What is counted of the quarter: accounts by what is missing, contacts by purpose, since when."""
        parts = [("show", "shows", key) for key in COUNTED]
        parts += [("purpose", "purposes", key) for key in Interaction.Purpose.values]
        counts = {f"{name}_{key}": Sum(Cast(KeyTextTransform(key, at), IntegerField())) for name, at, key in parts}
        values: Mapping[str, int | date | None] = (
            self.asked.narrowed_sums()
            .filter(begins_on=self.asked.quarter)
            .aggregate(total=Sum("accounts"), since=Min("since"), unknown=Sum("unknown"), **counts)
        )
        return values

    @cached_property
    def now(self) -> Tally:
        return self.sums.of_quarter(self.asked.quarter)

    @cached_property
    def before(self) -> Tally:
        return self.sums.of_quarter(self.sums.before) if self.sums.before else Tally()

    @cached_property
    def managers(self) -> list[Group]:
        return self.sums.managers() if self.asked.by_manager else []

    @property
    def shown_managers(self) -> list[Group]:
        """Those who keep least, and the one asked for; the others on request."""
        if self.asked.managers:
            return self.managers
        return [one for n, one in enumerate(self.managers) if n < MANAGERS_SHOWN or one.is_current]

    @property
    def every_manager_url(self) -> str:
        hidden = len(self.managers) > len(self.shown_managers)
        return self.asked.address(managers=EVERY_MANAGER) + "#managers-title" if hidden else ""

    @cached_property
    def tiers(self) -> list[Group]:
        return self.sums.tiers()

    @property
    def lead(self) -> str:
        """What matters, in a sentence."""
        kept = self.now.kept
        if kept is None:
            return _("Nothing was promised yet: promised days begin with the first contact on record.")
        parts = [_("{share} of the promised days {kept}").format(share=percent(kept), kept=self._when())]
        if (last := self.before.kept) is not None and self.sums.before:
            name = _("last quarter") if self.asked.is_running else _("the quarter before")
            parts.append(_("{share} {name}").format(share=percent(last), name=name))
        text = ", ".join(parts)
        worst = self._worst()
        return f"{text}; {worst}." if worst else f"{text}."

    def _when(self) -> str:
        if self.asked.is_running:
            return _("kept this quarter")
        return _("kept in {quarter}").format(quarter=quarter_name(self.asked.quarter))

    def _worst(self) -> str:
        """Who keeps least of it, where several are compared; else which account."""
        judged = [one for one in self.managers if one.now.kept is not None]
        if len(judged) > 1 and not self.asked.owner:
            name, share = judged[0].name, judged[0].now.kept
        else:
            row = self.asked.narrowed().filter(self.asked.condition("broken")).select_related("account")
            worst = row.order_by("days_kept", "-days_promised", "account__sort_name").first()
            if worst is None:
                return _("no promise was broken")
            name, share = worst.account.name, worst.days_kept / worst.days_promised
        if share is None or share >= 1:
            return _("no promise was broken")
        return _("worst: {name}, {share}").format(name=name, share=percent(share))

    @property
    def purposes(self) -> list[Purpose]:
        total = self.now.contacts
        found = [(one, int(self._number(f"purpose_{one}"))) for one in Interaction.Purpose.values]
        return [
            Purpose(Interaction.Purpose(key).label, count, count / total, self.asked.address(show=PURPOSE + key))
            for key, count in sorted(found, key=lambda one: -one[1])
            if count and total
        ]

    def _number(self, name: str) -> int:
        value = self.figures[name]
        return value if isinstance(value, int) else 0

    @property
    def count(self) -> int:
        """How many accounts are shown."""
        if self.asked.purpose:
            return self.asked.rows().count()
        return self._number(f"show_{self.asked.show}" if self.asked.show else "total")

    @property
    def counts(self) -> dict[str, int]:
        return {key: self._number(f"show_{key}") for key in COUNTED}

    @property
    def urls(self) -> dict[str, str]:
        """Where the accounts behind each figure stand."""
        return {key or "all": self.asked.address(show=key) + "#accounts" for key in SHOWS}

    @property
    def shows(self) -> list[Option]:
        counts = {"": self._number("total"), **self.counts}
        return [
            Option(label, self.asked.address(show=key) + "#accounts", key == self.asked.show, key or "all", counts[key])
            for key, label in SHOWS.items()
        ]

    @property
    def shown_as(self) -> Text:
        if self.asked.purpose:
            return _("Contacts: {purpose}").format(purpose=Interaction.Purpose(self.asked.purpose).label)
        return SHOWS[self.asked.show]

    @property
    def whose(self) -> list[Option]:
        if self.asked.user.role not in ROLES_WITH_OWN_LISTS:
            return []
        return [
            Option(label, self.asked.address(whose=key, owner="", tier=""), key == self.asked.whose)
            for key, label in WHOSE.items()
        ]

    @property
    def quarter_options(self) -> list[Option]:
        return [
            Option(
                quarter_name(begins_on),
                self.asked.address(quarter=quarter_key(begins_on)),
                begins_on == self.asked.quarter,
                quarter_key(begins_on),
            )
            for begins_on in reversed(self.quarters)
        ]

    @property
    def narrowed_to(self) -> list[Option]:
        """What the page is narrowed to, each with the address without it."""
        names = {one.key: one.name for one in (*self.managers, *self.tiers)}
        parts = (("owner", self.asked.owner), ("tier", self.asked.tier))
        return [
            Option(names.get(key, key), self.asked.address(**{part: ""}), is_current=True) for part, key in parts if key
        ]
