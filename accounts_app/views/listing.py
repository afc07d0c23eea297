"""Order and page of a table: both live in the address, so that Back works and a copied address shows the same rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import F, OrderBy, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise

ROWS_A_PAGE = 50


@dataclass(frozen=True)
class Column:
    """A column of a table; without `field` it cannot be sorted by."""

    key: str
    label: str | Promise
    field: str = ""
    css: str = ""
    # Days and amounts are first wanted latest or largest first, names from A to Z.
    descending_first: bool = False


@dataclass(frozen=True)
class Header:
    key: str
    label: str | Promise
    css: str
    url: str
    is_current: bool
    descending: bool


@dataclass(frozen=True)
class Sorting:
    headers: list[Header]
    ordering: tuple[OrderBy, ...]


def sorting(request: HttpRequest, columns: Sequence[Column], *, default: str) -> Sorting:
    """Read `?sort=day` or `?sort=-day`; what is not a sortable column means `default`."""
    sortable = {column.key for column in columns if column.field}
    asked = request.GET.get("sort", "")
    chosen = asked if asked.removeprefix("-") in sortable else default
    key, descending = chosen.removeprefix("-"), chosen.startswith("-")
    headers = [_header(request, column, chosen=key, descending=descending) for column in columns]
    field = F(next(column.field for column in columns if column.key == key))
    order = field.desc(nulls_last=True) if descending else field.asc(nulls_last=True)
    # The key makes the order one and the same on every page of the table.
    return Sorting(headers, (order, F("pk").desc() if descending else F("pk").asc()))


def _header(request: HttpRequest, column: Column, *, chosen: str, descending: bool) -> Header:
    is_current = column.key == chosen
    turn = not descending if is_current else column.descending_first
    url = address(request, sort=("-" if turn else "") + column.key, page=None) if column.field else ""
    return Header(column.key, column.label, column.css, url, is_current, is_current and descending)


def address(request: HttpRequest, **changes: str | None) -> str:
    """The present address with some parameters set, or removed where None."""
    query = request.GET.copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = value
    return f"{request.path}?{query.urlencode()}" if query else request.path


def page_of(request: HttpRequest, rows: QuerySet[Any] | Sequence[Any]) -> dict[str, Any]:
    """The rows of the page asked for, with the addresses of its neighbours; a page beyond the end is the last one."""
    page: Page[Any] = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    previous_url = address(request, page=str(page.previous_page_number())) if page.has_previous() else ""
    next_url = address(request, page=str(page.next_page_number())) if page.has_next() else ""
    return {"page_obj": page, "previous_url": previous_url, "next_url": next_url}


def options(
    request: HttpRequest, name: str, choices: Iterable[tuple[str, str | Promise]], *, chosen: str
) -> list[dict[str, Any]]:
    """The alternatives of one filter, each with its address."""
    return [
        {
            "key": key,
            "label": label,
            "url": address(request, **{name: key or None, "page": None}),
            "is_current": key == chosen,
        }
        for key, label in choices
    ]
