"""The backtest: what would have been seen, when, and how often it would have cried wolf."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_htmx.http import HttpResponseClientRedirect

from accounts_app.access import EXCEPT_OPERATIONS, Request, access
from accounts_app.models import Account, Role, User
from accounts_app.views.fragments import is_fragment, page_or_fragment
from signals.compute.backtest import histogram
from signals.compute.backtest_replay import MARKED
from signals.models import BacktestAccount, BacktestResult, Run
from signals.pages.backtest.charts import calibration_figure, lead_figure
from signals.pages.backtest.words import PHASES, left_text, name_of
from signals.services import backtest, backtest_figures, runs
from signals.views.backtest_result import result_context

TEMPLATE = "signals/backtest.html"
# It is the whole portfolio's work, so those who answer for it begin it; everybody reads what concerns the own accounts.
WHO_BEGIN = frozenset({Role.SALES_LEADER, Role.ADMINISTRATOR})
EARLIER_SHOWN = 20


class SpanForm(forms.Form):
    """From, until and step; what is wrong with them is said by the service."""

    begin = forms.DateField(label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=gettext_lazy("Until"), widget=forms.DateInput(attrs={"type": "date"}))
    step = forms.IntegerField(
        label=gettext_lazy("Step in days"),
        widget=forms.NumberInput(attrs={"min": backtest.LEAST_STEP, "max": backtest.LONGEST_STEP}),
    )

    @property
    def span(self) -> backtest.Span:
        said = self.cleaned_data
        return backtest.Span(said["begin"], said["until"], said["step"])


# States of a run in which its figures are there.
FINISHED = (Run.State.DONE, Run.State.INCOMPLETE)
# The service names its fields as a sentence does.
FIELDS = {"from": "begin", "until": "until", "step": "step"}


def results_for(user: User) -> QuerySet[BacktestResult]:
    """Results that say something of accounts this reader may see, and those that are not there yet."""
    visible = BacktestAccount.objects.visible_to(user).filter(run=OuterRef("run"))
    unfinished = Q(run__state__in=(Run.State.OPEN, Run.State.CANCELLED))
    found = BacktestResult.objects.filter(unfinished | Exists(visible))
    return found.select_related("run__rule_set", "made_by")


@access(EXCEPT_OPERATIONS)
def backtests(request: Request) -> HttpResponse:
    """The last finished one, and the form that begins another."""
    finished = results_for(request.user).filter(run__state__in=FINISHED)
    return TemplateResponse(request, TEMPLATE, _context(request, finished.first()))


@access(WHO_BEGIN, methods=("POST",))
def backtest_begin(request: Request) -> HttpResponse:
    form = SpanForm(request.POST)
    result = _begun(form, request.user) if form.is_valid() else None
    if result:
        return redirect("signals:backtest", result.pk)
    return TemplateResponse(request, TEMPLATE, _context(request, None, form), status=422)


def _begun(form: SpanForm, user: User) -> BacktestResult | None:
    """The backtest that was begun; else the form says why not."""
    try:
        return backtest.request(form.span, by=user, today=runs.business_date(timezone.now()))
    except backtest.SpanError as wrong:
        form.add_error(FIELDS[wrong.field], str(wrong))
    except backtest.BusyError:
        form.add_error(None, _("A backtest is under way already: wait for it, or cancel it."))
    return None


@access(EXCEPT_OPERATIONS)
def backtest_result(request: Request, pk: int) -> HttpResponse:
    result = get_object_or_404(results_for(request.user), pk=pk)
    if result.run.state == Run.State.OPEN:
        return page_or_fragment(request, TEMPLATE, _context(request, result), fragment="work")
    if not is_fragment(request):
        return TemplateResponse(request, TEMPLATE, _context(request, result), headers={"Vary": "HX-Request"})
    if "threshold" in request.GET and result.run.state in FINISHED:
        return TemplateResponse(request, "signals/backtest_threshold.html", result_context(request, result))
    return HttpResponseClientRedirect(resolve_url("signals:backtest", pk))  # it is over: the page says how it ended


@access(WHO_BEGIN, methods=("POST",))
def backtest_cancel(request: Request, pk: int) -> HttpResponse:
    result = get_object_or_404(results_for(request.user), pk=pk)
    if not backtest.cancel(result):
        messages.info(request, _("It had ended before."))
    return redirect("signals:backtest", pk)


def _context(request: Request, result: BacktestResult | None, form: SpanForm | None = None) -> dict[str, Any]:
    under_way = result if result and result.run.state == Run.State.OPEN else backtest.under_way()
    shown = result if result and result.run.state in FINISHED else None
    return {
        "result": result,
        "may_begin": request.user.role in WHO_BEGIN,
        "form": form or (SpanForm(initial=_usual()) if request.user.role in WHO_BEGIN else None),
        "under_way": under_way,
        "progress": _progress(under_way) if under_way else None,
        "is_cancelled": bool(result and result.run.state == Run.State.CANCELLED),
        "earlier": results_for(request.user)[:EARLIER_SHOWN],
        **(result_context(request, shown) if shown else {}),
    }


def _usual() -> dict[str, Any]:
    span = backtest.usual_span(runs.business_date(timezone.now()))
    return {"begin": span.from_day, "until": span.until_day, "step": span.step_days} if span else {"step": 7}


def _progress(result: BacktestResult) -> dict[str, Any]:
    progress = backtest.progress_of(result.run)
    return {"phase": PHASES[progress.phase], "percent": progress.percent, "left": left_text(progress)}


def _figures(request: Request, pk: int) -> dict[str, Any]:
    finished = results_for(request.user).filter(run__state__in=FINISHED)
    result = get_object_or_404(finished, pk=pk)
    return backtest_figures.keep(result, visible_ids(request.user))


def visible_ids(user: User) -> list[int]:
    return list(Account.objects.visible_to(user).values_list("pk", flat=True))


@access(EXCEPT_OPERATIONS)
def backtest_leads(request: Request, pk: int) -> HttpResponse:
    """The distribution of lead times, the risk beside the usual rules."""
    methods = _figures(request, pk)["methods"]
    colours = {MARKED: "--accent", "none_90": "--strip-other", "three_gaps": "--strip-incident"}
    series = [
        (name_of(key), colour, histogram(methods[key]["leads"])) for key, colour in colours.items() if key in methods
    ]
    return JsonResponse(lead_figure(series, _("days before the loss"), _("accounts lost")))


@access(EXCEPT_OPERATIONS)
def backtest_calibration(request: Request, pk: int) -> HttpResponse:
    """The share that was lost against the risk shown."""
    bins = _figures(request, pk)["calibration"]["bins"]
    words = _("Shown %(from)s to %(to)s: %(lost)s of %(cases)s were lost within 180 days")
    labels = {row["from"]: words % row for row in bins}
    return JsonResponse(calibration_figure(bins, _("risk shown"), _("lost within 180 days"), labels))
