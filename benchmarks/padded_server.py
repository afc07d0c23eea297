"""The application as the web server of `benchmarks.portfolio` serves it: an answer is filled up to a length asked for.

Not a benchmark itself.
"""

from collections.abc import Iterable
from typing import Any

from config.wsgi import application as vigil


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    wanted = int(environ.get("HTTP_X_PADDED_TO", 0))
    if not wanted:
        return vigil(environ, start_response)
    told: list[Any] = []
    keep: Any = lambda *what: told.extend(what)  # noqa: E731 - a name only so that it can be typed
    body = b"".join(vigil(environ, keep))
    body += b" " * (wanted - len(body))
    headers = [(name, value) for name, value in told[1] if name != "Content-Length"]
    start_response(told[0], [*headers, ("Content-Length", str(len(body)))])
    return [body]
