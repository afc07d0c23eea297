"""What people said of an account, put beside what is computed."""

import datetime as dt
from dataclasses import dataclass

from accounts_app.models import Account
from signals.models import Band, ManualJudgement, Standing

# Who wants more reads the audit trail.
MOST_EARLIER = 20


@dataclass(frozen=True)
class Earlier:
    """One that holds no more, and how it ended."""

    row: ManualJudgement
    ending: str


@dataclass(frozen=True)
class Beside:
    """The judgement in force with the computed band, and those before it."""

    current: ManualJudgement | None
    earlier: list[Earlier]
    computed_band: str
    computed_risk: int | None

    @property
    def differs(self) -> bool:
        return self.current is not None and differs(self.current, self.computed_band)


def differs(judgement: ManualJudgement, computed_band: str) -> bool:
    """Unknown too is another word than the one a person found."""
    return judgement.band != computed_band


def beside(account: Account, today: dt.date) -> Beside:
    """Read all that was said of the account, in one statement."""
    said = ManualJudgement.objects.filter(account=account).select_related("by", "ended_by")
    rows = list(said.order_by("-judged_on", "-pk")[: MOST_EARLIER + 1])
    current = next((row for row in rows if not row.state_on(today)), None)
    endings = dict(ManualJudgement.Ending.choices)
    earlier = [Earlier(row, str(endings[row.state_on(today)])) for row in rows if row is not current]
    standing: Standing | None = getattr(account, "standing", None)
    band, risk = (standing.band, standing.risk) if standing else (Band.UNKNOWN.value, None)
    return Beside(current, earlier[:MOST_EARLIER], band, risk)
