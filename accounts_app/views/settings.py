"""Users, teams and tiers: what an administrator decides for everybody."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.access import Request, access
from accounts_app.forms.channel_hours import ChannelHoursForm
from accounts_app.forms.policy import TeamForm, TierForm, UserForm
from accounts_app.models import Role, Team, Tier, User
from accounts_app.services.people import invitation, remove_team
from accounts_app.services.tiers import change_tier
from accounts_app.views.fragments import is_fragment, page_or_fragment, saved
from accounts_app.views.listing import Column, page_of, sorting

ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
TABS = (
    ("users", gettext_lazy("Users"), "accounts:user_list"),
    ("teams", gettext_lazy("Teams"), "accounts:team_list"),
    ("people", gettext_lazy("Our people"), "accounts:person_list"),
    ("tiers", gettext_lazy("Tiers"), "accounts:tier_list"),
    ("rules", gettext_lazy("Rules"), "signals:rules"),
    ("playbooks", gettext_lazy("Playbooks"), "signals:playbook_list"),
    ("budgets", gettext_lazy("Alarm budget"), "signals:budget_list"),
    ("losses", gettext_lazy("Losses"), "signals:loss_alarm"),
    ("hand-over", gettext_lazy("Hand-over"), "accounts:hand_over"),
    ("mail", gettext_lazy("Mail"), "cadence:mail_list"),
)
# Leaders set policy and hand accounts over; who may log in is not theirs to say.
TABS_OF_LEADERS = ("people", "rules", "losses", "playbooks", "budgets", "hand-over")
COLUMNS = (
    Column("name", gettext_lazy("Name"), "name"),
    Column("role", gettext_lazy("Role"), "role"),
    Column("teams", gettext_lazy("Teams")),
    Column("accounts", gettext_lazy("Accounts"), "account_count", css="number", descending_first=True),
    Column("last", gettext_lazy("Last log-in"), "last_login", descending_first=True),
    Column("acts", ""),
)


def tabs(request: Request, current: str) -> list[dict[str, Any]]:
    """The pages of the settings that this role may open."""
    shown = [tab for tab in TABS if request.user.role == Role.ADMINISTRATOR or tab[0] in TABS_OF_LEADERS]
    return [
        {"label": label, "url": reverse(name), "count": None, "is_current": key == current}
        for key, label, name in shown
    ]


@access(ADMINISTRATORS | {Role.SALES_LEADER})
def settings(request: Request) -> HttpResponse:
    return redirect("accounts:user_list" if request.user.role == Role.ADMINISTRATOR else "signals:rules")


@access(ADMINISTRATORS)
def user_list(request: Request) -> HttpResponse:
    order = sorting(request, COLUMNS, default="name")
    page = page_of(request, _users().order_by("-is_active", *order.ordering))
    context = {**page, "rows": page["page_obj"], "headers": order.headers, "tabs": tabs(request, "users")}
    return page_or_fragment(request, "accounts_app/settings_users.html", context)


@access(ADMINISTRATORS, methods=("GET", "POST"))
def user_add(request: Request) -> HttpResponse:
    return _user_form(request, User())


@access(ADMINISTRATORS, methods=("GET", "POST"))
def user_edit(request: Request, pk: int) -> HttpResponse:
    return _user_form(request, get_object_or_404(User, pk=pk))


@access(ADMINISTRATORS, methods=("POST",))
def user_invite(request: Request, pk: int) -> HttpResponse:
    """Show the link by which this user sets a password; it is shown to nobody else and stored nowhere."""
    user = get_object_or_404(User, pk=pk, is_active=True)
    link = request.build_absolute_uri(invitation(user))
    context = {"invited": user, "link": link, "tabs": tabs(request, "users")}
    return page_or_fragment(request, "accounts_app/settings_invitation.html", context, fragment="dialog")


def _user_form(request: Request, user: User) -> HttpResponse:
    is_new = user.pk is None
    form = UserForm(request.POST or None, instance=user)
    done = form.perform() if request.method == "POST" else None
    if done:
        text = (
            _("%(name)s may log in once a password is set: invite them from the list.")
            if is_new
            else _("%(name)s saved.")
        )
        return saved(request, text=text % {"name": done}, back=reverse("accounts:user_list"))
    stored = None if is_new else User.objects.get(pk=user.pk)
    context = {
        "form": form,
        "edited": stored,
        "owns_accounts": _refused_for_accounts(form),
        "tabs": tabs(request, "users"),
    }
    return _form(request, "accounts_app/settings_user.html", context)


def _refused_for_accounts(form: UserForm) -> bool:
    return any(error.code == "owns_accounts" for error in form.non_field_errors().as_data())


def _users() -> QuerySet[User]:
    teams = Prefetch("teams", Team.objects.order_by("name"))
    return User.objects.prefetch_related(teams).annotate(account_count=Count("owned_accounts"))


@access(ADMINISTRATORS)
def team_list(request: Request) -> HttpResponse:
    teams = Team.objects.annotate(
        people=Count("members", filter=Q(members__is_active=True), distinct=True),
        account_count=Count("accounts", distinct=True),
    ).order_by("name")
    context = {"rows": teams, "tabs": tabs(request, "teams")}
    return page_or_fragment(request, "accounts_app/settings_teams.html", context)


@access(ADMINISTRATORS, methods=("GET", "POST"))
def team_add(request: Request) -> HttpResponse:
    return _team_form(request, Team())


@access(ADMINISTRATORS, methods=("GET", "POST"))
def team_edit(request: Request, pk: int) -> HttpResponse:
    return _team_form(request, get_object_or_404(Team, pk=pk))


@access(ADMINISTRATORS, methods=("POST",))
def team_remove(request: Request, pk: int) -> HttpResponse:
    team = get_object_or_404(Team, pk=pk)
    try:
        remove_team(team)
    except ValidationError as refusal:
        form = TeamForm(instance=team)
        context = {"form": form, "team": team, "refusal": refusal.messages[0], "tabs": tabs(request, "teams")}
        return _form(request, "accounts_app/settings_team.html", context)
    return saved(request, text=_("%(team)s removed.") % {"team": team.name}, back=reverse("accounts:team_list"))


def _team_form(request: Request, team: Team) -> HttpResponse:
    form = TeamForm(request.POST or None, instance=team)
    if request.method == "POST" and form.is_valid():
        form.save()
        return saved(request, text=_("%(team)s saved.") % {"team": team.name}, back=reverse("accounts:team_list"))
    return _form(
        request, "accounts_app/settings_team.html", {"form": form, "team": team, "tabs": tabs(request, "teams")}
    )


@access(ADMINISTRATORS)
def tier_list(request: Request) -> HttpResponse:
    tiers = Tier.objects.annotate(account_count=Count("accounts")).order_by("rank")
    context = {"rows": tiers, "tabs": tabs(request, "tiers")}
    return page_or_fragment(request, "accounts_app/settings_tiers.html", context)


@access(ADMINISTRATORS, methods=("GET", "POST"))
def tier_edit(request: Request, pk: int) -> HttpResponse:
    tier = get_object_or_404(Tier, pk=pk)
    sent = request.POST if request.method == "POST" else None
    form, channels = TierForm(sent, instance=tier), ChannelHoursForm(sent, tier=tier)
    if sent is not None and form.is_valid() and channels.is_valid():
        accounts = change_tier(form.instance, channels=channels.channels(), contact_hours=channels.mean())
        text = _("%(tier)s saved; %(n)s accounts are computed anew.") % {"tier": tier.name, "n": accounts}
        return saved(request, text=text, back=reverse("accounts:tier_list"))
    context = {"form": form, "channels": channels, "tier": tier, "tabs": tabs(request, "tiers")}
    return _form(request, "accounts_app/settings_tier.html", context)


def _form(request: Request, template: str, context: dict[str, Any]) -> HttpResponse:
    """A form that stands by itself leads back to its list; one in the dialog is saved where it stands."""
    status = 422 if request.method == "POST" else 200
    context |= {"is_dialog": is_fragment(request)}
    return page_or_fragment(request, template, context, fragment="dialog", status=status)
