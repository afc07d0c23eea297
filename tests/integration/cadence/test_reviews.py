"""Reviews with customers: acts by role, the contact behind them, what comes back, and bad input."""

import datetime as dt
import html
import re
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts_app.models import Account, Contact, CustomerMetric, Initiative, Interaction, Role, Team, Tier, User
from accounts_app.services.facts import stamp
from cadence.models import DiscoveryQuestion, Review, ReviewAnswer
from cadence.services import reviews
from tests.factories import (
    AccountFactory,
    ColleagueFactory,
    ContactFactory,
    CustomerMetricFactory,
    IncidentFactory,
    InitiativeFactory,
    InteractionFactory,
    MetricValueFactory,
    PromiseFactory,
    TeamFactory,
    UserFactory,
    ValueItemFactory,
)
from tests.factories.reviews import answer_of, question, review_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("company")]
TODAY = dt.date(2026, 6, 30)
BASE = {"title": "Business review", "from_day": "2026-04-01", "until_day": "2026-06-30", "channel": "visit"}


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def words(response: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", html.unescape(text).replace("\N{NO-BREAK SPACE}", " "))


def url(name: str, *args: int) -> str:
    return reverse(f"cadence:{name}", args=args)


@pytest.fixture
def account(north: Team, manager: User) -> Account:
    return AccountFactory(name="Halvorsen Marine", team=north, owner=manager)


@pytest.fixture
def contact(account: Account) -> Contact:
    return ContactFactory(account=account, name="Ada Solheim", title="Head of production", primary=True)


def begun(account: Account, user: User, **fields: Any) -> Review:
    answer = client_of(user).post(f"{url('review_add')}?account={account.pk}", BASE | fields)
    assert answer.status_code == 302, words(answer)
    return Review.objects.get(account=account)


def held(review: Review, user: User, **fields: Any) -> Any:
    seen = re.search(r'name="seen" value="(\w+)"', client_of(user).get(url("review_hold", review.pk)).content.decode())
    body = {"held_on": "2026-06-29", "channel": "visit", "seen": seen[1] if seen else ""}
    return client_of(user).post(url("review_hold", review.pk), body | fields)


def test_a_day_puts_the_review_in_the_plans_and_another_day_moves_it(account: Account, manager: User) -> None:
    review = begun(account, manager, planned_on="2026-07-14")
    plan = account.interactions.get()
    assert (plan.state, plan.purpose, str(plan.planned_on)) == ("planned", "review", "2026-07-14")
    reviews_form = {**BASE, "planned_on": "2026-07-21", "seen": stamp(review)}
    assert client_of(manager).post(url("review_edit", review.pk), reviews_form).status_code == 302
    plan.refresh_from_db()
    assert str(plan.planned_on) == "2026-07-21"
    review.refresh_from_db()
    without_day = {**BASE, "planned_on": "", "seen": stamp(review)}
    client_of(manager).post(url("review_edit", review.pk), without_day)
    plan.refresh_from_db()
    assert plan.state == "voided"


def test_a_review_planned_by_the_cadence_is_taken_over(account: Account, manager: User) -> None:
    planned = {"state": "planned", "happened_on": None, "happened_known_on": None, "purpose": "review"}
    plan = InteractionFactory(account=account, planned_on=dt.date(2026, 7, 10), **planned)
    review = begun(account, manager, planned_on="2026-07-14")
    plan.refresh_from_db()
    assert (review.interaction, str(plan.planned_on)) == (plan, "2026-07-14")
    assert account.interactions.count() == 1


def test_held_it_is_a_proactive_contact_and_can_be_taken_back(
    account: Account, manager: User, contact: Contact
) -> None:
    review = begun(account, manager, planned_on="2026-07-14")
    ours = ColleagueFactory(user=manager)
    answer = held(review, manager, contacts=[contact.pk], colleagues=[ours.pk], outcome="They plan a second line")
    assert answer.status_code == 302, words(answer)
    logged = account.interactions.get()
    assert logged.is_proactive
    assert (str(logged.happened_on), logged.note) == ("2026-06-29", "They plan a second line")
    assert ([*logged.contacts.all()], [*logged.colleagues.all()]) == ([contact], [ours])
    client_of(manager).post(url("review_not_held", review.pk))
    logged.refresh_from_db()
    review.refresh_from_db()
    assert (logged.state, review.stage, review.held_on) == ("planned", "prepared", None)
    assert review.outcome == "They plan a second line"


def test_who_took_part_put_right_later_reaches_the_contact(account: Account, manager: User, contact: Contact) -> None:
    review = begun(account, manager)
    held(review, manager)
    review.refresh_from_db()
    body = {"title": "Business review", "contacts": [contact.pk], "outcome": "ok", "seen": stamp(review)}
    assert client_of(manager).post(url("review_edit", review.pk), body).status_code == 302
    assert [*account.interactions.get().contacts.all()] == [contact]
    assert client_of(manager).post(url("review_not_held", review.pk)).status_code == 302
    review.refresh_from_db()
    assert review.stage == "prepared"
    assert account.interactions.get().state == "voided"


def test_a_plan_logged_elsewhere_is_not_counted_twice(account: Account, manager: User) -> None:
    review = begun(account, manager, planned_on="2026-06-30")
    done = {"state": "done", "happened_on": TODAY, "happened_known_on": TODAY}
    Interaction.objects.filter(account=account).update(**done)
    assert "was logged as done" in words(client_of(manager).get(url("review", review.pk)))
    held(review, manager, held_on="2026-06-30")
    assert account.interactions.done().count() == 1


def test_initiatives_promises_and_answers_go_back_to_the_account(
    account: Account, manager: User, contact: Contact
) -> None:
    review = begun(account, manager)
    asked = question(level="executive", text="What has to change?")
    client = client_of(manager)
    said = {"question": asked.text, "contact": contact.pk, "said": "A third more from the same hall"}
    assert f'value="{asked.text}"' in client.get(f"{url('answer_add', review.pk)}?question={asked.pk}").content.decode()
    client.post(url("answer_add", review.pk), said)
    answer = ReviewAnswer.objects.get()
    assert (answer.question, answer.level, answer.contact) == (asked.text, "executive", contact)
    form = client.get(f"{url('review_initiative_add', review.pk)}?answer={answer.pk}").content.decode()
    assert 'value="A third more from the same hall"' in form
    body = {"title": "A third more from the same hall", "heard_on": "2026-06-30", "sponsor": contact.pk}
    client.post(url("review_initiative_add", review.pk), body)
    client.post(url("review_promise_add", review.pk), {"text": "List of parts", "promised_on": "2026-06-30"})
    assert [*review.initiatives.all()] == [*Initiative.objects.filter(account=account)]
    assert review.promises.get().text == "List of parts"
    assert "A third more from the same hall" in words(client.get(reverse("cadence:account_value", args=[account.pk])))


def test_closed_it_takes_nothing_more_until_it_is_reopened(account: Account, manager: User) -> None:
    review = begun(account, manager)
    held(review, manager)
    client = client_of(manager)
    client.post(url("review_close", review.pk))
    review.refresh_from_db()
    assert review.stage == "closed"
    refused = client.post(url("answer_add", review.pk), {"question": "q", "said": "s"})
    assert (refused.status_code, "reopen it first" in words(refused)) == (422, True)
    refused = client.post(url("review_initiative_add", review.pk), {"title": "t", "heard_on": "2026-06-30"})
    assert (refused.status_code, Initiative.objects.count()) == (422, 0)
    client.post(url("review_reopen", review.pk))
    assert client.post(url("answer_add", review.pk), {"question": "q", "said": "s"}).status_code == 302


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"from_day": "2026-06-30", "until_day": "2026-04-01"}, "ends before it begins"),
        ({"from_day": "1026-04-01"}, "are both years right"),
        ({"until_day": "2066-06-30"}, "are both years right"),
        ({"planned_on": "2026-06-29"}, "from today on"),
        ({"planned_on": "2126-06-29"}, "within a year"),
        ({"title": ""}, "required"),
    ],
)
def test_what_cannot_be_is_said_at_the_field(
    account: Account, manager: User, fields: dict[str, str], said: str
) -> None:
    answer = client_of(manager).post(f"{url('review_add')}?account={account.pk}", BASE | fields)
    assert (answer.status_code, Review.objects.count()) == (422, 0)
    assert said in words(answer)


