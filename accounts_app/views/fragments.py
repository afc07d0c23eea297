"""One address gives a whole page, or to htmx only the part of it that changes."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.cache import patch_vary_headers


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asked; says nothing about who asks, and decides nothing about access."""
    return request.headers.get("HX-Request") == "true"


def page_or_fragment(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, fragment: str = "rows", status: int = 200
) -> HttpResponse:
    """Answer with `template`, or with its named partial where htmx asked."""
    name = f"{template}#{fragment}" if is_fragment(request) else template
    response = TemplateResponse(request, name, dict(context), status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
