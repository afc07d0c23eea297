"""The rule set: seen, changed after a look at what the change does, its versions, and taking one up again."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from accounts_app.access import EXCEPT_OPERATIONS, Request, access
from accounts_app.context import company_of
from accounts_app.models import Role
from accounts_app.views.fragments import is_fragment, page_or_fragment
from accounts_app.views.listing import page_of
from accounts_app.views.settings import tabs
from signals.models import RuleSet, Run, RunChunk
from signals.pages.rules.forms import RuleSetForm, as_typed, merged
from signals.pages.rules.learning import Learning, learnt_parts, read_learning
from signals.pages.rules.outlook import preview
from signals.pages.rules.reading import reading_of
from signals.pages.rules.words import differences, flat, sentence_of
from signals.services.rule_changes import OvertakenError, save_rules
from signals.services.rules import current_rules

# Leaders set policy; administrators see and change everything.
WHO_SET = frozenset({Role.SALES_LEADER, Role.ADMINISTRATOR})
TEMPLATE = "signals/rules.html"


@dataclass
class Draft:
    """What somebody is about to save, and what is to be said about it."""

    form: RuleSetForm
    learning: Learning
    said: list[str] = field(default_factory=list)
    is_looked_at: bool = False


@access(WHO_SET, methods=("GET", "POST"))
def rules(request: Request) -> HttpResponseBase:
    newest = current_rules()
    learning = read_learning(company_of(request).day_of(timezone.now()))
    if request.method == "POST":
        return _typed(request, newest, learning)
    start = _start(request, newest, learning)
    if start is None:
        return _page(request, Draft(RuleSetForm(base=newest, learned=learning.stored), learning))
    data, said = start
    return _look(request, Draft(RuleSetForm(data, base=newest, learned=learning.stored), learning, [said]))


def _start(request: Request, newest: RuleSet, learning: Learning) -> tuple[dict[str, Any], str] | None:
    """An older version, or what was learned, to begin with: looked at, not saved."""
    now = flat(newest.weights)
    asked = request.GET.get("version", "")
    if request.GET.get("from") == "learned" and learning.is_offered:
        reason = _("Learned from {n} of our outcomes.").format(n=learning.outcomes)
        values, said = learning.proposal(newest.weights), _("Filled with what was learned. Nothing is saved yet.")
    elif asked.isascii() and asked.isdecimal() and len(asked) <= 9:
        old = get_object_or_404(RuleSet, version=int(asked))
        reason = _("Version {n} taken up again.").format(n=old.version)
        values, said = flat(old.weights), _("Filled with version {n}. Nothing is saved yet.").format(n=old.version)
    else:
        return None
    return {**as_typed(now | values), "based_on": newest.version, "looked_at": "", "reason": reason}, said


def _typed(request: Request, newest: RuleSet, learning: Learning) -> HttpResponseBase:
    data: dict[str, Any] = request.POST.dict()
    draft = Draft(RuleSetForm(data, base=newest, learned=learning.stored), learning)
    before = _based_on(data)
    if before is not None and before != newest:
        return _overtaken(request, draft, before, newest)
    if request.POST.get("act") == "save" and _may_be_saved(draft):
        return _save(request, draft)
    return _look(request, draft)


def _based_on(data: dict[str, Any]) -> RuleSet | None:
    number = str(data.get("based_on", ""))
    known = number.isascii() and number.isdecimal() and len(number) <= 9
    return RuleSet.objects.filter(version=int(number)).first() if known else None


def _overtaken(request: Request, draft: Draft, before: RuleSet, newest: RuleSet) -> HttpResponse:
    """Somebody saved meanwhile: said, taken over where nothing was typed, and looked at once more."""
    said = _(
        "{name} saved version {n} meanwhile ({changes}). "
        "What you changed is kept, the rest is as saved there: nothing of yours is saved yet."
    )
    name = newest.made_by.name if newest.made_by else _("The program")
    changes = sentence_of(differences(before.weights, newest.weights)) or newest.reason
    form = RuleSetForm(merged(draft.form.data, before, newest), base=newest, learned=draft.learning.stored)
    told = [said.format(name=name, n=newest.version, changes=changes)]
    return _look(request, Draft(form, draft.learning, told), status=422)


def _may_be_saved(draft: Draft) -> bool:
    form = draft.form
    if not form.is_valid():
        return False
    if form.cleaned_data["looked_at"] != form.mark():
        draft.said.append(
            _("These values were not looked at yet: this is what they would do. Save again if you mean it.")
        )
    elif not differences(form.base.weights, form.stored()):
        form.add_error(None, _("Nothing differs from the rules in force, so there is nothing to save."))
    elif not form.cleaned_data["reason"]:
        form.add_error("reason", _("Say why: whoever reads the history should understand it."))
    else:
        return True
    return False


def _save(request: Request, draft: Draft) -> HttpResponseBase:
    form = draft.form
    learned = learnt_parts(form.stored(), form.base, draft.learning)
    try:
        made, run = save_rules(
            form.values(),
            based_on=form.base.version,
            reason=form.cleaned_data["reason"],
            by=request.user,
            learned=learned,
        )
    except OvertakenError as overtaken:
        return _overtaken(request, draft, form.base, overtaken.newest)
    follows = _("Every account is judged by it now.") if run else _("The next nightly run judges by it.")
    messages.success(request, _("Version {n} is saved.").format(n=made.version) + " " + follows)
    address = reverse("signals:rules")
    return HttpResponseClientRedirect(address) if is_fragment(request) else redirect(address)


def _look(request: Request, draft: Draft, *, status: int = 200) -> HttpResponse:
    """The page with what the typed values would do."""
    form = draft.form
    if not form.is_valid() and not (form.errors.keys() <= {"reason", "__all__"}):
        return _page(request, draft, status=422)
    draft.is_looked_at = True
    shown = preview(form.values(), request.user)
    form.data = {**form.data, "looked_at": form.mark()}
    return _page(
        request,
        draft,
        status=422 if form.errors else status,
        preview=shown,
        changes=differences(form.base.weights, form.stored()),
    )


def _page(request: Request, draft: Draft, *, status: int = 200, **context: Any) -> HttpResponse:
    base = draft.form.base
    response = page_or_fragment(
        request,
        TEMPLATE,
        {
            "form": draft.form,
            "base": base,
            "learning": draft.learning,
            "said": draft.said,
            "is_looked_at": draft.is_looked_at,
            "tabs": tabs(request, "rules"),
            "under_way": under_way(base),
            **context,
        },
        fragment="editor",
        status=status,
    )
    # What is to be read first comes into sight: what was said, what is wrong, else what the change would do.
    first = "#rules-outlook" if draft.is_looked_at and not draft.said else "#rules"
    response["HX-Reswap"] = f"outerHTML show:{first}:top"
    return response


@dataclass(frozen=True)
class UnderWay:
    """The pages still show another version than the newest."""

    shown: RuleSet | None
    done: int
    total: int
    is_running: bool


def under_way(newest: RuleSet) -> UnderWay | None:
    """None once pages show the newest version."""
    shown = Run.objects.shown()
    if shown is not None and shown.rule_set_id == newest.pk:
        return None
    run = Run.objects.assessments().unfinished().filter(rule_set=newest).order_by("-ticket").first()
    chunks = RunChunk.objects.filter(run=run) if run else RunChunk.objects.none()
    states = list(chunks.values_list("state", flat=True))
    done = states.count(RunChunk.State.DONE)
    return UnderWay(shown.rule_set if shown else None, done, len(states), is_running=run is not None)


@access(WHO_SET)
def rules_state(request: Request) -> HttpResponse:
    """How far the run is that follows the newest version; asked again only while it is under way."""
    newest = current_rules()
    return TemplateResponse(request, "signals/rules_state.html", {"base": newest, "under_way": under_way(newest)})


@access(EXCEPT_OPERATIONS)
def rules_read(request: Request, version: int) -> HttpResponse:
    """A version as it is met beside an account, for all who see accounts."""
    shown = get_object_or_404(RuleSet.objects.select_related("made_by"), version=version)
    context = {
        "rules": shown,
        "reading": reading_of(shown),
        "in_force": current_rules().version,
        "may_change": request.user.role in WHO_SET,
    }
    return TemplateResponse(request, "signals/rules_read.html", context)


@access(WHO_SET)
def rules_history(request: Request) -> HttpResponse:
    versions = RuleSet.objects.select_related("made_by").order_by("-version")
    page = page_of(request, versions)
    shown = list(page["page_obj"])
    earlier = RuleSet.objects.in_bulk([one.version - 1 for one in shown], field_name="version")
    rows = [
        (one, differences(earlier[one.version - 1].weights, one.weights) if one.version - 1 in earlier else None)
        for one in shown
    ]
    in_force = RuleSet.objects.order_by("-version").values_list("version", flat=True).first()
    context = {**page, "rows": rows, "in_force": in_force, "tabs": tabs(request, "rules")}
    return page_or_fragment(request, "signals/rules_history.html", context)
