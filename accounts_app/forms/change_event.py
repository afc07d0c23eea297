"""Something that happened at the account."""

from django.utils.translation import gettext_lazy

from accounts_app.forms.fact import DayInput, FactForm
from accounts_app.models import ChangeEvent


class ChangeEventForm(FactForm):
    groups = (("", ("kind", "happened_on", "title", "source")),)
    past = ("happened_on",)

    class Meta:
        model = ChangeEvent
        fields = ("kind", "happened_on", "title", "source")
        widgets = {"happened_on": DayInput}
        labels = {
            "happened_on": gettext_lazy("When"),
            "title": gettext_lazy("What happened, in a few words"),
            "source": gettext_lazy("Who says so"),
        }
        help_texts = {"source": gettext_lazy("A person, a paper, a page.")}
