"""Nothing internal can reach a customer: a marker stands in every other field of every model, and none comes out.

The models are found by introspection, so a field that is added tomorrow is planted tomorrow.
"""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pypdfium2
import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import DatabaseError, models, transaction
from django.test import Client
from django.urls import reverse
from lxml import etree

from accounts_app.models import OWN_FEED, Account, Contact, Feed, Incident, Interaction, Loss, Role, Tier
from cadence.models import Review, ReviewSection
from cadence.services.review_content import ALLOWED, customer_view
from signals.models import Alert, Band, ManualJudgement, PostMortem
from tests.factories import (
    AccountFactory,
    ChangeEventFactory,
    ColleagueFactory,
    ContactFactory,
    ContractFactory,
    CustomerMetricFactory,
    IncidentFactory,
    InitiativeFactory,
    InquiryFactory,
    InteractionFactory,
    LinkFactory,
    LossFactory,
    MetricValueFactory,
    OrderFactory,
    PromiseFactory,
    QuietPeriodFactory,
    SurveyAnswerFactory,
    TeamFactory,
    UserFactory,
    ValueItemFactory,
)
from tests.factories.audits import answer_all, open_audit
from tests.factories.judgement import judged
from tests.factories.reviews import answer_of, question, review_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("company")]
TODAY = dt.date(2026, 6, 30)
APPS = {"accounts_app", "signals", "cadence"}
# Held here a second time on purpose: who widens what a customer sees says so twice.
SHOWN = {
    "Company": {"name", "time_zone"},
    "Account": {"name"},
    "Tier": {"critical_days", "major_days", "minor_days", "review_days"},
    "Review": {"title", "from_day", "until_day", "planned_on", "held_on", "agenda", "left_out"},
    "Contact": {"name", "title"},
    "Colleague": {"name", "title"},
    "Initiative": {"title", "metric", "target", "target_on", "ended_on", "outcome"},
    "CustomerMetric": {"name", "unit", "better", "target", "target_on"},
    "MetricValue": {"day", "value"},
    "Incident": {"number", "kind", "severity", "opened_at", "resolved_at"},
    "Interaction": {"channel", "happened_on", "planned_on", "reaction"},
    "ValueItem": {"title"},
    "Promise": {"text", "promised_on", "due_on", "closed_on", "outcome"},
    "DiscoveryQuestion": {"level", "text"},
}
# Where the customer may see a person's name or a figure, and the marker must come out: else nothing was tested.
COMES_OUT = (
    "Initiative.title", "Promise.text", "ValueItem.title", "Contact.name", "Colleague.name", "DiscoveryQuestion.text",
    "CustomerMetric.name", "CustomerMetric.unit", "Incident.number", "Company.name", "Account.name", "Review.title",
)  # fmt: skip
TEXTS = (models.CharField, models.TextField)
PLANTED = (*TEXTS, models.IntegerField, models.DecimalField, models.FloatField, ArrayField, models.JSONField)
TOKEN = re.compile(r"(?:lk|ok)\d{4}q|\d{5,}|0\.8\d{3}")
NUMBERS = (models.IntegerField, models.DecimalField, models.FloatField)


def test_what_may_be_shown_is_named_twice() -> None:
    assert {model.__name__: set(fields) for model, fields in ALLOWED.items()} == SHOWN


def test_no_internal_field_reaches_the_customer(north: Any, manager: Any) -> None:
    account = AccountFactory(name="Halvorsen Marine", team=north, owner=manager)
    review = full_review(account)
    fill_the_rest(account)
    planted = Planting()
    for model in own_models():
        planted.plant(model)
    without_rows = {model.__name__ for model in own_models() if not model._base_manager.exists()}
    assert without_rows <= {"BandChange"}  # which a trigger writes: an account, two bands, a moment
    planted.check_itself()
    review = Review.objects.get(pk=review.pk)
    assert [one.key for one in customer_view(review, TODAY).sections] == ReviewSection.values
    client = Client()
    manager.refresh_from_db()  # its password is another text that was planted
    client.force_login(manager)
    shown = {
        "preview": preview_of(client, review),
        "pdf": pdf_text(client.get(reverse("cadence:review_pdf", args=[review.pk])).content),
        "pptx": pptx_text(client.get(reverse("cadence:review_pptx", args=[review.pk])).content),
    }
    for name, text in shown.items():
        assert planted.leaks(text) == [], name
        assert planted.missing(text) == [], name
        assert [word for word in INTERNAL_WORDS if re.search(rf"\b{word}\b", text)] == [], name


