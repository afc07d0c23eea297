"""What may be missing at an account in a quarter, as conditions on `ContactQuarter`."""

import datetime as dt
from collections.abc import Mapping

from django.db.models import DateField, ExpressionWrapper, F, Func, IntegerField, Q, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import LessThan

LEVELS_MET = Func(F("levels_in_year"), function="JSONB_ARRAY_LENGTH", output_field=IntegerField())
# Where none is on record it counts from the first contact, as the interval of contacts does.
REVIEW_DUE = ExpressionWrapper(
    Coalesce(F("review_on"), F("first_on")) + F("account__tier__review_days"), output_field=DateField()
)


def missing(last_on: dt.date) -> Mapping[str, Q]:
    """The conditions by name, for a quarter that is counted until `last_on`."""
    return {
        "broken": Q(days_kept__lt=F("days_promised")),
        "no_executive": Q(executive_on=None),
        "levels": Q(account__tier__min_levels__gt=LEVELS_MET),
        "review": Q(LessThan(REVIEW_DUE, Value(last_on, DateField()))),
        "no_value": Q(with_value__lt=F("proactive")),
    }
