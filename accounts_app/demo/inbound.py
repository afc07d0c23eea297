"""What the customer starts: talk around orders, questions for advice, calls about incidents."""

from typing import Final

import numpy as np

from accounts_app.demo.clock import Floats, Ints
from accounts_app.demo.dialogue import Diary
from accounts_app.demo.episodes import Course
from accounts_app.demo.incidents import IncidentRow
from accounts_app.demo.orders import OrderRow

ORDER_TALK: Final = 0.3
"""Share of orders about which the customer also talks to us."""
ANSWERED_SHARE: Final = 0.3
CONSULTATIONS_A_YEAR: Final = {"strategic": 9.0, "key": 6.0, "significant": 3.5, "other": 1.8}
CALLS_ABOUT_INCIDENT: Final = {"minor": 0.35, "major": 0.8, "critical": 1.0}


def write_inbound(
    diary: Diary, course: Course, open_share: Floats, orders: list[OrderRow], incidents: list[IncidentRow]
) -> None:
    """Write down every contact around orders, advice and incidents.

    Parameters
    ----------
    diary : Diary
        Receives the rows.
    course : Course
    open_share : ndarray of float, shape (clock.length,)
    orders : list of OrderRow
    incidents : list of IncidentRow
    """
    _talk_about_orders(diary, course, orders)
    _ask_for_advice(diary, course, open_share)
    _call_about_incidents(diary, incidents)


def _talk_about_orders(diary: Diary, course: Course, orders: list[OrderRow]) -> None:
    share = min(ORDER_TALK * diary.profile.talk, 0.8)
    days = [diary.clock.index(order.day) for order in orders if order.amount > 0]
    for day in days:
        if diary.chance.random() < share * course.inbound[day]:
            diary.done(day, "them", "order")
            if diary.chance.random() < ANSWERED_SHARE:
                diary.done(diary.clock.workday_from(day + 1), "us", "order")


def _ask_for_advice(diary: Diary, course: Course, open_share: Floats) -> None:
    a_day = CONSULTATIONS_A_YEAR[diary.profile.tier] * diary.profile.talk / 365.25
    rate = a_day * course.inbound * open_share
    rate[: diary.profile.begins] = 0
    for day in _poisson_days(rate, diary.chance):
        diary.done(int(day), "them", "consultation")


def _poisson_days(rate: Floats, chance: np.random.Generator) -> Ints:
    return np.flatnonzero(chance.random(len(rate)) < rate)


def _call_about_incidents(diary: Diary, incidents: list[IncidentRow]) -> None:
    for incident in incidents:
        if diary.chance.random() < CALLS_ABOUT_INCIDENT[incident.severity]:
            diary.done(diary.clock.index(incident.opened_at.date()), "them", "incident")
            if incident.resolved_at is not None and diary.chance.random() < ANSWERED_SHARE:
                closed = diary.clock.index(incident.resolved_at.date())
                diary.done(diary.clock.workday_from(closed), "us", "incident")
