"""One address gives a whole page, or to htmx only the part of it that changes."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.cache import patch_vary_headers


def page_or_fragment(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, fragment: str = "rows", status: int = 200
) -> HttpResponse:
    """Answer with `template`, or with its named partial where htmx asked."""
    asked_by_htmx = request.headers.get("HX-Request") == "true"
    name = f"{template}#{fragment}" if asked_by_htmx else template
    response = TemplateResponse(request, name, {**context, "is_fragment": asked_by_htmx}, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
