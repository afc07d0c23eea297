"""What is true of the whole company."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.models import Company
from accounts_app.public_holidays import country_code


class CompanyForm(forms.ModelForm):
    """Where we are; whoever of our people lives elsewhere says so for themselves."""

    class Meta:
        model = Company
        fields = ("country",)
        labels: ClassVar[dict[str, Any]] = {"country": gettext_lazy("Our country")}
        help_texts: ClassVar[dict[str, Any]] = {
            "country": gettext_lazy("No contact is proposed on its public holidays. Empty: none are known.")
        }

    def __init__(self, data: Any = None, *, instance: Company) -> None:
        super().__init__(data, instance=instance, auto_id="company-%s", label_suffix="")

    def clean_country(self) -> str:
        country = str(self.cleaned_data["country"]).strip()
        if country and not country_code(country):
            raise ValidationError(_("No country is known by this name; try it in English, or two letters such as DE."))
        return country
