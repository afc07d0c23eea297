"""The library of discovery questions."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts_app.access import EXCEPT_OPERATIONS, WHO_ACT, Request, access
from accounts_app.models import Level
from accounts_app.views.fragments import is_fragment, page_or_fragment, saved
from cadence.forms.review_notes import QuestionForm
from cadence.models import DiscoveryQuestion
from cadence.services.review_notes import set_active
from cadence.views.reviews import today_of


@access(EXCEPT_OPERATIONS)
def question_list(request: Request) -> HttpResponse:
    """By level from the top; what is retired stands last."""
    rows = list(DiscoveryQuestion.library().order_by("-active", "pk"))
    levels = [(level, [row for row in rows if row.level == level]) for level in Level]
    context = {"levels": levels, "may_edit": request.user.role in WHO_ACT}
    return page_or_fragment(request, "cadence/review_questions.html", context)


@access(WHO_ACT, methods=("GET", "POST"))
def question_add(request: Request) -> HttpResponse:
    level = request.GET.get("level", "")
    question = DiscoveryQuestion(level=level if level in Level.values else "")
    return _form(request, question, title=_("Add a question"))


@access(WHO_ACT, methods=("GET", "POST"))
def question_edit(request: Request, pk: int) -> HttpResponse:
    return _form(request, get_object_or_404(DiscoveryQuestion, pk=pk), title=_("Edit a question"))


@access(WHO_ACT, methods=("POST",))
def question_retire(request: Request, pk: int) -> HttpResponse:
    question = get_object_or_404(DiscoveryQuestion, pk=pk)
    set_active(question, active=False)
    undo_url = reverse("cadence:question_restore", args=[pk])
    return saved(request, text=_("Retired: it is not offered any more."), back=_back(), undo_url=undo_url)


@access(WHO_ACT, methods=("POST",))
def question_restore(request: Request, pk: int) -> HttpResponse:
    question = get_object_or_404(DiscoveryQuestion, pk=pk)
    set_active(question, active=True)
    undo_url = reverse("cadence:question_retire", args=[pk])
    return saved(request, text=_("Offered again."), back=_back(), undo_url=undo_url)


def _form(request: Request, question: DiscoveryQuestion, *, title: str) -> HttpResponse:
    form = QuestionForm(request.POST if request.method == "POST" else None, instance=question, today=today_of(request))
    if request.method == "POST" and form.perform(by=request.user):
        return saved(request, text=_("Question saved."), back=_back())
    context = {
        "form": form,
        "title": title,
        "act": _("Save"),
        "back_url": _back(),
        "is_dialog": is_fragment(request),
    }
    status = 422 if form.is_bound else 200
    return page_or_fragment(request, "cadence/review_form.html", context, fragment="dialog", status=status)


def _back() -> str:
    return reverse("cadence:question_list")
