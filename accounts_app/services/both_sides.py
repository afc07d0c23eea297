"""When an owner and an account can meet, and what there is to know of a day somebody chose by hand."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts_app.models import Account, Colleague, Company
from accounts_app.plan_days import ANYBODY, SATURDAY, SUNDAY, BothSides
from accounts_app.public_holidays import Holidays, country_name
from accounts_app.templatetags.formats import day_text


@dataclass(frozen=True)
class Calendar:
    """The countries whose public holidays count, and who would have to come."""

    our_country: str
    their_country: str
    owner: Colleague | None

    @property
    def sides(self) -> BothSides:
        absences = self.owner.absences.all() if self.owner else ()
        spells = tuple((one.from_day, one.until_day) for one in absences)
        return BothSides(Holidays.of([self.our_country, self.their_country]), spells)

    def said_of(self, day: dt.date) -> list[str]:
        """Why this day may be a bad one; nothing where nothing is known against it."""
        said = []
        if day.weekday() in (SATURDAY, SUNDAY):
            said.append(_("This is a weekend."))
        countries = dict.fromkeys(map(country_name, (self.our_country, self.their_country)))
        resting = [country for country in countries if day in Holidays.of([country])]
        if resting:
            said.append(_("A public holiday: {countries}.").format(countries=", ".join(resting)))
        back = self._last_day_away(day)
        if back and self.owner:
            said.append(_("{name} is away until {day}.").format(name=self.owner.name, day=day_text(back)))
        return said

    def _last_day_away(self, day: dt.date) -> dt.date | None:
        spells = self.owner.absences.all() if self.owner else ()
        return max((one.until_day for one in spells if one.from_day <= day <= one.until_day), default=None)


def calendars(accounts: Collection[Account]) -> dict[int, Calendar]:
    """Of each account by its id, in as many statements for one as for a hundred."""
    owners = {one.owner_id for one in accounts if one.owner_id}
    people = Colleague.objects.filter(user__in=owners).prefetch_related("absences")
    ours = {one.user_id: one for one in people if one.user_id}
    country = Company.the().country if accounts else ""
    found = {}
    for account in accounts:
        owner = ours.get(account.owner_id or 0)
        found[account.pk] = Calendar((owner and owner.country) or country, account.country, owner)
    return found


def both_sides(account: Account | None) -> BothSides:
    """Of one account; before one is chosen only weekends are known."""
    return calendars([account])[account.pk].sides if account else ANYBODY
