"""The clock of an incident against what was promised to the account's tier."""

import math
from dataclasses import dataclass
from datetime import timedelta

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
# Under two days hours say more than days, unless it is a whole number of them.
HOURS_UNTIL = 2 * DAY
NEARLY = 0.75


@dataclass(frozen=True)
class Clock:
    """Open time less paused spans, and the time promised for it."""

    running: timedelta
    target: timedelta

    @property
    def over(self) -> timedelta:
        return self.running - self.target

    @property
    def is_over(self) -> bool:
        return self.over > timedelta()

    @property
    def state(self) -> str:
        """`over`, `near` from three quarters of the target, else `within`."""
        if self.is_over:
            return "over"
        return "near" if self.running >= NEARLY * self.target else "within"

    @property
    def percent(self) -> int:
        """Share of the target used up, as the length of a bar."""
        return min(100, max(0, round(100 * (self.running / self.target))))

    @property
    def running_text(self) -> str:
        return span_text(self.running)

    @property
    def target_text(self) -> str:
        return span_text(self.target)

    @property
    def distance_text(self) -> str:
        """How far over, or how much is left."""
        return span_text(abs(self.over))


def span_text(span: timedelta) -> str:
    """Write `9 d`, under two days `31 h`: whole ones, as a clock shows them."""
    size, unit = (HOUR, "h") if span < HOURS_UNTIL and span % DAY else (DAY, "d")
    return f"{math.floor(span / size)}\N{NO-BREAK SPACE}{unit}"
