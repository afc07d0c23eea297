"""Words that are typed freely, with those already in use offered, so that the same thing keeps one name."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts_app.models import Account, Initiative, Order, OrderLine, ValueItem

# Which product groups there are is read from the latest orders: all lines of ten years would say the same.
LATEST_ORDERS = 2000


class Suggested(forms.TextInput):
    """A text field with a list of known words below it."""

    words: tuple[str, ...] = ()

    def offer(self, words: Iterable[str]) -> None:
        self.words = tuple(words)

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        key = f"{(attrs or {}).get('id', name)}-words"
        field = super().render(name, value, {**(attrs or {}), "list": key}, renderer)
        words = format_html_join("", '<option value="{}"></option>', ((word,) for word in self.words))
        return format_html('{}<datalist id="{}">{}</datalist>', field, key, words)


def topics() -> list[str]:
    """Of the library and of what customers want to achieve."""
    items = ValueItem.objects.exclude(topic="").order_by().values_list("topic")
    return _sorted(
        word for (word,) in items.union(Initiative.objects.exclude(topic="").order_by().values_list("topic"))
    )


def industries() -> list[str]:
    return _sorted(Account.objects.exclude(industry="").order_by().values_list("industry", flat=True).distinct())


def product_groups() -> list[str]:
    latest = Order.objects.order_by("-pk").values("pk")[:LATEST_ORDERS]
    lines = OrderLine.objects.filter(order__in=latest).exclude(product_group="")
    return _sorted(lines.order_by().values_list("product_group", flat=True).distinct())


def _sorted(words: Iterable[str]) -> list[str]:
    """Each word once, whatever its case: the spelling that comes first stays."""
    known: dict[str, str] = {}
    for word in sorted(words):
        known.setdefault(word.casefold(), word)
    return sorted(known.values(), key=str.casefold)
