"""How workers let go of messages whose connection to Redis is gone: without a word, for the ledger rings anew."""

from typing import Any

from kombu.transport import redis


class Doorbell(redis.QoS):
    """What is on its way to a worker.

    When Redis ends in the middle of a task, kombu (5.7) acknowledges or gives back its message over a channel that has
    no address any more, and the error ends the worker.
    """

    @property
    def _is_cut_off(self) -> bool:
        transport: Any = self.channel.connection
        return transport is None or transport.client is None

    def ack(self, delivery_tag: str) -> None:
        if not self._is_cut_off:
            super().ack(delivery_tag)

    def restore_unacked(self, client: Any = None) -> None:
        if self._is_cut_off:
            delivered: Any = self._delivered
            delivered.clear()
        else:
            super().restore_unacked(client)


def let_go_of_lost_messages() -> None:
    redis.Channel.QoS = Doorbell
