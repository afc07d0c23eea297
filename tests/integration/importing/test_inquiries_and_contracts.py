"""Inquiries and contracts: their endings, their money, and what cannot be."""

from datetime import date
from decimal import Decimal

import pytest

from accounts_app.models import (
    AccountMark,
    Company,
    Contract,
    ExchangeRate,
    Feed,
    FeedKind,
    ImportChange,
    Inquiry,
)
from tests.integration.importing.conftest import Take, counts, rejected

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 10)


@pytest.fixture
def acme(take: Take) -> None:
    """Accounts A and B of the CRM, a contact each, and a company that reports in EUR."""
    Company.the()
    Company.objects.update(currency="EUR")
    take("accounts", "customer id,name\nA,Acme\nB,Best\n", feed="crm")
    take("contacts", "customer id,name,e-mail\nA,Ada Lund,ada@acme.test\nB,Bo Ek,bo@best.test\n", feed="crm")
    ExchangeRate.objects.create(currency="USD", valid_on=date(2026, 1, 1), rate=Decimal("0.9"))
    AccountMark.objects.all().delete()


INQUIRIES = (
    "Anfragenummer;Kundennummer;Ansprechpartner;Anfragedatum;Ergebnis;Entschieden am;Vergeben an;Betrag;Währung;"
    "Betreff\n"
    "Q1;A;Ada Lund;12.01.2026;gewonnen;14.02.2026;;1.250,50;EUR;Dichtungen\n"
    "Q2;A;;13.01.2026;offen;30.04.2026;;200;USD;\n"
    "Q3;B;bo@best.test;15.01.2026;ohne uns vergeben;20.02.2026;Rival GmbH;;;Pumpen\n"
)


def test_inquiries_come_with_outcome_contact_and_worth(take: Take, acme: None) -> None:
    outcome = take("inquiries", INQUIRIES, accounts_from="crm")
    assert counts(outcome) == (3, 0, 0, 0)
    won, still_open, elsewhere = Inquiry.objects.order_by("number")
    assert (won.contact and won.contact.name, won.outcome, won.decided_on, won.title) == (
        "Ada Lund",
        "won",
        date(2026, 2, 14),
        "Dichtungen",
    )
    assert (won.amount, won.currency, won.reporting_amount) == (Decimal("1250.50"), "EUR", Decimal("1250.50"))
    # the day expected of an open one is no decision
    assert (still_open.outcome, still_open.decided_on, still_open.reporting_amount) == ("open", None, Decimal("180.00"))
    assert (elsewhere.outcome, elsewhere.awarded_to, elsewhere.amount, elsewhere.currency) == (
        "elsewhere",
        "Rival GmbH",
        None,
        "",
    )
    assert AccountMark.objects.count() == 2
    assert FeedKind.objects.get(feed__name="erp", source="inquiries").complete_to == date(2026, 2, 20)
    AccountMark.objects.all().delete()
    assert counts(take("inquiries", INQUIRIES, accounts_from="crm")) == (0, 0, 3, 0)
    assert not AccountMark.objects.exists()


def test_history_knows_a_decision_from_its_day_and_a_later_load_from_today(take: Take, acme: None) -> None:
    take("inquiries", INQUIRIES, accounts_from="crm")
    won = Inquiry.objects.get(number="Q1")
    assert (won.known_on, won.decided_known_on) == (date(2026, 1, 12), date(2026, 2, 14))
    decided = INQUIRIES.replace("offen;30.04.2026", "verloren;01.03.2026").replace("gewonnen;14.02", "gewonnen;13.02")
    assert counts(take("inquiries", decided, accounts_from="crm")) == (0, 2, 1, 0)
    lost, won = Inquiry.objects.get(number="Q2"), Inquiry.objects.get(number="Q1")
    assert (lost.outcome, lost.decided_on, lost.decided_known_on) == ("lost", date(2026, 3, 1), TODAY)
    assert (won.decided_on, won.decided_known_on) == (date(2026, 2, 13), date(2026, 2, 14))  # learnt as before
    before = {change.object_id: change.before for change in ImportChange.objects.all()}
    assert (before[lost.pk]["outcome"], before[won.pk]["decided_on"]) == ("open", "2026-02-14")


def test_first_file_without_history_is_known_from_today(take: Take, acme: None) -> None:
    take("inquiries", INQUIRIES, accounts_from="crm", history=False)
    won = Inquiry.objects.get(number="Q1")
    assert (won.known_on, won.decided_known_on) == (TODAY, TODAY)


