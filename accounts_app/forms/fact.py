"""What the forms of all facts have in common."""

from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar, cast

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.models import Company, Contact, User
from accounts_app.models.company import currency_code
from accounts_app.services import facts

Text = str | Promise
Group = tuple[Text, tuple[str, ...]]


class DayInput(forms.DateInput):
    """The browser's own calendar; the value always reads 2026-03-02."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class FactForm(forms.ModelForm):
    """A form about one row of an account. It says at the field what cannot be, and overwrites nobody's change."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    # Which fields stand together, each group under its heading.
    groups: ClassVar[tuple[Group, ...]]
    # Days on which something has happened: they cannot lie ahead.
    past: ClassVar[tuple[str, ...]] = ()
    # (a day, the day that cannot come before it, what to say)
    in_order: ClassVar[tuple[tuple[str, str, Text], ...]] = ()
    # A field of the row that is typed in another form than it is stored.
    typed_as: ClassVar[dict[str, str]] = {}
    # What the reader should know before typing.
    notice: Text = ""

    def __init__(self, data: Any = None, *, instance: Any, today: date) -> None:
        super().__init__(data, instance=instance, auto_id="fact-%s", label_suffix="")
        self.today = today
        for field in self.fields.values():
            if isinstance(field, forms.TypedChoiceField):
                offered: Any = field.choices
                field.choices = [(key, label if key else _("Choose …")) for key, label in offered]
        for name in self.past:
            if name in self.fields:
                self.fields[name].widget.attrs["max"] = today.isoformat()
        if instance.pk:
            self.initial["seen"] = facts.stamp(instance)

    def grouped(self) -> Iterator[tuple[Text, list[forms.BoundField]]]:
        for title, names in self.groups:
            if fields := [self[name] for name in names if name in self.fields]:
                yield title, fields

    @property
    def written(self) -> list[str]:
        """The fields of the row that this form writes."""
        return [name for name in self._meta.fields or () if name in self.fields]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in self.past:
            if (day := cleaned.get(name)) and day > self.today:
                self.add_error(name, _("This day lies ahead; today is %s.") % date_format(self.today, "j M Y"))
        for first, second, text in self.in_order:
            begin, end = cleaned.get(first), cleaned.get(second)
            if begin and end and end < begin:
                self.add_error(second, str(text))
        return cleaned

    def perform(self, *, by: User) -> Any:
        """Write it and return the row, or return None with the reasons in `errors`."""
        if not self.is_valid():
            return None
        try:
            self.write(by=by)
        except facts.ChangedMeanwhileError as conflict:
            self._tell(conflict.stored)
            return None
        except ValidationError as refusal:
            self.add_error(None, refusal)
            return None
        return self.instance

    def write(self, *, by: User) -> None:
        if self.instance.pk:
            seen = self.cleaned_data["seen"]
            facts.change(self.instance, self.written, seen=seen, by=by, today=self.today)
        else:
            facts.add(self.instance, by=by, today=self.today)

    @property
    def undo_url(self) -> str:
        """The address that takes a change back, where there is one."""
        return ""

    @property
    def said(self) -> str:
        """What was done beside saving the row."""
        return ""

    def told(self, stored: Any, name: str) -> str:
        """A stored value in words."""
        if words := getattr(stored, f"get_{name}_display", None):
            return str(words())
        value = getattr(stored, name)
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, date):
            return date_format(value, "j M Y")
        return str(value) if value not in {None, ""} else "–"

    def _tell(self, stored: models.Model) -> None:
        """Say what stands there now; whoever saves again has read it and means it."""
        typed = cast("QueryDict", self.data).copy()
        typed["seen"] = facts.stamp(stored)
        self.data = typed
        others = [name for name in self.written if getattr(stored, name) != getattr(self.instance, name)]
        words = _("Stored now: {field}: {value}")
        told = [
            _("Somebody else changed this while you were typing. Nothing was overwritten; save again to keep yours."),
            *(words.format(field=self[self.typed_as.get(n, n)].label, value=self.told(stored, n)) for n in others),
        ]
        self.add_error(NON_FIELD_ERRORS, ValidationError(told))


class MoneyFields(forms.ModelForm):
    """A form with an amount; the currency is the company's until another is typed, and needed only beside an amount."""

    amount_field: ClassVar[str]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.initial.get("currency"):
            self.initial["currency"] = Company.the().currency

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"] if self.data.get(self.amount_field) else "")


class CurrencyField(forms.CharField):
    """Three capital letters, however typed."""

    default_validators = [currency_code]

    def __init__(self) -> None:
        super().__init__(label=gettext_lazy("Currency"), required=False, max_length=3)

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).upper()


class ContactChoice(forms.ModelChoiceField):
    """Somebody at this account, or nobody; who left stands last and is named so."""

    def __init__(self, *, label: Any) -> None:
        nobody = gettext_lazy("Nobody named")
        super().__init__(label=label, queryset=Contact.objects.none(), required=False, empty_label=nobody)

    def label_from_instance(self, obj: Any) -> str:
        return _("{name} (left)").format(name=obj.name) if obj.left_on else str(obj.name)


def people_of(account_id: int | None) -> "models.QuerySet[Contact]":
    return Contact.objects.filter(account=account_id).order_by(models.F("left_on").asc(nulls_first=True), "name")