class Planting:
    """Markers by the field in which they stand; those of the allowed fields apart."""

    def __init__(self) -> None:
        self.secret: dict[str, str] = {}
        self.allowed: dict[str, list[str]] = {}
        self.untouched: set[str] = set()
        # What stands where no marker can: it must not come out either.
        self.kept: dict[str, str] = {}
        self.count = 0

    def plant(self, model: Any) -> None:
        shown = SHOWN.get(model.__name__, set())
        for field in model._meta.concrete_fields:
            if field.primary_key or field.is_relation or field.choices or field.generated:
                continue
            place = f"{model.__name__}.{field.name}"
            if isinstance(field, TEXTS) and field.name in shown and place in COMES_OUT:
                self._mark_allowed(model, field, place)
            elif field.name not in shown and isinstance(field, PLANTED):
                self._mark_secret(model, field, place)

    def _mark_allowed(self, model: Any, field: Any, place: str) -> None:
        for pk in model._base_manager.values_list("pk", flat=True):
            marker = self._next("ok")
            if self._write(model, pk, field, [marker]):
                self.allowed.setdefault(place, []).append(marker)

    def _mark_secret(self, model: Any, field: Any, place: str) -> None:
        for pk in model._base_manager.values_list("pk", flat=True):
            written = self._write(model, pk, field, list(self._candidates(field)))
            if written is None:
                self.untouched.add(place)
                value = model._base_manager.values_list(field.name, flat=True).get(pk=pk)
                self.kept.update({text.lower(): place for text in telling(value)})
            else:
                self.secret[written] = place

    def _candidates(self, field: Any) -> Iterator[Any]:
        marker = self._next("lk")
        if isinstance(field, TEXTS):
            yield from (marker, f"{marker}@example.test", f"{marker}.test")
        elif isinstance(field, ArrayField):
            yield [marker] if isinstance(field.base_field, TEXTS) else [7_300_000 + self.count]
        elif isinstance(field, models.JSONField):
            yield {"leak": marker}
        elif isinstance(field, NUMBERS):
            # Shares lie below 1, and small integers below 32,768.
            yield from (7_300_000 + self.count, 21_000 + self.count, Decimal(f"0.8{self.count % 1000:03d}"))

    def _next(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count:04d}q"

    def _write(self, model: Any, pk: Any, field: Any, values: list[Any]) -> str | None:
        """Write the first value the database takes, and return what to look for."""
        for value in values:
            try:
                with transaction.atomic():
                    model._base_manager.filter(pk=pk).update(**{field.name: value})
            except DatabaseError:
                continue
            return str(TOKEN.findall(str(value))[0])
        return None

    def leaks(self, text: str) -> list[str]:
        tokens = set(TOKEN.findall(text.lower().replace(",", "")))
        frozen = [place for kept, place in self.kept.items() if kept in text.lower()]
        return sorted([self.secret[token] for token in tokens & self.secret.keys()] + frozen)

    def missing(self, text: str) -> list[str]:
        """Allowed fields of which no marker came out."""
        return [place for place in COMES_OUT if not any(one in text for one in self.allowed.get(place, ()))]

    def check_itself(self) -> None:
        """What matters most was planted; what the database holds to a few values is known by name."""
        places = set(self.secret.values())
        assert MATTERS - places == set()
        assert self.untouched - places <= UNPLANTABLE


