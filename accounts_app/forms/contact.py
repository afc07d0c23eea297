"""A person at the account: who, where they stand, whether they stay, what matters to them."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.forms.fact import ContactChoice, DayInput, FactForm, Group, people_of
from accounts_app.models import Contact

STANDING = (gettext_lazy("Where they stand"), ("level", "role", "primary"))
COMING_AND_GOING = (gettext_lazy("Coming and going"), ("since", "leaving", "leaving_on", "left_on", "successor"))
TO_KNOW = (gettext_lazy("Worth knowing before a talk"), ("matters", "note"))


class ContactForm(FactForm):
    leaving = forms.BooleanField(
        label=gettext_lazy("Will leave"), required=False, help_text=gettext_lazy("Announced, by this person or others.")
    )
    successor = ContactChoice(label=gettext_lazy("Successor"))

    groups: ClassVar[tuple[Group, ...]] = (
        (gettext_lazy("Who"), ("name", "title", "email", "phone")),
        STANDING,
        COMING_AND_GOING,
        TO_KNOW,
    )
    typed_as = {"leaving_known_on": "leaving"}
    past = ("since", "left_on")
    in_order = (
        ("since", "left_on", gettext_lazy("Left before coming.")),
        ("since", "leaving_on", gettext_lazy("Leaves before coming.")),
    )

    class Meta:
        model = Contact
        fields = (
            "name", "title", "email", "phone", "level", "role", "primary", "since",
            "leaving_on", "left_on", "successor", "matters", "note",
        )  # fmt: skip
        widgets = {
            "since": DayInput,
            "leaving_on": DayInput,
            "left_on": DayInput,
            "matters": forms.Textarea({"rows": 3}),
            "note": forms.Textarea({"rows": 2}),
        }
        labels = {"since": gettext_lazy("There since"), "left_on": gettext_lazy("Has left, on")}

    def __init__(self, data: Any = None, *, instance: Contact, today: Any) -> None:
        super().__init__(data, instance=instance, today=today)
        others = people_of(instance.account_id).exclude(pk=instance.pk)
        self.fields["successor"].queryset = others  # type: ignore[attr-defined]
        self.initial["leaving"] = instance.leaving_known_on is not None

    @property
    def written(self) -> list[str]:
        return [*super().written, "leaving_known_on"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("successor") and not (cleaned.get("left_on") or self._leaves(cleaned)):
            self.add_error("successor", _("Somebody who stays has no successor: say that they left or will leave."))
        return cleaned

    def write(self, *, by: Any) -> None:
        # An announcement is known since the first day it was; who stays after all has none.
        known = self.instance.leaving_known_on or self.today
        self.instance.leaving_known_on = known if self._leaves(self.cleaned_data) else None
        super().write(by=by)

    @staticmethod
    def _leaves(cleaned: dict[str, Any]) -> bool:
        return bool(cleaned.get("leaving") or cleaned.get("leaving_on"))


class ImportedContactForm(ContactForm):
    """Of a contact that a feed delivers people keep what they know better; the rest the next file would overwrite."""

    groups = (STANDING, COMING_AND_GOING, TO_KNOW)

    class Meta(ContactForm.Meta):
        fields = ("level", "role", "primary", "leaving_on", "left_on", "successor", "matters", "note")  # type: ignore[assignment]

    def __init__(self, data: Any = None, *, instance: Contact, today: Any) -> None:
        super().__init__(data, instance=instance, today=today)
        self.notice = _(
            "Name and addresses come from {feed} and are kept there. A later file that names a level, a role or a last "
            "day for this person counts more than what is typed here."
        ).format(feed=instance.feed)
