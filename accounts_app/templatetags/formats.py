"""How figures, days and ages read on every page."""

import datetime as dt
import re
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from django import template
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts_app.models import Company

register = template.Library()

NO_BREAK = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
# Elsewhere the code is clearer: kr and Fr. belong to several currencies.
SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$", "JPY": "¥"}
STEPS = ((Decimal(10**9), "bn"), (Decimal(10**6), "M"), (Decimal(10**3), "k"))
# A day of this year, or within half a year, is not ambiguous without its year.
NEAR_DAYS = 182
# The first number of a text: what is written after it, such as an extension, is not dialled.
NUMBER = re.compile(r"(?:\+|\(?\d)[\d\s().\-/]*")


def money(amount: Decimal | float | None, currency: str = "") -> str:
    """Write `€ 2.41 M`: three figures, whatever the size."""
    if amount is None:
        return "–"
    number, unit = _shortened(abs(Decimal(amount)))
    return _with_currency(amount, currency, number, unit)


def _with_currency(amount: Decimal | float, currency: str, number: str, *unit: str) -> str:
    text = NO_BREAK.join(part for part in (SYMBOLS.get(currency, currency), number, *unit) if part)
    return MINUS + text if amount < 0 and any(figure in "123456789" for figure in number) else text


@register.simple_tag(takes_context=True)
def amount(context: template.Context, value: Decimal | float | None) -> SafeString | str:
    """Write an amount in the company's currency, short to read and exact on hover."""
    company: Company | None = context.get("company")
    currency = company.currency if company else ""
    if value is None:
        return "–"
    exact = exact_money(value, currency)
    return format_html('<data value="{}" title="{}">{}</data>', value, exact, money(value, currency))


@register.filter
def exact_money(value: Decimal | float, currency: str = "") -> str:
    """Write `€ 2,412,345.00`."""
    return _with_currency(
        value, currency, formats.number_format(abs(Decimal(value)), decimal_pos=2, force_grouping=True)
    )


def _shortened(size: Decimal) -> tuple[str, str]:
    # From 999.5 on a number would round to four figures, so it takes the next unit.
    step, unit = next(((step, unit) for step, unit in STEPS if size >= step * Decimal("0.9995")), (Decimal(1), ""))
    scaled = size / step
    decimals = 0 if not unit or scaled >= Decimal("99.95") else 1 if scaled >= Decimal("9.995") else 2
    return formats.number_format(round(scaled, decimals), decimal_pos=decimals), unit


@register.filter
def day(value: dt.date | None, today: dt.date | None = None) -> SafeString | str:
    """Write `18 Jan`, with the year where it would not be plain; of a moment the day in the company's zone."""
    if value is None:
        return "–"
    if isinstance(value, dt.datetime):
        value = timezone.localdate(value)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), day_text(value, today))


def day_text(value: dt.date, today: dt.date | None = None) -> str:
    """Write a day without markup, for sentences and attributes; where room is short it breaks before the year only."""
    reference = today or timezone.localdate()
    is_plain = value.year == reference.year or abs((value - reference).days) <= NEAR_DAYS
    return _day_in(get_language(), value, "j M" if is_plain else "j M Y")


@lru_cache(maxsize=4096)
def _day_in(_language: str | None, value: dt.date, pattern: str) -> str:
    """A list says the same few hundred days over and over, and writing one takes as long as the rest of its cell."""
    return formats.date_format(value, pattern).replace(" ", NO_BREAK, 1)


@register.filter
def moment(value: dt.datetime | None) -> SafeString | str:
    """Write `18 Jan 14:05`, in the company's zone."""
    if value is None:
        return "–"
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), moment_text(value))


def moment_text(value: dt.datetime) -> str:
    """Write a moment without markup, for sentences and attributes."""
    local = timezone.localtime(value)
    return f"{day_text(local.date())} {formats.time_format(local, 'H:i')}"


@register.filter
def dialled(number: str) -> str:
    """What a link to a telephone dials: `+49 (0)30 12-34 ext. 5` is `+49301234`."""
    found = NUMBER.search(number)
    written = found[0] if found else ""
    # Inside a country a nought comes first; who dials the country leaves it out.
    digits = re.sub(r"\D", "", written.replace("(0)", "") if written.startswith("+") else written)
    return f"+{digits}" if written.startswith("+") else digits


@register.filter
def age(days: int | None) -> str:
    """Write `71 d`."""
    return "–" if days is None else f"{days}{NO_BREAK}d"


@register.filter
def signed(number: int | None) -> str:
    """Write `+19`, `−6`, `0`."""
    if number is None:
        return ""
    return f"{MINUS}{-number}" if number < 0 else f"+{number}" if number else "0"


@register.filter
def percent(share: float | None) -> str:
    """Write a share (0-1) as `94 %`."""
    return "–" if share is None else f"{round(share * 100)}{NO_BREAK}%"


@register.simple_tag(takes_context=True)
def as_of(context: template.Context, as_of_day: dt.date, computed_at: dt.datetime) -> str:
    """Say `as of today 05:12`; a day long past is named, with when it was computed."""
    company: Company | None = context.get("company")
    zone = ZoneInfo(company.time_zone) if company else ZoneInfo("UTC")
    computed = _moment_text(computed_at, zone)
    if as_of_day == timezone.localdate(computed_at, zone):
        return _("as of {moment}").format(moment=computed)
    today = timezone.localdate(timezone=zone)
    return _("as of {day}, computed {moment}").format(day=day_text(as_of_day, today), moment=computed)


@register.simple_tag(takes_context=True)
def when(context: template.Context, value: dt.datetime) -> str:
    """Say `yesterday 08:12`, or `18 Jan 08:12`, by the company's clock."""
    company: Company | None = context.get("company")
    return _moment_text(value, ZoneInfo(company.time_zone) if company else ZoneInfo("UTC"))


def _moment_text(value: dt.datetime, zone: ZoneInfo) -> str:
    local, today = timezone.localtime(value, zone), timezone.localdate(timezone=zone)
    names = {today: _("today"), today - dt.timedelta(days=1): _("yesterday")}
    named = names.get(local.date(), day_text(local.date(), today))
    return _("{day} {time}").format(day=named, time=formats.time_format(local, "H:i"))
