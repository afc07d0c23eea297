"""A value item: what it is, for whom, until when, and where it lies."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import Q
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.forms.fact import DayInput, FactForm
from accounts_app.forms.interaction_fields import Several
from accounts_app.forms.suggestions import Suggested, industries, product_groups, topics
from accounts_app.models import Role, User, ValueItem
from cadence.services.value_files import Document, checked, too_large
from cadence.services.value_library import write_item

TYPES = ".pdf,.png,.jpg,.jpeg,.docx,.xlsx,.pptx,.odt,.ods,.odp"
FAR = 365 * 20


class WordsField(forms.MultipleChoiceField):
    """Any of the known words, as chips; what an item already names stays possible."""

    widget = Several

    def offer(self, words: list[str], named: list[str]) -> None:
        self.choices = [(word, word) for word in sorted({*words, *named}, key=str.casefold)]


class ValueItemForm(FactForm):
    industries = WordsField(label=gettext_lazy("For which industries"), required=False)
    products = WordsField(label=gettext_lazy("For those who buy"), required=False)
    link = forms.URLField(
        label=gettext_lazy("Link"), required=False, max_length=500, assume_scheme="https",
        validators=[URLValidator(["http", "https"])],
    )  # fmt: skip
    drop_file = forms.BooleanField(label=gettext_lazy("Take the file out"), required=False)
    # Last of all: where the body is cut off, what stands before it was read.
    upload = forms.FileField(
        label=gettext_lazy("File"), required=False, allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": TYPES}),
    )  # fmt: skip

    groups = (
        ("", ("title", "kind", "summary", "topic", "owner", "valid_until")),
        (gettext_lazy("For whom"), ("industries", "products")),
        (gettext_lazy("Where it lies"), ("link", "drop_file", "upload")),
    )

    class Meta:
        model = ValueItem
        fields = ("title", "kind", "summary", "topic", "industries", "products", "owner", "valid_until", "link")
        widgets = {
            "kind": forms.RadioSelect,
            "summary": forms.Textarea({"rows": 3}),
            "topic": Suggested,
            "valid_until": DayInput,
        }
        labels = {
            "summary": gettext_lazy("What the customer has from it"),
            "owner": gettext_lazy("Who looks after it"),
            "valid_until": gettext_lazy("Valid until"),
        }
        help_texts = {
            "summary": "",
            "topic": gettext_lazy("The same word as in customers' initiatives lets it be proposed for them."),
            "valid_until": gettext_lazy("The last day it may be brought; empty: without an end."),
        }

    def __init__(
        self, data: Any = None, files: Any = None, *, instance: ValueItem, today: date, is_too_large: bool = False
    ) -> None:
        super().__init__(data, instance=instance, today=today)
        self.files = files or MultiValueDict()
        if not instance.pk:
            # Left to the database these have no value yet.
            self.initial.update(summary="", link="")
        self._document: Document | None = None
        self.fields["kind"].choices = ValueItem.Kind.choices  # type: ignore[attr-defined]
        self.fields["topic"].widget.offer(topics())
        self.fields["industries"].offer(industries(), instance.industries)  # type: ignore[attr-defined]
        self.fields["industries"].help_text = _("None: for all of them.")
        self.fields["products"].offer(product_groups(), instance.products)  # type: ignore[attr-defined]
        self.fields["products"].help_text = _("None: whatever they buy.")
        may_look = Q(is_active=True) & ~Q(role=Role.OPERATIONS)
        here = User.objects.filter(may_look | Q(value_items=instance.pk or 0)).distinct()
        self.fields["owner"].queryset = here.order_by("name")  # type: ignore[attr-defined]
        self._settle_file(instance, is_too_large=is_too_large)

    def _settle_file(self, instance: ValueItem, *, is_too_large: bool) -> None:
        upload = self.fields["upload"]
        upload.help_text = _("PDF, picture or office document without macros.")
        if is_too_large:
            upload.required = True
            upload.error_messages["required"] = too_large()
        if instance.file:
            upload.label = _("Another file instead of {name}").format(name=instance.file_name)
        else:
            del self.fields["drop_file"]

    def clean_title(self) -> str:
        return " ".join(str(self.cleaned_data["title"]).split())

    def clean_topic(self) -> str:
        return " ".join(str(self.cleaned_data["topic"]).split())

    def clean_valid_until(self) -> date | None:
        day: date | None = self.cleaned_data["valid_until"]
        if day and day > self.today + timedelta(FAR):
            raise ValidationError(_("This is more than 20 years away; leave it empty for an item without an end."))
        return day

    def clean_upload(self) -> Any:
        if file := self.cleaned_data["upload"]:
            self._document = checked(file)
        return file

    def write(self, *, by: User) -> None:
        said = self.cleaned_data
        write_item(
            self.instance,
            self.written,
            seen=said["seen"],
            by=by,
            today=self.today,
            file=said["upload"],
            document=self._document,
            drops_file=said.get("drop_file", False),
        )

    def told(self, stored: Any, name: str) -> str:
        value = getattr(stored, name)
        return ", ".join(value) or "–" if isinstance(value, list) else super().told(stored, name)


class RetireForm(forms.Form):
    """Until when the item may still be brought."""

    valid_until = forms.DateField(
        label=gettext_lazy("Last day it may be brought"),
        widget=DayInput,
        help_text=gettext_lazy("From the next day on it is not proposed or offered any more; what was brought stays."),
    )

    def __init__(self, data: Any = None, *, today: date) -> None:
        yesterday = today - timedelta(1)
        super().__init__(data, initial={"valid_until": yesterday}, auto_id="retire-%s", label_suffix="")
