"""A moment that somebody types: empty means now."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

MINUTES = "%Y-%m-%dT%H:%M"


class MomentInput(forms.DateTimeInput):
    """The browser's own calendar and clock, in the company's zone, up to now."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format=MINUTES)


def moment_field(label: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label, required=False, widget=MomentInput(), help_text=gettext_lazy("Empty means now.")
    )
