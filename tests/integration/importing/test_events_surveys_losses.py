"""Change events, survey answers and losses."""

from datetime import date
from decimal import Decimal

import pytest

from accounts_app.models import AccountMark, ChangeEvent, Company, FeedKind, Loss, SurveyAnswer
from tests.integration.importing.conftest import Take, counts, rejected

pytestmark = pytest.mark.django_db

TODAY = date(2026, 3, 10)


@pytest.fixture
def acme(take: Take) -> None:
    Company.the()
    Company.objects.update(currency="EUR")
    take("accounts", "customer id,name\nA,Acme\nB,Best\n", feed="crm")
    take("contacts", "customer id,name,e-mail\nA,Ada Lund,ada@acme.test\nB,Bo Ek,bo@best.test\n", feed="crm")
    AccountMark.objects.all().delete()


EVENTS = (
    "Client;Date;Type;Titre;Source\n"
    "A;04/02/2026;Nouveau dirigeant;M. Roux succède à Mme Blanc;Les Échos\n"
    "A;04/02/2026;Fusion;;\n"
    "B;25/01/2026;restructuration;Fermeture de Lyon;\n"
)


def test_change_events_of_a_french_list(take: Take, acme: None) -> None:
    assert counts(take("change-events", EVENTS, accounts_from="crm")) == (3, 0, 0, 0)
    assert list(ChangeEvent.objects.order_by("pk").values_list("account__name", "kind", "happened_on", "title")) == [
        ("Acme", "merger", date(2026, 2, 4), "Merger"),
        ("Acme", "new_executive", date(2026, 2, 4), "M. Roux succède à Mme Blanc"),
        ("Best", "restructuring", date(2026, 1, 25), "Fermeture de Lyon"),
    ]
    assert ChangeEvent.objects.get(kind="merger").known_on == date(2026, 2, 4)
    assert FeedKind.objects.get(feed__name="erp").complete_to == TODAY
    assert counts(take("change-events", EVENTS, accounts_from="crm")) == (0, 0, 3, 0)
    take("change-events", EVENTS + "A;01/03/2026;litige;;\n", accounts_from="crm")
    assert ChangeEvent.objects.get(kind="litigation").known_on == TODAY


def test_change_event_is_corrected_by_its_key(take: Take, acme: None) -> None:
    text = "event id,customer,date,kind,title,source\nE1,A,2026-02-04,merger,With Core,press\n"
    take("change-events", text, accounts_from="crm")
    AccountMark.objects.all().delete()
    assert counts(
        take("change-events", "event id,customer,date,kind\nE1,B,2026-02-05,spin-off\n", accounts_from="crm")
    ) == (0, 1, 0, 0)
    event = ChangeEvent.objects.get()
    assert (event.account.name, event.kind, event.title, event.source) == ("Best", "divestiture", "With Core", "press")
    assert AccountMark.objects.count() == 2  # the account it was at first, too


def test_change_events_that_cannot_be_are_named(take: Take, acme: None) -> None:
    text = "customer,date,kind\nA,2026-04-04,merger\nA,2026-02-04,party\nA,2026-02-04,\nZ,2026-02-04,merger\n"
    outcome = take("change-events", text, accounts_from="crm")
    assert counts(outcome) == (0, 0, 0, 4)
    found = rejected(outcome)
    assert (found[2], found[4]) == ("2026-04-04 lies in the future", "no kind")
    assert found[3].startswith("not one of the words known here: new_executive, merger")
    assert "no account has the key Z" in found[5]


SURVEY = (
    "Customer,Respondent Email,Survey sent,Response date,NPS,Comment\n"
    "A,ada@acme.test,2026-02-01,2026-02-03,9,fine\n"
    "A,,2026-02-01,,,\n"
    "B,bo@best.test,2026-02-01,,,\n"
)


def test_empty_score_is_one_who_did_not_answer(take: Take, acme: None) -> None:
    assert counts(take("surveys", SURVEY, accounts_from="crm")) == (3, 0, 0, 0)
    ada = SurveyAnswer.objects.get(score=9)
    assert (ada.contact and ada.contact.name, ada.asked_on, ada.answered_on, ada.answered_known_on, ada.comment) == (
        "Ada Lund",
        date(2026, 2, 1),
        date(2026, 2, 3),
        date(2026, 2, 3),
        "fine",
    )
    silent = SurveyAnswer.objects.get(account__name="Best")
    assert (silent.score, silent.answered_on, silent.answered_known_on) == (None, None, None)
    assert counts(take("surveys", SURVEY, accounts_from="crm")) == (0, 0, 3, 0)


def test_answer_that_comes_later_is_known_from_then(take: Take, acme: None) -> None:
    take("surveys", SURVEY, accounts_from="crm")
    late = SURVEY.replace("B,bo@best.test,2026-02-01,,,", "B,bo@best.test,2026-02-01,2026-02-20,3,late")
    assert counts(take("surveys", late, accounts_from="crm")) == (0, 1, 2, 0)
    answer = SurveyAnswer.objects.get(account__name="Best")
    assert (answer.score, answer.answered_on, answer.answered_known_on) == (3, date(2026, 2, 20), TODAY)
    take("surveys", late.replace("2026-02-03,9", "2026-02-04,10"), accounts_from="crm")
    corrected = SurveyAnswer.objects.get(score=10)
    assert (corrected.answered_on, corrected.answered_known_on) == (date(2026, 2, 4), date(2026, 2, 3))  # as before