def test_inquiries_that_cannot_be_are_named(take: Take, acme: None) -> None:
    text = (
        "number,customer,contact,asked on,outcome,decided on,amount,currency,kind\n"
        "1,A,,2026-02-02,won,2026-02-01,,,\n"
        "2,A,,2026-02-02,lost,,,,\n"
        "3,A,,2026-02-02,won,2026-04-01,,,\n"
        "4,A,Bo Ek,2026-02-02,open,,,,\n"
        "5,A,Nobody,2026-02-02,open,,,,\n"
        "6,A,,2026-02-02,maybe,,,,\n"
        "7,A,,2026-02-02,open,,10,,\n"
        "8,A,,2025-12-31,open,,10,USD,\n"
        "9,A,,2026-02-02,open,,10,EUX,\n"
        "10,Z,,2026-02-02,open,,,,\n"
        "11,A,,2026-04-02,open,,,,\n"
        "12,A,,2026-02-02,,,,,RFQ\n"
    )
    outcome = take("inquiries", text, accounts_from="crm")
    assert counts(outcome) == (1, 0, 0, 11)
    assert rejected(outcome) == {
        2: "decided before it was asked, on 2026-02-02",
        3: "lost, but no day on which it was decided",
        4: "lies in the future, so it cannot be won",
        5: "is a contact of another account",
        6: "not known as a contact of this account; load the contacts first",
        7: "not one of the words known here: open, won, lost, elsewhere",
        8: "no currency: the row, --currency and the feed name none",
        9: "no rate from USD to EUR on 2025-12-31",
        10: "no such currency in ISO 4217",
        11: "no account has the key Z in feed crm; load the accounts first, or use --create-accounts",
        12: "2026-04-02 lies in the future",
    }
    assert {reason.line: reason.column for reason in outcome.reasons}[5] == "contact"


def test_name_that_two_contacts_have_is_a_reject(take: Take, acme: None) -> None:
    take("contacts", "customer id,name,e-mail\nA,Ada Lund,other@acme.test\n", feed="crm")
    outcome = take("inquiries", "number,customer,contact,asked on\n1,A,Ada Lund,2026-02-02\n", accounts_from="crm")
    assert "several contacts" in rejected(outcome)[2]


def test_columns_the_file_lacks_stay_and_are_checked_with_it(take: Take, acme: None) -> None:
    take("inquiries", INQUIRIES, accounts_from="crm")
    short = "number,customer,asked on\nQ1,A,2026-01-10\nQ3,B,2026-02-21\n"
    outcome = take("inquiries", short, accounts_from="crm")
    assert (counts(outcome), rejected(outcome)) == ((0, 1, 0, 1), {3: "decided before it was asked, on 2026-02-21"})
    won = Inquiry.objects.get(number="Q1")
    assert (won.asked_on, won.outcome, won.amount, won.contact and won.contact.name) == (
        date(2026, 1, 10),
        "won",
        Decimal("1250.50"),
        "Ada Lund",
    )


def test_currency_of_option_or_feed_serves_rows_that_name_none(take: Take, acme: None) -> None:
    text = "number,customer,asked on,amount\n1,A,2026-02-02,10\n"
    take("inquiries", text, accounts_from="crm", currency="USD")
    assert Inquiry.objects.get().reporting_amount == Decimal("9.00")
    Feed.objects.filter(name="erp").update(currency="EUR")
    take("inquiries", text, accounts_from="crm")
    assert Inquiry.objects.get().reporting_amount == Decimal("10.00")


def test_later_rate_leaves_a_fixed_worth_alone(take: Take, acme: None) -> None:
    take("inquiries", INQUIRIES, accounts_from="crm")
    take("rates", "currency,date,rate\nUSD,2026-01-10,0.5\n", feed="ecb")
    assert (
        counts(
            take(
                "inquiries",
                INQUIRIES.replace("30.04.2026;;200;USD;", "30.04.2026;;200;USD;Filter"),
                accounts_from="crm",
            )
        )[1]
        == 1
    )
    assert Inquiry.objects.get(number="Q2").reporting_amount == Decimal("180.00")
    take("inquiries", INQUIRIES.replace(";200;USD", ";300;USD"), accounts_from="crm")
    assert Inquiry.objects.get(number="Q2").reporting_amount == Decimal("150.00")


def test_amount_without_reporting_currency_is_a_reject(take: Take, acme: None) -> None:
    Company.objects.update(currency="")
    outcome = take(
        "inquiries", "number,customer,asked on,amount,currency\n1,A,2026-02-02,10,EUR\n", accounts_from="crm"
    )
    assert "no reporting currency yet" in rejected(outcome)[2]


CONTRACTS = (
    "Contract Number,Account ID,Contract Name,Start Date,End Date,Notice Period (days),Auto Renewal,Renewal Term,"
    "Notice received,Annual Value,Currency\n"
    "K1,A,Frame,2024-01-01,2026-12-31,90,yes,12,,120000,EUR\n"
    "K2,A,Service,2025-06-01,9999-12-31,30,no,6,,,\n"
    "K3,B,Supply,2026-05-01,2028-04-30,,no,,2026-02-20,1000,USD\n"
)


