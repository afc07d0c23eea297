"""What people type in leaves a trail: who, when, what was there before; what a file brings leaves none here."""

from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from accounts_app.forms.kinds import KINDS, Kind
from accounts_app.models import Account, ImportBatch, User
from tests.factories import FeedFactory
from tests.integration.facts.conftest import Read, Send
from tests.integration.facts.test_fact_forms import FACTORIES, TYPED_BY_ITSELF, address, body_of, seen

pytestmark = pytest.mark.django_db

UNTRACKED_WHEN_IMPORTED = [
    kind for kind in KINDS if kind.noun in {"inquiry", "change_event", "survey_answer", "quiet_period"}
]


def events_of(kind: Kind, pk: int) -> Any:
    return apps.get_model("accounts_app", f"{kind.model.__name__}Event")._default_manager.filter(pgh_obj_id=pk)


@pytest.mark.parametrize("kind", TYPED_BY_ITSELF, ids=lambda kind: kind.noun)
def test_typing_in_changing_and_removing_are_kept_with_who(
    kind: Kind, send: Send, read: Read, manager: User, account: Account
) -> None:
    send(f"{kind.segment}/add", body_of(kind))
    row = kind.model.objects.get(account=account)
    path = address(kind, row, "edit")
    field = {
        "contact": "phone",
        "loss": "went_to",
        "survey_answer": "comment",
        "quiet_period": "reason",
        "promise": "text",
        "customer_metric": "unit",
    }
    send(path, body_of(kind) | {field.get(kind.noun, "title"): "another", "seen": seen(read(path))})
    if kind.is_removable:
        send(address(kind, row, "remove"))
    kept = events_of(kind, row.pk).order_by("pgh_id")
    labels = ["insert", "update", "delete"] if kind.is_removable else ["insert", "update"]
    assert [event.pgh_label for event in kept] == labels
    assert {event.pgh_context.metadata["user"] for event in kept} == {manager.pk}
    assert getattr(kept[1], field.get(kind.noun, "title")) == "another"


@pytest.mark.parametrize("kind", UNTRACKED_WHEN_IMPORTED, ids=lambda kind: kind.noun)
def test_rows_of_an_import_have_their_own_log(kind: Kind, account: Account) -> None:
    started = {"kind": kind.segment, "file_name": "a.csv", "sha256": "", "started_at": timezone.now()}
    batch = ImportBatch.objects.create(feed=FeedFactory(), **started)
    row = FACTORIES[kind.noun](account=account, batch=batch)
    kind.model.objects.filter(pk=row.pk).update(known_on="2026-01-02")
    kind.model.objects.filter(pk=row.pk).delete()
    assert not events_of(kind, row.pk).exists()