MATTERS = {
    "Interaction.note", "Contact.note", "Contact.matters", "Initiative.note", "Promise.note", "Incident.note",
    "Incident.title", "Incident.resolution", "Account.margin_share", "Standing.risk", "Standing.contributions",
    "Standing.revenue_at_risk", "Alert.sentence", "ManualJudgement.reason", "PostMortem.conclusion", "Loss.part",
    "Audit.judgement", "AuditAnswer.reason", "AuditAction.text", "ValueItem.summary", "ReviewAnswer.said",
    "Review.outcome", "Contract.reporting_annual_value", "User.name", "User.email", "SurveyAnswer.comment",
    "Order.amount",
}  # fmt: skip
# Held by the database to a few values, or frozen by it: a marker cannot stand there.
UNPLANTABLE = {
    "Account.own_ideal_days", "Account.own_interval_reason", "Account.own_max_days", "AlarmBudget.weekly",
    "Assumptions.hour_cost", "Audit.revision", "AuditAnswer.score", "AuditCycle.name", "AuditPolicy.bands",
    "AuditPolicy.days_to_answer", "AuditPolicy.days_to_sign", "AuditQuestions.questions", "AuditQuestions.reason",
    "AuditQuestions.version", "AuditRecord.content", "AuditRecord.hash", "AuditRecord.number",
    "AuditRecord.previous_hash", "AuditRecord.version", "AuditSignature.content_hash",
    "AuditSignature.voided_reason", "ChannelHours.channel", "Company.currency", "Contract.currency",
    "Contract.renewal_months", "ExchangeRate.currency", "Feed.currency", "Inquiry.currency", "Link.strength",
    "Loss.currency", "LossAlarm.largest", "LossAlarm.losses", "LossAlarm.months", "Order.currency",
    "QuietPeriod.country", "Reading.level", "RuleSet.learned", "RuleSet.reason", "RuleSet.version",
    "RuleSet.weights", "RunChunk.first_account", "RunChunk.last_account", "SurveyAnswer.score", "Tier.ideal_days",
    "Tier.max_days",
}  # fmt: skip


# A choice holds no marker: its words are looked for instead, as far as no customer's page could use them itself.
INTERNAL_WORDS = [
    str(label)
    for choices in (Band, Contact.StakeholderRole, Alert.Outcome, Alert.Cause, Loss.Reason, Role)
    for label in choices.labels
    if label not in {"Unknown", "Real", "User", "Operations"}
]
TELLING = 10


def telling(value: Any) -> Iterator[str]:
    """All texts within a value that are long enough to be known again."""
    if isinstance(value, str) and len(value) >= TELLING:
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from telling(one)


def own_models() -> list[Any]:
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label in APPS and "pgh_id" not in {field.name for field in model._meta.fields}
    ]


def full_review(account: Account) -> Review:
    """A review in which every section has something to show."""
    contact = ContactFactory(account=account, role=Contact.StakeholderRole.GATEKEEPER)
    colleague = ColleagueFactory(user=account.owner)
    LinkFactory(contact=contact, colleague=colleague)
    Tier.objects.filter(pk=account.tier_id).update(review_days=91)
    initiative = InitiativeFactory(account=account, sponsor=contact, metric="Hours", target="20")
    metric = CustomerMetricFactory(account=account, initiative=initiative, target=Decimal(20))
    for month, value in ((4, 35), (5, 30)):
        MetricValueFactory(metric=metric, day=dt.date(2026, month, 28), value=value)
    opened = dt.datetime(2026, 5, 4, 9, tzinfo=dt.UTC)
    IncidentFactory(
        account=account, opened_at=opened, resolved_at=opened + dt.timedelta(days=2), resolved_known_on=TODAY
    )
    IncidentFactory(account=account, opened_at=opened, severity=Incident.Severity.CRITICAL)
    brought = InteractionFactory(
        account=account, happened_on=dt.date(2026, 5, 5), value_item=ValueItemFactory(), reaction="useful", tone=1
    )
    brought.contacts.add(contact)
    PromiseFactory(account=account, contact=contact)
    planned = {"state": Interaction.State.PLANNED, "happened_on": None, "happened_known_on": None}
    InteractionFactory(account=account, planned_on=dt.date(2026, 7, 20), **planned)
    review = review_of(account, agenda="What you want", planned_on=dt.date(2026, 7, 14))
    review.contacts.add(contact)
    review.colleagues.add(colleague)
    review.questions.add(question())
    answer_of(review, contact=contact)
    return review


