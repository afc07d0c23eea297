"""Streams of chance and the drawing of lots."""

from collections.abc import Mapping, Sequence
from typing import Final, TypeVar

import numpy as np

SEED: Final = 1987
"""One number for the whole demo: with the day of loading it decides every row."""

T = TypeVar("T")


def stream(seed: int, *key: int) -> np.random.Generator:
    """Return the stream of chance that belongs to a key.

    Parameters
    ----------
    seed : int
        Seed of the whole demo.
    *key : int
        Names the stream, for example (topic, account). Streams of different keys are
        independent, so a draw more in one leaves all others as they were.

    Returns
    -------
    numpy.random.Generator
    """
    sequence = np.random.SeedSequence(seed, spawn_key=key)
    return np.random.Generator(np.random.PCG64(sequence))


def pick(shares: Mapping[T, float], chance: np.random.Generator) -> T:
    """Draw one of a few things by their shares.

    Parameters
    ----------
    shares : mapping of thing to float
        Shares that sum to 1.
    chance : numpy.random.Generator

    Returns
    -------
    thing

    Notes
    -----
    `Generator.choice` does the same at ten times the cost, most of it for checking `p`.
    """
    lot = float(chance.random())
    for thing, share in shares.items():
        lot -= share
        if lot < 0:
            return thing
    return thing


def one_of(things: Sequence[T], chance: np.random.Generator) -> T:
    """Draw one of equally likely things."""
    return things[int(chance.integers(len(things)))]
