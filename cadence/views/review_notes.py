"""What came of a review: what was said, and the initiatives and promises that go back to the account."""

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts_app.access import WHO_ACT, Request, access
from accounts_app.forms.fact import FactForm
from accounts_app.forms.initiative import InitiativeForm
from accounts_app.forms.kinds import INITIATIVE, Kind
from accounts_app.models import Initiative, User
from accounts_app.views.fact import answer as fact_answer
from accounts_app.views.fragments import is_fragment, page_or_fragment, saved
from cadence.forms.review_notes import AnswerForm
from cadence.models import DiscoveryQuestion, Review, ReviewAnswer
from cadence.services import review_notes
from cadence.views.reviews import editable_review, perform, today_of

TITLE = Initiative._meta.get_field("title").max_length or 0  # noqa: SLF001 - the length of the column


@access(WHO_ACT, methods=("GET", "POST"))
def answer_add(request: Request, pk: int) -> HttpResponse:
    """`?question=` is one of the library; without it any other question."""
    review = editable_review(request, pk)
    answer = ReviewAnswer(review=review)
    asked = request.GET.get("question", "")
    if asked.isdecimal() and len(asked) < 19 and (found := DiscoveryQuestion.objects.filter(pk=asked).first()):
        answer.question, answer.level = found.text, found.level
    return _answer_form(request, answer, title=_("What did they say?"))


@access(WHO_ACT, methods=("GET", "POST"))
def answer_edit(request: Request, pk: int, answer_pk: int) -> HttpResponse:
    answer = get_object_or_404(ReviewAnswer.objects.filter(review=editable_review(request, pk)), pk=answer_pk)
    return _answer_form(request, answer, title=_("Edit what they said"))


@access(WHO_ACT, methods=("GET", "POST"))
def answer_remove(request: Request, pk: int, answer_pk: int) -> HttpResponse:
    """Asked first, as for every fact."""
    review = editable_review(request, pk)
    answer = get_object_or_404(ReviewAnswer.objects.filter(review=review), pk=answer_pk)
    if request.method == "POST":
        return perform(
            request, review, lambda: review_notes.remove_answer(answer, by=request.user), _("Answer removed.")
        )
    context = {
        "row": answer.said,
        "account": review.account,
        "title": _("Remove this answer?"),
        "back_url": _back(review),
        "is_dialog": is_fragment(request),
    }
    return page_or_fragment(request, "accounts_app/fact_remove.html", context, fragment="dialog")


@access(WHO_ACT, methods=("GET", "POST"))
def review_fact_add(request: Request, pk: int, kind: Kind) -> HttpResponse:
    """An initiative or a promise, stored with the account; `?answer=` is what an initiative is made of."""
    review = editable_review(request, pk)
    day = min(review.meets_on or today_of(request), today_of(request))
    row = kind.model(account=review.account)
    form = kind.form(request.POST if request.method == "POST" else None, instance=row, today=today_of(request))
    form.initial.update({"heard_on" if kind is INITIATIVE else "promised_on": day} | _made_of(request, review, form))
    if request.method == "POST" and _stored(review, form, by=request.user):
        return saved(request, text=_("{fact} saved with the account.").format(fact=kind.name), back=_back(review))
    return fact_answer(request, form, review.account, title=kind.add, back=_back(review))


@transaction.atomic
def _stored(review: Review, form: FactForm, *, by: User) -> bool:
    """Both or neither: the fact, and that it came of this review."""
    if form.is_valid() and review.is_closed:
        form.add_error(None, review_notes.CLOSED)
    fact = form.perform(by=by)
    if fact:
        review_notes.keep_with(review, fact, by=by)
    return bool(fact)


def _made_of(request: Request, review: Review, form: Any) -> dict[str, Any]:
    """The words of an answer and who said them, where an initiative is made of one."""
    asked = request.GET.get("answer", "")
    if not (isinstance(form, InitiativeForm) and asked.isdecimal() and len(asked) < 19):
        return {}
    answer = ReviewAnswer.objects.filter(review=review, pk=asked).first()
    return {"title": " ".join(answer.said.split())[:TITLE], "sponsor": answer.contact_id} if answer else {}


def _answer_form(request: Request, answer: ReviewAnswer, *, title: str) -> HttpResponse:
    review = answer.review
    form = AnswerForm(request.POST if request.method == "POST" else None, instance=answer, today=today_of(request))
    if request.method == "POST" and form.perform(by=request.user):
        return saved(request, text=_("Kept what they said."), back=_back(review))
    remove_url = reverse("cadence:answer_remove", args=[review.pk, answer.pk]) if answer.pk else ""
    return fact_answer(request, form, review.account, title=title, back=_back(review), remove_url=remove_url)


def _back(review: Review) -> str:
    return reverse("cadence:review", args=[review.pk])
