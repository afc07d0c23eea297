"""`python -m config.health`: whether the web server of this container answers, asked as its proxy would ask."""

import os
import sys
import urllib.request
from http import HTTPStatus

ADDRESS = "http://127.0.0.1:8000/account/login/"
SECONDS = 8.0


def answers(address: str, *, host: str, seconds: float = SECONDS) -> bool:
    """Return whether the log-in page comes back whole: it needs the templates, and the database for the session."""
    request = urllib.request.Request(address, headers={"Host": host, "X-Forwarded-Proto": "https"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=seconds) as page:  # noqa: S310  our own http address
            return int(page.status) == HTTPStatus.OK
    except OSError:
        return False


if __name__ == "__main__":
    name = os.environ.get("VIGIL_HOSTS", "localhost").split(",")[0].strip()
    sys.exit(0 if answers(ADDRESS, host=name) else 1)