def test_file_with_one_day_means_both_by_it(take: Take, acme: None) -> None:
    take(
        "surveys",
        "customer_name,nps_score,comment,submitted_at\nA,7,,2026-02-03\nB,,,2026-02-04\n",
        accounts_from="crm",
    )
    assert list(SurveyAnswer.objects.order_by("pk").values_list("score", "asked_on", "answered_on")) == [
        (7, date(2026, 2, 3), date(2026, 2, 3)),
        (None, date(2026, 2, 4), None),
    ]


def test_survey_answers_that_cannot_be_are_named(take: Take, acme: None) -> None:
    text = (
        "customer,contact,asked on,answered on,score\n"
        "A,,2026-02-01,2026-02-02,11\n"
        "A,,2026-02-01,2026-02-02,-1\n"
        "A,,2026-02-01,2026-02-02,7.5\n"
        "A,,2026-02-01,2026-02-02,\n"
        "A,,2026-02-01,,7\n"
        "A,,2026-02-01,2026-01-31,7\n"
        "A,Bo Ek,2026-02-01,2026-02-02,7\n"
        "A,,,2026-02-02,7\n"
        "A,,2026-02-01,2026-02-01,0\n"
    )
    outcome = take("surveys", text, accounts_from="crm")
    assert counts(outcome) == (1, 0, 0, 8)
    score = "not a whole number from 0 to 10"
    assert rejected(outcome) == {
        2: score,
        3: score,
        4: score,
        5: "answered on 2026-02-02, but no score",
        6: "a score, but no day on which it was given",
        7: "answered before it was asked, on 2026-02-01",
        8: "is a contact of another account",
        9: "no asked on",
    }


LOSSES = (
    "Kundennummer;Verloren am;Teil;Grund;Verloren an;Jahresumsatz;Währung;Bemerkung\n"
    "A;31.01.2026;Dichtungen;Wettbewerber;Rival GmbH;45.000,00;EUR;Preis\n"
    "B;15.12.2025;;Insolvenz;;;;\n"
)


def test_losses_of_a_german_list(take: Take, acme: None) -> None:
    assert counts(take("losses", LOSSES, accounts_from="crm")) == (2, 0, 0, 0)
    part, whole = Loss.objects.order_by("account__name")
    assert (part.lost_on, part.part, part.reason, part.went_to, part.note) == (
        date(2026, 1, 31),
        "Dichtungen",
        "competitor",
        "Rival GmbH",
        "Preis",
    )
    assert (part.annual_amount, part.reporting_annual_amount, part.known_on) == (
        Decimal(45000),
        Decimal(45000),
        date(2026, 1, 31),
    )
    assert (whole.part, whole.reason, whole.annual_amount, whole.currency) == ("", "beyond_control", None, "")
    assert counts(take("losses", LOSSES, accounts_from="crm")) == (0, 0, 2, 0)
    assert counts(take("losses", LOSSES.replace("Insolvenz", "Bedarf entfallen"), accounts_from="crm")) == (0, 1, 1, 0)


def test_parts_lost_on_one_day_are_two_losses(take: Take, acme: None) -> None:
    text = "customer,lost on,part,reason\nA,2026-02-01,seals,price\nA,2026-02-01,pumps,price\n"
    assert counts(take("losses", text, accounts_from="crm")) == (2, 0, 0, 0)
    assert set(Loss.objects.values_list("part", flat=True)) == {"seals", "pumps"}


def test_loss_read_later_is_known_from_then(take: Take, acme: None) -> None:
    take("losses", LOSSES, accounts_from="crm", history=False)
    assert {loss.known_on for loss in Loss.objects.all()} == {TODAY}


def test_losses_that_cannot_be_are_named(take: Take, acme: None) -> None:
    text = (
        "customer,lost on,reason,annual amount,currency\n"
        "A,2026-05-01,competitor,,\n"
        "A,2026-02-01,,,\n"
        "A,2026-02-01,boredom,,\n"
        "A,2026-02-01,competitor,10,\n"
        "A,2026-02-01,competitor,10,SEK\n"
        "A,2026-02-01,competitor,ten,EUR\n"
    )
    outcome = take("losses", text, accounts_from="crm")
    assert counts(outcome) == (0, 0, 0, 6)
    found = rejected(outcome)
    assert found[4].startswith("not one of the words known here: need_gone")
    assert {line: reason for line, reason in found.items() if line != 4} == {
        2: "2026-05-01 lies in the future",
        3: "no reason",
        5: "no currency: the row, --currency and the feed name none",
        6: "no rate from SEK to EUR on 2026-02-01",
        7: "not a number with a decimal point",
    }
