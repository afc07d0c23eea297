"""A person at the account: who, where they stand, whether they stay and who follows, what matters to them."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.forms.fact import ContactChoice, DayInput, FactForm, Group, people_of
from accounts_app.forms.interaction_fields import asked_about
from accounts_app.models import Contact
from accounts_app.models.person import Level
from accounts_app.plan_days import hand_over_day
from accounts_app.services.both_sides import both_sides, calendars
from accounts_app.services.contact_departure import (
    Departure,
    Following,
    change_contact,
    has_hand_over,
    ticket_of,
    would_go_round,
)
from accounts_app.services.hand_over_contacts import check_day
from accounts_app.templatetags.formats import day_text

STANDING = (gettext_lazy("Where they stand"), ("level", "role", "primary"))
COMING_AND_GOING = (gettext_lazy("Coming and going"), ("since", "leaving", "leaving_on", "left_on"))
# Asked of somebody who is known already; who is typed in as gone has had a successor, or not.
ON_DEPARTURE = ("new_successor", "new_level", "nobody_follows", "hand_over", "hand_over_on")
FOLLOWING = (gettext_lazy("If they leave: who follows"), ("successor", *ON_DEPARTURE))
TO_KNOW = (gettext_lazy("Worth knowing before a talk"), ("matters", "note"))


class ContactForm(FactForm):
    leaving = forms.BooleanField(
        label=gettext_lazy("Will leave"), required=False, help_text=gettext_lazy("Announced, by this person or others.")
    )
    successor = ContactChoice(label=gettext_lazy("Successor"))
    new_successor = forms.CharField(
        label=gettext_lazy("or somebody new, by name"), required=False, max_length=160, strip=True
    )
    new_level = forms.ChoiceField(label=gettext_lazy("Level of the new person"), choices=Level.choices, required=False)
    nobody_follows = forms.BooleanField(label=gettext_lazy("Nobody follows, or it is not known yet"), required=False)
    hand_over = forms.BooleanField(label=gettext_lazy("Plan a hand-over contact"), required=False)
    hand_over_on = forms.DateField(label=gettext_lazy("Hand-over on"), required=False, widget=DayInput())

    groups: ClassVar[tuple[Group, ...]] = (
        (gettext_lazy("Who"), ("name", "title", "email", "phone")),
        STANDING,
        COMING_AND_GOING,
        FOLLOWING,
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

    def __init__(self, data: Any = None, *, instance: Contact, today: date) -> None:
        super().__init__(data, instance=instance, today=today)
        others = people_of(instance.account_id).exclude(pk=instance.pk)
        self.fields["successor"].queryset = others  # type: ignore[attr-defined]
        self.initial["leaving"] = instance.leaving_known_on is not None
        self.departure: Departure | None = None
        if instance.pk:
            self._propose_hand_over(instance)
        else:
            for name in ON_DEPARTURE:
                del self.fields[name]

    def _propose_hand_over(self, contact: Contact) -> None:
        goes = bool(contact.left_on or contact.leaving_known_on)
        self.initial["new_level"] = contact.level
        # What was arranged long ago is not arranged again because a note is corrected.
        self.initial["hand_over"] = not (goes and contact.successor_id)
        calendar = calendars([contact.account])[contact.account_id]
        self.initial["hand_over_on"] = hand_over_day(self.today, contact.leaving_on, calendar.sides)
        self.fields["hand_over_on"].widget.attrs["min"] = self.today.isoformat()
        asked_about(self, "hand_over_on", contact.account, calendar)

    @property
    def written(self) -> list[str]:
        return [*super().written, "leaving_known_on"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        successor, new = cleaned.get("successor"), cleaned.get("new_successor")
        if (successor or new) and not (cleaned.get("left_on") or self._leaves(cleaned)):
            field = "successor" if successor else "new_successor"
            self.add_error(field, _("Somebody who stays has no successor: say that they left or will leave."))
        if successor and new:
            self.add_error("new_successor", _("Choose somebody above, or name somebody new: not both."))
        if successor and not self.errors:
            self._check_successor(successor)
        if self.instance.pk:
            self._ask_who_follows(cleaned)
            self._check_hand_over(cleaned)
        return cleaned

    def _check_successor(self, successor: Contact) -> None:
        if successor.pk == self.instance.successor_id:
            return
        if successor.left_on:
            left = day_text(successor.left_on, self.today)
            text = _("{name} left on {day} as well: choose somebody who is there.")
            self.add_error("successor", text.format(name=successor.name, day=left))
        elif self.instance.pk and would_go_round(self.instance, successor):
            self.add_error("successor", _("They would follow each other in a ring."))

    def _ask_who_follows(self, cleaned: dict[str, Any]) -> None:
        """Whoever leaves now is asked about: an answer, or the word that there is none."""
        leaves_now = cleaned.get("left_on") and self.instance.left_on is None
        answered = any(cleaned.get(name) for name in ("successor", "new_successor", "nobody_follows"))
        if leaves_now and not answered and not {"successor", "new_successor"} & set(self.errors):
            self.add_error(
                "successor", _("Who follows? Choose or name somebody, or tick that nobody does or is known yet.")
            )

    def _check_hand_over(self, cleaned: dict[str, Any]) -> None:
        if not (cleaned.get("hand_over") and (cleaned.get("successor") or cleaned.get("new_successor"))):
            return
        last = None if cleaned.get("left_on") else cleaned.get("leaving_on")
        if "hand_over_on" not in self.changed_data or not cleaned.get("hand_over_on"):
            cleaned["hand_over_on"] = hand_over_day(self.today, last, both_sides(self.instance.account))
            return
        try:
            check_day(cleaned["hand_over_on"], today=self.today)
        except ValidationError as refusal:
            self.add_error("hand_over_on", refusal)
            return
        if last and self.today <= last < cleaned["hand_over_on"]:
            self.add_error("hand_over_on", _("After the last day: nobody is there to hand over any more."))

    def write(self, *, by: Any) -> None:
        # An announcement is known since the first day it was; who stays after all has none.
        cleaned = self.cleaned_data
        known = self.instance.leaving_known_on or self.today
        self.instance.leaving_known_on = known if self._leaves(cleaned) else None
        if not self.instance.pk:
            super().write(by=by)
            return
        following = Following(
            new_name=cleaned["new_successor"],
            new_level=cleaned["new_level"] or self.instance.level,
            hand_over_on=cleaned["hand_over_on"] if cleaned["hand_over"] else None,
        )
        self.departure = change_contact(
            self.instance, self.written, following, seen=cleaned["seen"], by=by, today=self.today
        )

    @property
    def undo_url(self) -> str:
        if self.departure is None or not self.departure.is_one():
            return ""
        return reverse("accounts:contact_undo", args=[self.instance.account_id, ticket_of(self.departure)])

    @property
    def said(self) -> str:
        """What was done beside saving."""
        done = self.departure
        if done is None or not done.is_one():
            return ""
        if done.planned_on:
            return _("Hand-over contact planned for {day}.").format(day=day_text(done.planned_on, self.today))
        successor = self.instance.successor
        if successor and has_hand_over(successor):
            return _("A contact with {name} is planned already.").format(name=successor.name)
        return _("No hand-over contact is planned.")

    @staticmethod
    def _leaves(cleaned: dict[str, Any]) -> bool:
        return bool(cleaned.get("leaving") or cleaned.get("leaving_on"))


class ImportedContactForm(ContactForm):
    """Of a contact that a feed delivers people keep what they know better; the rest the next file would overwrite."""

    groups = (STANDING, COMING_AND_GOING, FOLLOWING, TO_KNOW)

    class Meta(ContactForm.Meta):
        fields = ("level", "role", "primary", "leaving_on", "left_on", "successor", "matters", "note")  # type: ignore[assignment]

    def __init__(self, data: Any = None, *, instance: Contact, today: date) -> None:
        super().__init__(data, instance=instance, today=today)
        self.notice = _(
            "Name and addresses come from {feed} and are kept there. A later file that names a level, a role or a last "
            "day for this person counts more than what is typed here."
        ).format(feed=instance.feed)