def test_contracts_come_with_term_notice_and_renewal(take: Take, acme: None) -> None:
    assert counts(take("contracts", CONTRACTS, accounts_from="crm")) == (3, 0, 0, 0)
    frame, service, supply = Contract.objects.order_by("number")
    assert (frame.ends_on, frame.notice_deadline, frame.auto_renews, frame.renewal_months) == (
        date(2026, 12, 31),
        date(2026, 10, 2),
        True,
        12,
    )
    assert (service.ends_on, service.auto_renews, service.renewal_months) == (None, False, None)
    assert (supply.notice_received_on, supply.notice_received_known_on) == (date(2026, 2, 20), date(2026, 2, 20))
    assert (supply.starts_on, supply.known_on) == (date(2026, 5, 1), TODAY)  # signed before it starts
    assert (frame.known_on, frame.reporting_annual_value) == (date(2024, 1, 1), Decimal(120000))
    assert supply.reporting_annual_value == Decimal(900)
    assert FeedKind.objects.get(feed__name="erp", source="contracts").complete_to == TODAY
    assert counts(take("contracts", CONTRACTS, accounts_from="crm")) == (0, 0, 3, 0)


def test_notice_is_known_from_the_day_it_was_learnt(take: Take, acme: None) -> None:
    take("contracts", CONTRACTS, accounts_from="crm")
    AccountMark.objects.all().delete()
    assert counts(take("contracts", CONTRACTS.replace("yes,12,,", "yes,12,2026-03-01,"), accounts_from="crm")) == (
        0,
        1,
        2,
        0,
    )
    frame = Contract.objects.get(number="K1")
    assert (frame.notice_received_on, frame.notice_received_known_on) == (date(2026, 3, 1), TODAY)
    assert [mark.account_id for mark in AccountMark.objects.all()] == [frame.account_id]


def test_contracts_that_cannot_be_are_named(take: Take, acme: None) -> None:
    text = (
        "number,customer,start date,end date,notice days,auto renews,renewal months,notice received\n"
        "1,A,2026-01-01,2025-12-31,,,,\n"
        "2,A,2026-01-01,,10000,,,\n"
        "3,A,2026-01-01,,-1,,,\n"
        "4,A,2026-01-01,,1.5,,,\n"
        "5,A,2026-01-01,,,yes,,\n"
        "6,A,2026-01-01,,,yes,0,\n"
        "7,A,2026-01-01,,,yes,2.5,\n"
        "8,A,2026-01-01,,,,,2026-03-20\n"
        "9,A,2026-01-01,2090-01-01,,,,\n"
        "10,A,,2026-12-31,,,,\n"
        "11,A,2026-01-01,2026-01-01,1500,yes,120,2026-03-10\n"
    )
    outcome = take("contracts", text, accounts_from="crm")
    assert counts(outcome) == (1, 0, 0, 10)
    months, days = "not a whole number of months from 1 to 120", "not a whole number of days from 0 to 1500"
    assert rejected(outcome) == {
        2: "ends before it starts, on 2026-01-01",
        3: days,
        4: days,
        5: days,
        6: "renews by itself, but not by how many months",
        7: months,
        8: months,
        9: "2026-03-20 lies in the future",
        10: "2090-01-01 lies in the future",
        11: "no starts on",
    }
    assert {(reason.line, reason.column, reason.value) for reason in outcome.reasons} >= {
        (2, "end date", "2025-12-31"),
        (3, "notice days", "10000"),
        (7, "renewal months", "0"),
    }


def test_months_alone_say_that_a_contract_renews(take: Take, acme: None) -> None:
    take(
        "contracts",
        "number,customer,start date,renewal months\n1,A,2026-01-01,12\n2,A,2026-01-01,\n",
        accounts_from="crm",
    )
    assert list(Contract.objects.order_by("number").values_list("auto_renews", "renewal_months")) == [
        (True, 12),
        (False, None),
    ]


def test_stored_end_is_weighed_against_a_new_start(take: Take, acme: None) -> None:
    take("contracts", CONTRACTS, accounts_from="crm")
    outcome = take("contracts", "number,customer,start date\nK1,A,2027-01-01\nK2,A,2025-07-01\n", accounts_from="crm")
    assert (counts(outcome), rejected(outcome)) == ((0, 1, 0, 1), {2: "ends before it starts, on 2027-01-01"})
    assert Contract.objects.get(number="K2").title == "Service"


def test_header_that_counts_in_other_units_is_obeyed(take: Take, acme: None) -> None:
    text = "Vertragsnummer;Kundennummer;Beginn;Kündigungsfrist (Monate);Verlängerung (Jahre)\nK1;A;01.02.2025;3;1\n"
    outcome = take("contracts", text, accounts_from="crm")
    contract = Contract.objects.get()
    assert (contract.notice_days, contract.renewal_months) == (90, 12)
    assert outcome.notes == [
        "The column Kündigungsfrist (Monate) was multiplied by 30 for notice days.",
        "The column Verlängerung (Jahre) was multiplied by 12 for renewal months.",
    ]
    take("contracts", "number,customer,start date,notice period (weeks)\nK2,A,2025-02-01,2\n", accounts_from="crm")
    assert Contract.objects.get(number="K2").notice_days == 14
