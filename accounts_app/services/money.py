"""What an amount typed by a person was worth in the company's currency on its day."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts_app.models import Company, ExchangeRate

CENT = Decimal("0.01")
# What a money column holds; the importer draws the line at the same place.
LARGEST = Decimal("1e13")


def reporting_amount(amount: Decimal, currency: str, on: date) -> Decimal:
    """The amount at the rate of its day, rounded as the importer rounds (half away from zero).

    Raises ValidationError where no rate is known: a guessed rate of 1 would be wrong and look right.
    """
    worth = (amount * rate(currency, on)).quantize(CENT, ROUND_HALF_UP)
    if abs(worth) >= LARGEST:
        raise ValidationError(_("This is larger than any amount expected here."), code="too_large")
    return worth


def rate(currency: str, on: date) -> Decimal:
    """Units of the company's currency for one of `currency`, by the latest rate valid on that day."""
    reporting = Company.the().currency
    if not reporting:
        raise ValidationError(
            _("The company's currency is not named yet, so no amount can be taken: an administrator can name it."),
            code="no_reporting_currency",
        )
    if currency == reporting:
        return Decimal(1)
    known = ExchangeRate.objects.filter(currency=currency, valid_on__lte=on).order_by("-valid_on").first()
    if known is None:
        raise ValidationError(
            _("No rate from %(currency)s to %(reporting)s is known for %(day)s."),
            code="no_rate",
            params={"currency": currency, "reporting": reporting, "day": date_format(on, "j M Y")},
        )
    return known.rate
