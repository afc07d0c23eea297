"""Days on which no order is expected of this account."""

from django.utils.translation import gettext_lazy

from accounts_app.forms.fact import DayInput, FactForm
from accounts_app.models import QuietPeriod


class QuietPeriodForm(FactForm):
    groups = (("", ("from_day", "until_day", "reason")),)
    in_order = (("from_day", "until_day", gettext_lazy("Ends before it begins.")),)

    class Meta:
        model = QuietPeriod
        fields = ("from_day", "until_day", "reason")
        widgets = {"from_day": DayInput, "until_day": DayInput}
        labels = {"from_day": gettext_lazy("First quiet day"), "until_day": gettext_lazy("Last quiet day")}
        help_texts = {
            "until_day": "",
            "reason": gettext_lazy("Such as a summer closure or a move: an order missing on these days alarms nobody."),
        }
