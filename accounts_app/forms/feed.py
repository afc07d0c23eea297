"""A source of facts: what it is called, its currency, and how often each kind of fact is expected of it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.models import Feed, FeedKind, FeedSource

LONGEST_INTERVAL = 400  # days; nothing that a signal rests on comes less often


class FeedForm(forms.ModelForm):
    class Meta:
        model = Feed
        fields = ("title", "currency")
        labels = {"title": gettext_lazy("Title"), "currency": gettext_lazy("Currency")}  # Django's own
        help_texts = {"currency": gettext_lazy("Of rows that name none, such as EUR.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "label_suffix": ""})

    def clean_currency(self) -> str:
        code = str(self.cleaned_data["currency"]).strip().upper()
        if code and not (len(code) == 3 and code.isascii() and code.isalpha()):
            raise ValidationError(_("A currency is three letters, such as EUR."))
        return code


class NewFeedForm(FeedForm):
    class Meta(FeedForm.Meta):
        fields = ("name", "title", "currency")  # type: ignore[assignment]
        labels = {**FeedForm.Meta.labels, "name": gettext_lazy("Name")}
        help_texts = {
            **FeedForm.Meta.help_texts,
            "name": gettext_lazy("As programs call it, such as erp: letters, digits, - and _. It stays."),
        }

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"]).lower()
        if Feed.objects.filter(name=name).exists():
            raise ValidationError(_("There is a feed of this name."))
        return name


class FeedKindForm(forms.ModelForm):
    class Meta:
        model = FeedKind
        fields = ("expected_days", "used")
        labels = {
            "expected_days": gettext_lazy("Days from one delivery to the next"),
            "used": gettext_lazy("Used here"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "label_suffix": ""})
        self.fields["expected_days"] = forms.IntegerField(
            min_value=1,
            max_value=LONGEST_INTERVAL,
            label=_("Days from one delivery of %(kind)s to the next") % {"kind": self.instance.get_source_display()},
        )
        self.fields["used"].label = _("%(kind)s are used here") % {"kind": self.instance.get_source_display()}
        self.fields["used"].help_text = ""


FeedKindFormSet = forms.modelformset_factory(FeedKind, form=FeedKindForm, extra=0)


class AddKindForm(forms.Form):
    """A kind of fact that has not come in yet, to expect it or to say that it will not be used."""

    source = forms.ChoiceField(label=gettext_lazy("Another kind"), required=False)

    def __init__(self, feed: Feed, data: Any = None) -> None:
        super().__init__(data, label_suffix="", prefix="add")
        there = set(feed.kinds.values_list("source", flat=True))
        missing = [(key, label) for key, label in FeedSource.choices if key not in there]
        self.fields["source"].choices = [("", "–"), *missing]  # type: ignore[attr-defined]
