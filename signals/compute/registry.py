"""All signals of this version, in the order in which pages name them."""

from signals.compute.base import Signal
from signals.compute.contact_change import ContactChange
from signals.compute.order_rhythm import OrderRhythm
from signals.compute.proactive_gap import ProactiveGap
from signals.compute.silence import Silence

SIGNALS: tuple[Signal, ...] = (OrderRhythm(), Silence(), ProactiveGap(), ContactChange())

BY_KEY: dict[str, Signal] = {signal.key: signal for signal in SIGNALS}
