"""All signals of this version, in the order in which pages name them."""

from collections.abc import Collection

from signals.compute.award_lost import AwardLost
from signals.compute.base import Signal
from signals.compute.change_event import ChangeEvent
from signals.compute.complaint_tone import ComplaintTone
from signals.compute.consultation_drop import ConsultationDrop
from signals.compute.contact_change import ContactChange
from signals.compute.incident_delay import IncidentDelay
from signals.compute.loyalty import Loyalty
from signals.compute.notice_window import NoticeWindow
from signals.compute.order_rhythm import OrderRhythm
from signals.compute.order_value import OrderValue
from signals.compute.owner_change import OwnerChange
from signals.compute.proactive_gap import ProactiveGap
from signals.compute.product_breadth import ProductBreadth
from signals.compute.silence import Silence
from signals.compute.single_thread import SingleThread

SIGNALS: tuple[Signal, ...] = (
    OrderRhythm(),
    OrderValue(),
    ProductBreadth(),
    Silence(),
    ProactiveGap(),
    ConsultationDrop(),
    AwardLost(),
    ContactChange(),
    SingleThread(),
    IncidentDelay(),
    ComplaintTone(),
    ChangeEvent(),
    OwnerChange(),
    Loyalty(),
    NoticeWindow(),
)

BY_KEY: dict[str, Signal] = {signal.key: signal for signal in SIGNALS}


def signals_of(keys: Collection[str]) -> tuple[Signal, ...]:
    """Return the signals that a version of the rules knows: a replay must not count what came later."""
    return tuple(signal for signal in SIGNALS if signal.key in keys)