def test_a_contact_of_another_account_is_refused(account: Account, manager: User) -> None:
    stranger = ContactFactory()
    review = begun(account, manager)
    assert held(review, manager, contacts=[stranger.pk]).status_code == 422
    with pytest.raises(ValidationError):
        reviews.begin(
            Review(
                account=AccountFactory(team=account.team, owner=manager), title="t", from_day=TODAY, until_day=TODAY
            ),
            {"contacts": [stranger]},
            by=manager,
            today=TODAY,
        )
    assert account.interactions.count() == 0


def test_a_former_account_has_no_review_begun(account: Account, manager: User) -> None:
    Account.objects.filter(pk=account.pk).update(status="former")
    answer = client_of(manager).post(f"{url('review_add')}?account={account.pk}", BASE)
    assert (answer.status_code, Review.objects.count()) == (422, 0)
    assert "former customer" in words(answer)


def test_a_former_account_keeps_its_reviews(account: Account, manager: User) -> None:
    review = begun(account, manager)
    held(review, manager)
    Account.objects.filter(pk=account.pk).update(status="former")
    assert client_of(manager).get(url("review", review.pk)).status_code == 200
    assert client_of(manager).get(url("review_pdf", review.pk)).status_code == 200


def test_a_second_one_under_way_is_refused(account: Account, manager: User) -> None:
    begun(account, manager)
    answer = client_of(manager).post(f"{url('review_add')}?account={account.pk}", BASE)
    assert (answer.status_code, Review.objects.count()) == (422, 1)


