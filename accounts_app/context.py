"""What every page shows of the installation."""

from typing import Any

from django.http import HttpRequest

from accounts_app.models import Company


def installation(request: HttpRequest) -> dict[str, Any]:
    """Only for somebody logged in: the log-in page of a company gives nothing away."""
    if not request.user.is_authenticated:
        return {}
    return {"company": Company.the()}
