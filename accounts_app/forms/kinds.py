"""The kinds of fact people add to an account: what each is called, its form, and the tab it stands on."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts_app.forms.change_event import ChangeEventForm
from accounts_app.forms.contact import ContactForm, ImportedContactForm
from accounts_app.forms.contract import ContractForm
from accounts_app.forms.customer_metric import CustomerMetricForm, MetricValueForm
from accounts_app.forms.fact import FactForm
from accounts_app.forms.initiative import InitiativeForm
from accounts_app.forms.inquiry import InquiryForm
from accounts_app.forms.loss import LossForm
from accounts_app.forms.promise import PromiseForm
from accounts_app.forms.quiet_period import QuietPeriodForm
from accounts_app.forms.survey import SurveyAnswerForm
from accounts_app.models import (
    OWN_FEED,
    ChangeEvent,
    Contact,
    Contract,
    CustomerMetric,
    Initiative,
    Inquiry,
    Loss,
    MetricValue,
    QuietPeriod,
    SurveyAnswer,
)
from accounts_app.models import Promise as PromiseFact
from accounts_app.services.facts import AccountFact


@dataclass(frozen=True)
class Kind:
    """`noun` names the addresses (`accounts:loss_add`), `segment` is their part of the path."""

    noun: str
    segment: str
    model: type[AccountFact]
    form: type[FactForm]
    list_url: str
    name: str | Promise
    add: str | Promise
    edit: str | Promise
    remove: str | Promise
    # What of a row another feed delivered may still be changed here; None: nothing, its next file would undo it.
    imported_form: type[FactForm] | None = None
    # People are not removed: their going is a fact, and erasing one is another act.
    is_removable: bool = True
    # A field the address may choose for a new row: `?metric=12`.
    chosen_by_address: str = ""

    def form_for(self, row: AccountFact) -> type[FactForm] | None:
        return self.form if row.feed.name == OWN_FEED else self.imported_form


CONTACT = Kind(
    "contact", "contacts", Contact, ContactForm, "accounts:contact_list", _("Contact"),
    _("Add a contact"), _("Edit a contact"), _("Remove a contact"), ImportedContactForm, is_removable=False,
)  # fmt: skip
INQUIRY = Kind(
    "inquiry", "inquiries", Inquiry, InquiryForm, "accounts:inquiry_list", _("Inquiry"),
    _("Add an inquiry"), _("Edit an inquiry"), _("Remove this inquiry?"),
)  # fmt: skip
CONTRACT = Kind(
    "contract", "contracts", Contract, ContractForm, "accounts:contract_list", _("Contract"),
    _("Add a contract"), _("Edit a contract"), _("Remove this contract?"),
)  # fmt: skip
CHANGE_EVENT = Kind(
    "change_event", "change-events", ChangeEvent, ChangeEventForm, "accounts:event_list", _("Event"),
    _("Add an event"), _("Edit an event"), _("Remove this event?"),
)  # fmt: skip
LOSS = Kind(
    "loss", "losses", Loss, LossForm, "accounts:event_list", _("Loss"),
    _("Record a loss"), _("Edit a loss"), _("Remove this loss?"),
)  # fmt: skip
QUIET_PERIOD = Kind(
    "quiet_period", "quiet-periods", QuietPeriod, QuietPeriodForm, "accounts:event_list", _("Quiet period"),
    _("Add a quiet period"), _("Edit a quiet period"), _("Remove this quiet period?"),
)  # fmt: skip
SURVEY_ANSWER = Kind(
    "survey_answer", "survey-answers", SurveyAnswer, SurveyAnswerForm, "accounts:survey_list", _("Answer"),
    _("Add an answer"), _("Edit an answer"), _("Remove this answer?"),
)  # fmt: skip
PROMISE = Kind(
    "promise", "promises", PromiseFact, PromiseForm, "accounts:promise_list", _("Promise"),
    _("Add a promise"), _("Edit a promise"), _("Remove this promise?"),
)  # fmt: skip
INITIATIVE = Kind(
    "initiative", "initiatives", Initiative, InitiativeForm, "cadence:account_value", _("Initiative"),
    _("Add an initiative"), _("Edit an initiative"), _("Remove this initiative?"),
)  # fmt: skip
CUSTOMER_METRIC = Kind(
    "customer_metric", "metrics", CustomerMetric, CustomerMetricForm, "cadence:account_value", _("Figure"),
    _("Add a figure"), _("Edit a figure"), _("Remove this figure with its values?"),
)  # fmt: skip
METRIC_VALUE = Kind(
    "metric_value", "metric-values", MetricValue, MetricValueForm, "cadence:account_value", _("Value"),
    _("Add a value"), _("Edit a value"), _("Remove this value?"), chosen_by_address="metric",
)  # fmt: skip

KINDS = (
    CONTACT,
    INQUIRY,
    CONTRACT,
    CHANGE_EVENT,
    LOSS,
    QUIET_PERIOD,
    SURVEY_ANSWER,
    PROMISE,
    INITIATIVE,
    CUSTOMER_METRIC,
    METRIC_VALUE,
)