def test_two_at_once_lose_nothing(account: Account, manager: User, contact: Contact) -> None:
    review = begun(account, manager)
    seen = stamp(review)
    client = client_of(manager)
    first = BASE | {"title": "Theirs", "contacts": [contact.pk], "seen": seen}
    assert client.post(url("review_edit", review.pk), first).status_code == 302
    second = client.post(url("review_edit", review.pk), BASE | {"title": "Mine", "agenda": "My points", "seen": seen})
    text = second.content.decode()
    assert (second.status_code, Review.objects.get().title) == (422, "Theirs")
    assert "Stored now: Title: Theirs" in words(second)
    assert "Stored now: Theirs: Ada Solheim" in words(second)
    assert 'value="Mine"' in text
    assert "My points" in text


@pytest.mark.parametrize("value", ["1e40", "NaN", "Infinity", "1_000", "٣٥", "9999999999999", "1.23456", ""])
def test_absurd_values_are_refused(account: Account, manager: User, value: str) -> None:
    metric = CustomerMetricFactory(account=account)
    address = reverse("accounts:metric_value_add", args=[account.pk])
    body = {"metric": metric.pk, "day": "2026-06-30", "value": value}
    answer = client_of(manager).post(address, body)
    assert (answer.status_code, metric.values.count()) == (422, 0)


def test_a_value_stands_once_a_day_and_only_with_its_account(account: Account, manager: User) -> None:
    metric, foreign = CustomerMetricFactory(account=account), CustomerMetricFactory()
    address = reverse("accounts:metric_value_add", args=[account.pk])
    body = {"metric": metric.pk, "day": "2026-06-30", "value": "28.5"}
    client = client_of(manager)
    assert client.post(address, body).status_code == 302
    again = client.post(address, body)
    assert (again.status_code, "of this day already" in words(again)) == (422, True)
    assert client.post(address, body | {"metric": foreign.pk}).status_code == 422
    assert [row.value for row in metric.values.all()] == [Decimal("28.5")]
    same = client.post(
        reverse("accounts:customer_metric_add", args=[account.pk]), {"name": metric.name, "better": "lower"}
    )
    assert (same.status_code, CustomerMetric.objects.filter(account=account).count()) == (422, 1)


