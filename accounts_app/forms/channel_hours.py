"""How the promised contacts of a tier take place: the share of each channel, and the hours one takes."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts_app.models import ChannelHours, Interaction, Tier

WHOLE = 100
MOST_HOURS = 80
TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Row:
    """One channel with its two fields."""

    label: str
    share: forms.BoundField
    hours: forms.BoundField


class ChannelHoursForm(forms.Form):
    """A share and hours for each channel; the shares make a hundred."""

    def __init__(self, data: Any = None, *, tier: Tier) -> None:
        super().__init__(data, auto_id="channel-%s", label_suffix="")
        self.tier = tier
        stored = {one.channel: one for one in tier.channel_hours.all()}
        for channel, label in Interaction.Channel.choices:
            one = stored.get(channel)
            share = forms.IntegerField(
                min_value=0, max_value=WHOLE, label=_("{channel}: percent").format(channel=label)
            )
            hours = forms.DecimalField(
                min_value=0, max_value=MOST_HOURS, decimal_places=1, label=_("{channel}: hours").format(channel=label)
            )
            share.initial, hours.initial = (one.share, one.hours) if one else (0, tier.contact_hours)
            hours.widget.attrs["step"] = "0.1"
            self.fields |= {f"share_{channel}": share, f"hours_{channel}": hours}

    @property
    def rows(self) -> list[Row]:
        return [
            Row(str(label), self[f"share_{channel}"], self[f"hours_{channel}"])
            for channel, label in Interaction.Channel.choices
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if len(cleaned) < len(self.fields):
            return cleaned
        total = sum(one.share for one in self.channels())
        if total != WHOLE:
            raise ValidationError(_("The shares make {total} %, not 100 %.").format(total=total))
        if self.mean() < TENTH:
            raise ValidationError(_("A contact takes a tenth of an hour at least, on the average of all channels."))
        return cleaned

    def channels(self) -> list[ChannelHours]:
        """The rows as typed."""
        typed = self.cleaned_data
        return [
            ChannelHours(
                tier=self.tier, channel=channel, share=typed[f"share_{channel}"], hours=typed[f"hours_{channel}"]
            )
            for channel in Interaction.Channel.values
        ]

    def mean(self) -> Decimal:
        """What one promised contact takes, all channels taken together."""
        weighted = sum((one.hours * one.share for one in self.channels()), Decimal(0)) / WHOLE
        return weighted.quantize(TENTH, ROUND_HALF_UP)
