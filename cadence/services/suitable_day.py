"""The working day proposed for one contact: past the holidays of both sides and the absences of who makes it."""

import datetime as dt

from accounts_app.models import Account
from accounts_app.plan_days import working_day
from accounts_app.services.both_sides import both_sides
from cadence.schedule import DAY, Diary, Due, proposed_day


def suitable_day(account: Account, due_on: dt.date, *, today: dt.date, owner_is_away: bool = False) -> dt.date:
    """From tomorrow on; where the owner `owner_is_away` somebody else goes, whose absences are not looked at."""
    sides = both_sides(account)
    diary = Diary(sides.holidays, () if owner_is_away else sides.absences)
    due = Due(due_on, due_on + (account.max_days - account.ideal_days) * DAY)
    return proposed_day(due, diary, earliest=today + DAY).on or working_day(max(due_on, today + DAY))
