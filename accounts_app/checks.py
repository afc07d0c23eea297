"""At start-up: every address says who may call it."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.urls import URLPattern, URLResolver, get_resolver

from accounts_app.access import view_access

# Addresses of libraries that guard themselves, each with what guards it.
GUARDED_ELSEWHERE = {
    "admin/": "Django's admin site: staff only, its log-in is ours",
    "account/": "allauth: log-in, log-out, password and second factor",
}


def addresses(patterns: Sequence[Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every address of the project with its view, below `prefix`."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern


def is_guarded_elsewhere(route: str) -> bool:
    return route.startswith(tuple(GUARDED_ELSEWHERE))


@register(Tags.security, Tags.urls)
def every_address_declares_its_access(**_kwargs: Any) -> list[CheckMessage]:
    undeclared = [
        route
        for route, pattern in addresses(get_resolver().url_patterns)
        if not is_guarded_elsewhere(route) and view_access(pattern.callback) is None
    ]
    return [Error(f"/{route} does not say who may call it (@access)", id="accounts_app.E001") for route in undeclared]
