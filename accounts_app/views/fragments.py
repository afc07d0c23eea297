"""One address gives a whole page, or to htmx only the part of it that changes."""

import json
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
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


def saved(request: HttpRequest, *, text: str, back: str, undo_url: str = "") -> HttpResponse:
    """Answer a save: the dialog closes, the page says `text` and looks for news; without script it goes `back`."""
    if not is_fragment(request):
        messages.success(request, text, extra_tags=undo_url)
        return HttpResponseRedirect(back)
    response = TemplateResponse(request, "components/saved.html", {"undo": {"text": text, "url": undo_url}})
    response["HX-Trigger"] = json.dumps({"dialog:close": "", "facts:changed": ""})
    # Also where the form did not stand in the dialog (the undo of a message): nothing but the message is swapped.
    response["HX-Retarget"], response["HX-Reswap"] = "#dialog-body", "innerHTML"
    return response
