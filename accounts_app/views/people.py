"""Our people: hours a week for accounts, absences, country. Why somebody is away is nobody's business."""

from typing import Any
from urllib.parse import urlencode

from django.core.signing import BadSignature
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts_app.access import WHO_ACT, Request, access
from accounts_app.context import company_of
from accounts_app.forms.people import AbsenceForm, PersonForm
from accounts_app.models import Absence, Colleague, Role, User
from accounts_app.services.our_people import (
    ROLES_OF_LEADERS,
    bring_absence_back,
    entry_of,
    may_change,
    people_editable_by,
    remove_absence,
    save_absence,
    save_person,
    users_editable_by,
)
from accounts_app.services.people import ROLES_OF_OWNERS
from accounts_app.views.fragments import page_or_fragment, saved
from accounts_app.views.listing import page_of
from accounts_app.views.settings import tabs


@access(ROLES_OF_LEADERS)
def person_list(request: Request) -> HttpResponse:
    people = people_editable_by(request.user).select_related("user").prefetch_related("absences").order_by("name")
    page = page_of(request, people)
    today = company_of(request).day_of(timezone.now())
    rows = [(person, _next_absence(person, today)) for person in page["page_obj"]]
    missing = users_editable_by(request.user).filter(colleague=None, is_active=True, role__in=ROLES_OF_OWNERS)
    context = {**page, "rows": rows, "missing": missing.order_by("name"), "tabs": tabs(request, "people")}
    return page_or_fragment(request, "accounts_app/settings_people.html", context)


@access(WHO_ACT, methods=("GET", "POST"))
def person_edit(request: Request, pk: int) -> HttpResponse:
    return _person(request, get_object_or_404(people_editable_by(request.user), pk=pk))


@access(WHO_ACT, methods=("GET", "POST"))
def person_of_user(request: Request, pk: int) -> HttpResponse:
    """The same of a user, of whom as one of our people nothing may be on record yet."""
    user: User = get_object_or_404(users_editable_by(request.user), pk=pk)
    return _person(request, entry_of(user, company_of(request).day_of(timezone.now())))


@access(WHO_ACT, methods=("GET", "POST"))
def absence_add(request: Request, pk: int) -> HttpResponse:
    person = get_object_or_404(people_editable_by(request.user), pk=pk)
    return _absence(request, Absence(colleague=person))


@access(WHO_ACT, methods=("GET", "POST"))
def absence_edit(request: Request, pk: int, absence_pk: int) -> HttpResponse:
    return _absence(request, _editable_absence(request, pk, absence_pk))


@access(WHO_ACT, methods=("POST",))
def absence_remove(request: Request, pk: int, absence_pk: int) -> HttpResponse:
    absence = _editable_absence(request, pk, absence_pk)
    query = urlencode({"of": remove_absence(absence, by=request.user)})
    undo_url = f"{reverse('accounts:absence_undo', args=[pk])}?{query}"
    back = reverse("accounts:person_edit", args=[pk])
    return saved(request, text=_("Absence removed."), back=back, undo_url=undo_url)


@access(WHO_ACT, methods=("POST",))
def absence_undo(request: Request, pk: int) -> HttpResponse:
    person, today = (
        get_object_or_404(people_editable_by(request.user), pk=pk),
        company_of(request).day_of(timezone.now()),
    )
    try:
        is_back = bring_absence_back(request.GET.get("of", ""), person, by=request.user, today=today)
    except BadSignature:
        is_back = False
    text = _("Taken back.") if is_back else _("There is nothing to take back any more.")
    return saved(request, text=text, back=reverse("accounts:person_edit", args=[pk]))


def _editable_absence(request: Request, pk: int, absence_pk: int) -> Absence:
    person = get_object_or_404(people_editable_by(request.user), pk=pk)
    absence = get_object_or_404(person.absences.select_related("feed", "colleague"), pk=absence_pk)
    if not may_change(absence):
        raise Http404
    return absence


def _person(request: Request, person: Colleague) -> HttpResponse:
    form = PersonForm(request.POST if request.method == "POST" else None, instance=person)
    if request.method == "POST" and form.is_valid():
        save_person(person, by=request.user)
        back = reverse("accounts:person_edit", args=[person.pk])
        return saved(request, text=_("Hours of %(name)s saved.") % {"name": person.name}, back=back)
    today = company_of(request).day_of(timezone.now())
    absences = person.absences.select_related("feed").order_by("-until_day") if person.pk else []
    context = {
        "person": person,
        "form": form,
        "absences": [(one, may_change(one), one.until_day < today) for one in absences],
        "address": request.path,
        **_frame(request),
    }
    status = 422 if request.method == "POST" else 200
    # After an undo the list of absences asks for itself.
    fragment = "absences" if request.headers.get("HX-Target") == "absences" else "dialog"
    return page_or_fragment(request, "accounts_app/settings_person.html", context, fragment=fragment, status=status)


def _absence(request: Request, absence: Absence) -> HttpResponse:
    form = AbsenceForm(request.POST if request.method == "POST" else None, instance=absence)
    back = reverse("accounts:person_edit", args=[absence.colleague_id])
    if request.method == "POST" and form.is_valid():
        save_absence(form.instance, by=request.user, today=company_of(request).day_of(timezone.now()))
        return saved(request, text=_("Absence of %(name)s saved.") % {"name": absence.colleague}, back=back)
    context = {"form": form, "absence": absence, "address": request.path, "back": back, **_frame(request)}
    status = 422 if request.method == "POST" else 200
    return page_or_fragment(request, "accounts_app/settings_absence.html", context, fragment="dialog", status=status)


def _frame(request: Request) -> dict[str, Any]:
    """Leaders come from the settings; managers, who have none, from the page about their time."""
    leads = request.user.role in ROLES_OF_LEADERS
    return {
        "tabs": tabs(request, "people") if leads else [],
        "is_leader": request.user.role in {Role.SALES_LEADER, Role.ADMINISTRATOR},
    }


def _next_absence(person: Colleague, today: Any) -> Absence | None:
    """The one that runs, or the next."""
    return min(
        (one for one in person.absences.all() if one.until_day >= today), key=lambda one: one.from_day, default=None
    )
