"""What differs between two contents, in words."""

import json
from collections.abc import Iterator
from typing import Any, Final

from django.utils.translation import gettext as _

LONGEST: Final = 80


def differences(kept: Any, now: Any, path: str = "") -> Iterator[str]:
    """Of each place that differs a sentence, such as "answers.people_known.score is 4; signed was 2."."""
    if isinstance(kept, dict) and isinstance(now, dict):
        for key in sorted(kept.keys() | now.keys()):
            yield from _of_key(kept, now, key, f"{path}.{key}" if path else key)
    elif kept != now:
        yield _("{path} is {now}; signed was {kept}.").format(path=path, now=_short(now), kept=_short(kept))


def _of_key(kept: dict[str, Any], now: dict[str, Any], key: str, path: str) -> Iterator[str]:
    if key not in now:
        yield _("{path} is gone; signed was {kept}.").format(path=path, kept=_short(kept[key]))
    elif key not in kept:
        yield _("{path} was added after signing: {now}.").format(path=path, now=_short(now[key]))
    else:
        yield from differences(kept[key], now[key], path)


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
