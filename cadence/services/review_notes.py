"""What was said in a review, and the questions that are put."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts_app.models import Contact, Initiative, Promise, User
from accounts_app.services.facts import ChangedMeanwhileError, lock_account, stamp
from cadence.models import DiscoveryQuestion, Review, ReviewAnswer

CLOSED = gettext_lazy("This review is closed: reopen it first.")


@transaction.atomic
def write_answer(answer: ReviewAnswer, *, seen: str, by: User) -> None:
    """Keep what somebody said, with the question as it was asked."""
    review = _open_review(answer.review, by=by)
    _check_contact(answer.contact, review)
    if answer.pk:
        stored = ReviewAnswer.objects.select_for_update().get(pk=answer.pk, review=review)
        if stamp(stored) != seen:
            raise ChangedMeanwhileError(stored)
    answer.save()


@transaction.atomic
def remove_answer(answer: ReviewAnswer, *, by: User) -> None:
    """Take out what was typed in by mistake; the trail keeps it."""
    _open_review(answer.review, by=by)
    answer.delete()


@transaction.atomic
def keep_with(review: Review, row: Initiative | Promise, *, by: User) -> None:
    """Note that this initiative or promise came of the review."""
    _open_review(review, by=by)
    rows: Any = review.initiatives if isinstance(row, Initiative) else review.promises
    rows.add(row)


def check_open(review: Review) -> None:
    if review.is_closed:
        raise ValidationError(CLOSED)


def _open_review(review: Review, *, by: User) -> Review:
    lock_account(review.account_id, by=by)
    held = Review.objects.select_for_update(of=("self",)).get(pk=review.pk)
    check_open(held)
    return held


def _check_contact(contact: Contact | None, review: Review) -> None:
    if contact and contact.account_id != review.account_id:
        raise ValidationError({"contact": _("Choose somebody of this account.")})


@transaction.atomic
def write_question(question: DiscoveryQuestion, *, seen: str) -> DiscoveryQuestion:
    """Add or change a question; one that a customer was asked is retired and followed by the new wording."""
    if question._state.adding:  # noqa: SLF001  Django's documented way
        question.validate_constraints()
        question.save()
        return question
    stored = DiscoveryQuestion.objects.select_for_update().get(pk=question.pk)
    if stamp(stored) != seen:
        raise ChangedMeanwhileError(stored)
    is_reworded = (stored.text, stored.level) != (question.text, question.level)
    was_asked = stored.reviews.filter(held_on__isnull=False).exists()
    if is_reworded and was_asked:
        stored.active = False
        stored.save(update_fields=["active"])
        question = DiscoveryQuestion(level=question.level, text=question.text)
    question.validate_constraints()
    question.save()
    return question


def set_active(question: DiscoveryQuestion, *, active: bool) -> None:
    DiscoveryQuestion.objects.filter(pk=question.pk).update(active=active)
