"""The evidence of an audit, against figures worked by hand on one small account; what is not known stays unknown."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts_app.models import Account, Interaction, User
from cadence.pages.audit_evidence import sections
from cadence.pages.audit_evidence_form import Section
from cadence.services.audit_evidence import SECTIONS, evidence_of
from cadence.services.quarters import count_quarters
from signals.models import Band, ManualJudgement, RiskDay
from tests.factories import (
    AccountFactory,
    ColleagueFactory,
    ContactFactory,
    ContractFactory,
    IncidentFactory,
    InquiryFactory,
    InteractionFactory,
    OrderFactory,
    SurveyAnswerFactory,
    ValueItemFactory,
)
from tests.factories.judgement import AS_OF, judged

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("company")]
DAY = dt.timedelta(days=1)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def part(key: str, status: str = "ok", **details: Any) -> dict[str, Any]:
    """A contribution as a run stores it, as far as the evidence reads it."""
    return {"key": key, "points": 0, "level": None, "status": status, "details": details, "evidence": {}}


def met(account: Account, on: str, people: list[Any] = [], ours: list[Any] = [], **fields: Any) -> Interaction:  # noqa: B006
    values = {"happened_on": day(on), "happened_known_on": day(on), "known_on": day(on)}
    made = InteractionFactory(account=account, **(values | fields))
    made.contacts.set(people)
    made.colleagues.set(ours)
    return made


@pytest.fixture
def account(manager: User) -> Account:
    made: Account = AccountFactory(
        owner=manager, name="Ferro", own_ideal_days=30, own_max_days=60, own_interval_reason="agreed"
    )
    return made


def of(account: Account, as_of: dt.date = AS_OF) -> dict[str, Any]:
    found: dict[str, Any] = evidence_of([account.pk], as_of)[account.pk]
    return found


def test_all_ten_sections_are_there_and_can_be_kept_as_json(account: Account) -> None:
    found = of(account)
    assert tuple(name for name in found if name != "about") == SECTIONS
    assert found["about"] == {"account": account.pk, "as_of": "2026-06-30", "version": 1}
    assert json.loads(json.dumps(found)) == found


def test_of_an_account_without_any_row_nothing_is_known_and_nothing_is_zero(account: Account) -> None:
    found = of(account)
    assert {name: found[name]["known"] for name in SECTIONS} == dict.fromkeys(SECTIONS, False)
    assert {name: found[name]["reason"] for name in ("contacts", "incidents", "loyalty", "money")} == dict.fromkeys(
        ("contacts", "incidents", "loyalty", "money"), "no_data"
    )
    assert found["risk"]["risk"] is None
    assert found["risk"]["reason"] == "not_judged"
    assert found["money"]["revenue_12m"] is None
    assert found["money"]["at_risk"] is None


def test_risk_is_that_of_the_last_judgement_with_its_parts_but_without_names(account: Account, leader: User) -> None:
    people = [{"contact_id": 7, "name": "Petra Aas", "successor_name": "Ole Berg", "impact": 1}]
    parts = [part("contact_change", left=people), part("single_thread", without="Petra Aas", without_id=7)]
    judged(account, Band.DRIFTING, contributions=parts, top_reasons=["contact_change"], probability=0.25)
    ManualJudgement.objects.create(
        account=account,
        band="at_risk",
        reason="The buyer leaves",
        by=leader,
        judged_on=day("2026-06-01"),
        holds_until=day("2026-08-30"),
    )
    risk = of(account)["risk"]
    assert (risk["known"], risk["band"], risk["risk"], risk["coverage"]) == (True, "drifting", 44, 0.9)
    assert (risk["probability"], risk["as_of"], risk["rule_version"]) == (0.25, "2026-06-30", 1)
    assert risk["contributions"][0]["details"]["left"][0]["contact_id"] == 7
    assert risk["judgement"] == {
        "band": "at_risk",
        "reason": "The buyer leaves",
        "by": leader.pk,
        "judged_on": "2026-06-01",
        "holds_until": "2026-08-30",
    }
    assert "Aas" not in json.dumps(risk)
    assert "Berg" not in json.dumps(risk)


def test_what_could_not_be_computed_says_so_and_why(account: Account) -> None:
    judged(account, Band.UNKNOWN, state="not_computed", risk=None, coverage=0, error="ValueError: broken", strip={})
    found = of(account)
    assert found["risk"]["reason"] == "not_computed"
    assert found["risk"]["error"] == "ValueError: broken"
    assert found["strip"] == {"known": False, "reason": "not_judged", "data": {}}
    assert found["money"]["at_risk"] is None


def test_contacts_are_counted_by_level_on_both_sides(account: Account) -> None:
    theirs = [ContactFactory(account=account, level=level) for level in ("executive", "management", "operational")]
    chief, head = ColleagueFactory(level="executive"), ColleagueFactory(level="management", user=account.owner)
    met(account, "2026-06-10", [theirs[0]], [chief])
    met(account, "2026-05-05", [theirs[1]], by=account.owner)
    met(account, "2026-04-01", theirs[1:], [chief, head], by=account.owner, purpose="order")
    met(account, "2025-12-01", [theirs[0]], [chief], purpose="review")
    met(account, "2025-06-30", [theirs[2]], [chief])
    met(account, "2026-06-20", [theirs[0]], [chief], known_on=day("2026-07-05"))
    contacts = of(account)["contacts"]
    assert contacts["known"]
    quarter, year = contacts["quarter"], contacts["year"]
    assert (quarter["from"], quarter["contacts"], year["from"], year["contacts"]) == ("2026-04-01", 3, "2025-07-01", 4)
    assert quarter["levels"] == {"executive": 1, "management": 2, "operational": 1}
    assert quarter["pairs"]["executive"] == {"executive": 1, "management": 0, "operational": 0}
    assert quarter["pairs"]["management"] == {"executive": 1, "management": 2, "operational": 0}
    assert quarter["pairs"]["operational"] == {"executive": 1, "management": 1, "operational": 0}
    assert year["pairs"]["executive"]["executive"] == 2


def test_contacts_that_name_nobody_do_not_read_as_nobody_met(account: Account) -> None:
    met(account, "2026-06-10")
    contacts = of(account)["contacts"]
    assert (contacts["known"], contacts["reason"], contacts["year"]["contacts"]) == (False, "nobody_named", 1)


def test_cadence_tells_promised_and_kept_days_by_quarter(account: Account) -> None:
    met(account, "2026-03-20")
    met(account, "2026-06-20", purpose="order")
    count_quarters([account.pk], today=AS_OF)
    judged(account, due_on=day("2026-07-10"), latest_on=day("2026-07-20"))
    cadence = of(account)["cadence"]
    # See test_quarters: 12 days of March, then 30 of April and 19 of May of 91.
    kept = [(one["begins_on"], one["days_promised"], one["days_kept"]) for one in cadence["quarters"][:2]]
    assert kept == [("2026-04-01", 91, 49), ("2026-01-01", 12, 12)]
    assert (cadence["days_promised"], cadence["days_kept"]) == (103, 61)
    assert (cadence["contacts"], cadence["proactive"]) == (2, 1)
    assert (cadence["ideal_days"], cadence["max_days"], cadence["due_on"]) == (30, 60, "2026-07-10")


def test_cadence_of_a_past_day_leaves_out_the_quarter_that_went_on_after_it(account: Account) -> None:
    met(account, "2026-03-20")
    met(account, "2026-06-20")
    count_quarters([account.pk], today=AS_OF)
    past = of(account, day("2026-04-20"))["cadence"]
    assert [one["begins_on"] for one in past["quarters"]][:1] == ["2026-01-01"]
    assert (past["contacts"], past["days_promised"]) == (1, 12)


def test_quarters_that_nobody_counted_yet_are_not_known(account: Account) -> None:
    judged(account, contributions=[part("proactive_gap")])
    cadence = of(account)["cadence"]
    assert (cadence["known"], cadence["reason"]) == (False, "not_counted")


def test_value_counts_what_was_brought_and_how_it_was_taken(account: Account) -> None:
    item = ValueItemFactory(title="Energy benchmark")
    met(account, "2026-06-10", value_item=item, reaction="useful")
    met(account, "2026-05-05")
    met(account, "2025-12-01", purpose="review", value_item=item, reaction="not_useful")
    met(account, "2026-05-06", purpose="order", value_item=item)
    value = of(account)["value"]
    assert (value["contacts"], value["with_value"], value["brought"]) == (3, 2, 3)
    assert value["reactions"] == {"wants_more": 0, "useful": 1, "not_useful": 1, "none_noted": 1}
    assert (value["items"][0]["on"], value["items"][0]["title"]) == ("2026-06-10", "Energy benchmark")


def incident(account: Account, opened: str, resolved: str = "", known: str = "", **fields: Any) -> Any:
    ends = dt.datetime.fromisoformat(f"{resolved}T12:00+00:00") if resolved else None
    learnt = day(known or resolved) if resolved else None
    begins = dt.datetime.fromisoformat(f"{opened}T12:00+00:00")
    return IncidentFactory(
        account=account, opened_at=begins, resolved_at=ends, resolved_known_on=learnt, known_on=day(opened), **fields
    )


def test_incidents_are_timed_without_their_pauses_and_against_their_targets(account: Account) -> None:
    tier = account.tier
    tier.critical_days, tier.major_days, tier.minor_days = 1, 4, 10
    tier.save()
    incident(account, "2026-04-02", "2026-04-05")  # 3 days
    paused = incident(account, "2026-05-01", "2026-05-21")  # 20 days less 4
    paused.pauses.create(
        from_at=paused.opened_at + 2 * DAY, until_at=paused.opened_at + 6 * DAY, reason="Waits for them"
    )
    incident(account, "2026-03-20", "2026-04-03", severity="major")  # opened before, resolved in it: 14 days
    incident(account, "2026-06-28", severity="major")  # open for 2.5 days at the end of the day
    incident(account, "2026-06-01", "2026-06-10", known="2026-07-03", severity="critical")  # its end was not known yet
    incident(account, "2025-11-01", "2025-11-02")  # long over
    incident(account, "2026-01-01", "2026-02-01", known="2026-07-03", severity="major")  # over, and nobody knew
    found = of(account)["incidents"]
    assert found["known"]
    assert found["from"] == "2026-04-01"
    assert found["opened"] == {"minor": 2, "major": 1, "critical": 1}
    assert found["resolved"] == {"minor": 2, "major": 1, "critical": 0}
    assert found["median_days"] == {"minor": 9.5, "major": 14.0, "critical": None}
    assert found["target_days"] == {"minor": 10, "major": 4, "critical": 1}
    assert found["open"] == {"minor": 0, "major": 2, "critical": 1}
    assert (found["resolved_in_time"], found["open_over_target"]) == (1, 2)


def test_inquiries_count_what_was_asked_and_what_was_decided(account: Account) -> None:
    def asked(on: str, outcome: str = "open", decided: str = "", known: str = "", **fields: Any) -> None:
        ends = {"decided_on": day(decided), "decided_known_on": day(known or decided)} if decided else {}
        InquiryFactory(account=account, asked_on=day(on), outcome=outcome, **ends, **fields)

    price: dict[str, Any] = {"amount": Decimal(500), "reporting_amount": Decimal(500), "currency": "EUR"}
    asked("2026-05-01", "won", "2026-06-01", **price)
    asked("2025-10-01", "lost", "2026-04-01")
    asked("2025-12-01", "elsewhere", "2026-01-10")
    asked("2026-06-01", "won", "2026-06-20", known="2026-07-04")
    asked("2026-06-02", kind="consultation")
    asked("2024-06-02", "won", "2024-07-01")
    found = of(account)["inquiries"]
    quarter, year = found["quarter"], found["year"]
    assert (quarter["quotation"], quarter["consultation"], year["quotation"]) == (2, 1, 4)
    assert (quarter["won"], quarter["lost"], quarter["elsewhere"]) == (1, 1, 0)
    assert (year["won"], year["lost"], year["elsewhere"], found["open"]) == (1, 1, 1, 1)
    assert (quarter["won_amount"], quarter["lost_amount"]) == ("500.00", None)


def test_loyalty_counts_the_silent_ones_too(account: Account) -> None:
    person = ContactFactory(account=account)
    for on, score in (("2026-05-01", 9), ("2026-05-02", None), ("2026-05-03", 5), ("2024-05-03", 10)):
        said = {"score": score, "answered_on": day(on), "answered_known_on": day(on)} if score is not None else {}
        SurveyAnswerFactory(account=account, contact=person, asked_on=day(on), **said)
    found = of(account)["loyalty"]
    assert (found["asked"], found["answered"], found["promoters"], found["detractors"]) == (3, 2, 1, 1)
    assert [one["score"] for one in found["answers"]] == [5, None, 9, 10]
    assert found["answers"][0]["contact"] == person.pk


def test_the_contract_is_told_as_it_was_judged(account: Account) -> None:
    ContractFactory(account=account, auto_renews=True, renewal_months=12)
    details: dict[str, Any] = {"ends_on": "2026-12-31", "auto_renews": True, "notice_days": 90, "in_force": 1}
    judged(
        account,
        contributions=[part("notice_window", **details)],
        notice_state="by_day",
        notice_on=day("2026-10-02"),
        notice_amount=Decimal("12000.00"),
    )
    found = of(account)["contract"]
    assert (found["known"], found["state"], found["notice_on"]) == (True, "by_day", "2026-10-02")
    assert (found["amount"], found["auto_renews"], found["ends_on"], found["on_record"]) == (
        "12000.00",
        True,
        "2026-12-31",
        1,
    )


def test_money_is_that_of_twelve_months_and_the_twelve_before(account: Account) -> None:
    for on, amount in (
        ("2026-06-30", 100),
        ("2025-07-01", 50),
        ("2025-06-30", 70),
        ("2024-07-01", 7),
        ("2024-06-29", 9),
    ):
        OrderFactory(account=account, ordered_on=day(on), amount=Decimal(amount))
    OrderFactory(account=account, ordered_on=day("2026-06-01"), known_on=day("2026-07-02"), amount=Decimal(1000))
    judged(account, Band.AT_RISK, revenue=150)
    found = of(account)["money"]
    assert (found["known"], found["currency"]) == (True, "EUR")
    assert (found["revenue_12m"], found["revenue_before"], found["at_risk"]) == ("150.00", "77.00", "108.00")
    assert found["first_order_on"] == "2024-06-29"


def test_what_is_to_be_expected_of_an_unknown_account_is_not_nothing(account: Account) -> None:
    judged(account, Band.UNKNOWN, revenue_at_risk=0)
    assert of(account)["money"]["at_risk"] is None


@pytest.mark.parametrize(
    ("section", "signal"),
    [
        ("contacts", "proactive_gap"),
        ("value", "proactive_gap"),
        ("incidents", "incident_delay"),
        ("inquiries", "award_lost"),
        ("loyalty", "loyalty"),
        ("money", "order_rhythm"),
    ],
)
def test_behind_a_late_feed_a_section_is_not_known(account: Account, section: str, signal: str) -> None:
    judged(account, contributions=[part(signal, "stale", complete_to="2026-03-01")])
    OrderFactory(account=account)
    met(account, "2026-03-01", [ContactFactory(account=account)])
    found = of(account)[section]
    assert (found["known"], found["reason"], found["until"]) == (False, "stale", "2026-03-01")


def test_a_fresh_feed_without_rows_says_that_there_are_none(account: Account) -> None:
    judged(account, contributions=[part("incident_delay")])
    found = of(account)["incidents"]
    assert found["known"]
    assert found["opened"] == {"minor": 0, "major": 0, "critical": 0}


def test_on_a_past_day_what_came_later_is_left_out(account: Account) -> None:
    judged(account, Band.AT_RISK)
    RiskDay.objects.create(account=account, day=day("2026-03-28"), band="healthy", risk=9, coverage=0.8, origin="shown")
    OrderFactory(account=account, ordered_on=day("2026-02-01"), amount=Decimal(10))
    OrderFactory(account=account, ordered_on=day("2026-05-01"), amount=Decimal(20))
    found = of(account, day("2026-03-31"))
    assert (found["risk"]["band"], found["risk"]["risk"], found["risk"]["as_of"]) == ("healthy", 9, "2026-03-28")
    assert found["risk"]["contributions"] == []
    assert not found["strip"]["known"]
    assert (found["money"]["revenue_12m"], found["money"]["at_risk"]) == ("10.00", None)


def test_the_number_of_statements_does_not_grow_with_the_accounts(account: Account) -> None:
    def filled() -> int:
        one = AccountFactory()
        met(one, "2026-06-10", [ContactFactory(account=one)], value_item=ValueItemFactory())
        incident(one, "2026-06-01")
        OrderFactory(account=one)
        judged(one)
        return one.pk

    def statements(keys: list[int]) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert len(evidence_of(keys, AS_OF)) == len(keys)
        return len(seen)

    few = [filled() for _one in range(2)]
    assert statements(few) == statements(few + [filled() for _one in range(9)])


def said(account: Account) -> dict[str, Section]:
    return {section.key: section for section in sections(of(account))}


def test_without_any_row_every_section_says_so_and_shows_no_zero(account: Account) -> None:
    told = said(account)
    assert tuple(told) == SECTIONS
    assert told["incidents"].sentence == "Not known: no incidents are on record."
    assert told["money"].sentence == "Not known: no orders are on record."
    assert not [row for section in told.values() for row in section.rows if row.figure == "0"]


def test_sections_say_a_sentence_and_their_figures_open_their_rows(account: Account) -> None:
    incident(account, "2026-06-01", "2026-06-03")
    OrderFactory(account=account, ordered_on=day("2026-06-01"), amount=Decimal(120))
    OrderFactory(account=account, ordered_on=day("2025-06-01"), amount=Decimal(100))
    judged(account, Band.AT_RISK)
    told = said(account)
    assert told["risk"].sentence == "At risk, 72 of 100. No contact either way for 40 days, usual gap 12."
    assert told["incidents"].sentence == (
        "1 incident opened in the last 13 weeks; 1 of 1 resolved within target; none is open."
    )
    assert told["money"].sentence == "€ 120 in twelve months, 20 % more than in the twelve before.".replace(
        " 1", "\N{NO-BREAK SPACE}1"
    ).replace(" %", "\N{NO-BREAK SPACE}%")
    orders = f"/accounts/{account.pk}/orders/?"
    urls = [row.url for row in told["money"].rows[:2]]
    assert urls == [
        f"{orders}from=2025-07-01&until=2026-06-30&known=2026-06-30",
        f"{orders}from=2024-07-01&until=2025-06-30&known=2026-06-30",
    ]
    opened = told["incidents"].rows[0]
    assert (opened.figure, opened.url.split("?")[1]) == ("1", f"ids={account.incidents.get().pk}&known=2026-06-30")
    assert told["strip"].strip["counts"]["orders"] == 1