def test_the_list_says_what_is_due_and_with_whom_none_was_held(north: Team, manager: User, leader: User) -> None:
    Tier.objects.update(review_days=91)
    overdue, never, prepared = (
        AccountFactory(name=name, team=north, owner=manager) for name in ("Due", "Never", "Prep")
    )
    InteractionFactory(account=overdue, purpose="review", happened_on=dt.date(2026, 1, 15))
    review_of(prepared)
    client = client_of(manager)
    assert "Review with Prep" in words(client.get(url("review_list")))
    due = words(client.get(f"{url('review_list')}?show=due"))
    assert ("Due" in due, "overdue" in due, "Never" in due) == (True, True, False)
    none = words(client.get(f"{url('review_list')}?show=none"))
    assert ("Never" in none, "Prep every" in none) == (True, False)
    assert never.pk
    assert "Review with Prep" in words(client_of(leader).get(url("review_list")))


def test_a_question_that_was_asked_is_retired_not_reworded(account: Account, manager: User) -> None:
    asked, fresh = question(text="Old"), question(text="Never asked")
    review_of(account, held_on=TODAY).questions.add(asked)
    client = client_of(manager)
    for row in (asked, fresh):
        body = {"level": "management", "text": f"{row.text}, reworded", "seen": stamp(row)}
        assert client.post(url("question_edit", row.pk), body).status_code == 302
    known = DiscoveryQuestion.objects.order_by("pk").values_list("text", "active")
    assert list(known) == [("Old", False), ("Never asked, reworded", True), ("Old, reworded", True)]


def test_roles_may_look_but_only_who_answers_may_act(account: Account, manager: User) -> None:
    review = begun(account, manager)
    colleague = UserFactory(teams=[account.team])
    reader = UserFactory(role=Role.READ_ONLY, teams=[account.team])
    stranger = UserFactory(teams=[TeamFactory()])
    for user, shown, acts in ((colleague, 200, 403), (reader, 200, 403), (stranger, 404, 404)):
        assert client_of(user).get(url("review", review.pk)).status_code == shown
        assert client_of(user).post(url("review_prepared", review.pk)).status_code == acts
    assert client_of(manager).post(url("review_prepared", review.pk)).status_code == 302


def test_the_page_asks_as_much_of_a_long_review_as_of_a_short_one(
    account: Account, manager: User, contact: Contact
) -> None:
    review = review_of(account)
    client = client_of(manager)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url("review", review.pk)).status_code == 200
        return len(seen)

    _fill(review, contact, 1)
    before = queries()
    _fill(review, contact, 12)
    assert queries() == before


@pytest.mark.parametrize("query", ["", "?show=due", "?show=none", "?show=held", "account", "questions"])
def test_the_lists_ask_as_much_of_many_as_of_few(north: Team, manager: User, account: Account, query: str) -> None:
    Tier.objects.update(review_days=91)
    pages = {"account": url("account_reviews", account.pk), "questions": url("question_list")}
    client = client_of(manager)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(pages.get(query) or url("review_list") + query).status_code == 200
        return len(seen)

    def more(count: int) -> None:
        for number in range(count):
            prepared, due, _never = (AccountFactory(team=north, owner=manager) for _one in range(3))
            review_of(prepared)
            review_of(account, held_on=TODAY)
            InteractionFactory(account=due, purpose="review", happened_on=dt.date(2026, 1, 15))
            question(text=f"Question {count} {number}")

    more(1)
    before = queries()
    more(6)
    assert queries() == before


def _fill(review: Review, contact: Contact, count: int) -> None:
    for number in range(count):
        account = review.account
        metric = CustomerMetricFactory(account=account, initiative=InitiativeFactory(account=account))
        MetricValueFactory(metric=metric)
        IncidentFactory(account=account, opened_at=dt.datetime(2026, 5, 1, tzinfo=dt.UTC))
        PromiseFactory(account=account)
        brought = InteractionFactory(account=account, happened_on=dt.date(2026, 5, 4), value_item=ValueItemFactory())
        brought.contacts.add(contact)
        asked = question(text=f"Question {count} {number}")
        review.questions.add(asked)
        answer_of(review, question=asked.text, contact=contact)