def fill_the_rest(account: Account) -> None:
    """A row of every model: by its factory, else made up of what its fields ask for."""
    reviewer = UserFactory(teams=[account.team])
    OrderFactory(account=account)
    ContractFactory(account=account, annual_value=9, currency="EUR", reporting_annual_value=9)
    LossFactory(account=account, annual_amount=9, currency="EUR", reporting_annual_amount=9)
    InquiryFactory(account=account, amount=9, currency="EUR", reporting_amount=9)
    ChangeEventFactory(account=account)
    QuietPeriodFactory(account=account)
    SurveyAnswerFactory(account=account)
    judged(account)
    opened = dt.date(2026, 6, 1)
    days = {"opened_on": opened, "judged_on": opened, "released_on": opened}
    Alert.objects.create(account=account, signal="silence", level=0.9, sentence="Silent for 71 days", **days)
    said = {"by": account.owner, "judged_on": opened, "holds_until": opened + dt.timedelta(days=90)}
    ManualJudgement.objects.create(account=account, band=ManualJudgement.Verdict.values[0], reason="A hunch", **said)
    concluded = {"conclusion": "We were not there", "done_by": account.owner, "done_on": opened}
    PostMortem.objects.create(loss=account.losses.get(), **concluded)
    answer_all(open_audit(account, reviewer), by=reviewer)
    TeamFactory()
    for model in own_models():
        if not model._base_manager.exists():
            make(model, account)


def make(model: Any, account: Account) -> Any:
    """A row with what is required; None where the database wants more than a guess."""
    values = {field.name: guess(field, account) for field in model._meta.concrete_fields if is_required(field)}
    for more in ({}, {"pk": 1}):  # some are one row only
        try:
            with transaction.atomic():
                return model._base_manager.create(**values, **more)
        except (DatabaseError, ValueError, TypeError):
            continue
    return None


def is_required(field: Any) -> bool:
    is_filled = field.has_default() or field.has_db_default() or field.null or field.blank or field.generated
    return not (is_filled or isinstance(field, models.AutoField | models.BigAutoField))


def guess(field: Any, account: Account) -> Any:
    if field.is_relation:
        known = {Account: account, Feed: Feed.objects.get(name=OWN_FEED), Contact: account.contacts.first()}
        related = field.related_model
        return known.get(related) or related._base_manager.first() or make(related, account)
    if field.choices:
        return field.choices[0][0]
    made: dict[type, Any] = {
        models.DateTimeField: dt.datetime(2026, 6, 1, tzinfo=dt.UTC),
        models.DateField: dt.date(2026, 6, 1),
        models.BooleanField: False,
        models.JSONField: {},
        models.BinaryField: b"x",
        ArrayField: [],
    }
    found = next((value for kind, value in made.items() if isinstance(field, kind)), None)
    return found if found is not None else 1 if isinstance(field, NUMBERS) else "x"


def preview_of(client: Client, review: Review) -> str:
    answer = client.get(reverse("cadence:review_preview", args=[review.pk]), headers={"HX-Request": "true"})
    return str(answer.content.decode())


def pdf_text(content: bytes) -> str:
    """The text of all pages, and what the document says of itself."""
    document = pypdfium2.PdfDocument(content)
    pages = [page.get_textpage().get_text_bounded() for page in document]
    joined = "\n".join([*pages, *document.get_metadata_dict().values()])
    return re.sub("[\u200b\ufffe\n\r]", "", joined)


def pptx_text(content: bytes) -> str:
    """Of every part its name and texts, workbooks within included; attributes too, but for plain numbers."""
    return "\n".join(_texts(content))


def _texts(content: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            yield name
            part = archive.read(name)
            if name.endswith(".xlsx"):
                yield from _texts(part)
            elif name.endswith((".xml", ".rels")):
                for element in etree.fromstring(part).iter(etree.Element):
                    yield element.text or ""
                    yield from (value for value in element.attrib.values() if not re.fullmatch(r"-?[\d.]+", value))
            else:
                yield part.decode("latin-1")
