"""The company: which country's public holidays it keeps."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts_app.access import Request, access
from accounts_app.forms.company import CompanyForm
from accounts_app.models import Company
from accounts_app.views.fragments import is_fragment, page_or_fragment, saved
from accounts_app.views.settings import ADMINISTRATORS, tabs


@access(ADMINISTRATORS, methods=("GET", "POST"))
def company_edit(request: Request) -> HttpResponse:
    is_sent = request.method == "POST"
    # A row of its own: the one every page shows stays as it is stored while this one is refused.
    form = CompanyForm(request.POST if is_sent else None, instance=Company.the())
    if is_sent and form.is_valid():
        form.save()
        return saved(request, text=_("Saved: these holidays are kept."), back=reverse("accounts:person_list"))
    context = {"form": form, "tabs": tabs(request, "people"), "is_dialog": is_fragment(request)}
    status = 422 if is_sent else 200
    return page_or_fragment(request, "accounts_app/settings_company.html", context, fragment="dialog", status=status)
