"""Writes inquiries, contracts, change events, survey answers, losses and absences; what changes later is its ending."""

from accounts_app.demo.absences import AbsenceRow
from accounts_app.demo.contracts import ContractRow
from accounts_app.demo.customer_news import EventRow, LossRow, SurveyRow
from accounts_app.demo.dialogue import colleague_key
from accounts_app.demo.inquiries import InquiryRow
from accounts_app.demo.register import Register, bring_up_to_date, contacts_by_key
from accounts_app.models import Absence, ChangeEvent, Contract, Inquiry, Loss, SurveyAnswer

AccountRow = InquiryRow | ContractRow | EventRow | SurveyRow | LossRow


def _origin(row: AccountRow, register: Register) -> dict[str, object]:
    """Where a fact comes from, since when it is known, and whose it is."""
    known = {"feed_id": register.feeds["crm"], "external_key": row.key, "known_on": row.known_on}
    return known | {"account_id": register.accounts[row.account]}


def write_inquiries(new: list[InquiryRow], changed: list[InquiryRow], register: Register) -> None:
    Inquiry.objects.bulk_create(_inquiry(row, register) for row in new if row.account in register.accounts)
    undecided = Inquiry.objects.filter(feed=register.feeds["crm"], outcome="open")
    bring_up_to_date(undecided, changed, _decision)


def _decision(row: InquiryRow) -> dict[str, object]:
    decided: dict[str, object] = {"decided_on": row.decided_on, "decided_known_on": row.decided_known_on}
    return decided | {"outcome": row.outcome, "awarded_to": row.awarded_to}


def _inquiry(row: InquiryRow, register: Register) -> Inquiry:
    return Inquiry(
        **_origin(row, register),
        number=row.key,
        title=row.title,
        kind=row.kind,
        asked_on=row.asked_on,
        **_decision(row),
        amount=row.amount,
        currency=row.currency,
        reporting_amount=row.reporting_amount,
    )


def write_contracts(new: list[ContractRow], changed: list[ContractRow], register: Register) -> None:
    Contract.objects.bulk_create(_contract(row, register) for row in new if row.account in register.accounts)
    without_notice = Contract.objects.filter(feed=register.feeds["crm"], notice_received_on=None)
    bring_up_to_date(without_notice, changed, _notice)


def _notice(row: ContractRow) -> dict[str, object]:
    return {"notice_received_on": row.notice_received_on, "notice_received_known_on": row.notice_received_on}


def _contract(row: ContractRow, register: Register) -> Contract:
    return Contract(
        **_origin(row, register),
        number=row.key,
        title=row.title,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        notice_days=row.notice_days,
        no_cause=row.no_cause,
        auto_renews=row.renewal_months is not None,
        renewal_months=row.renewal_months,
        **_notice(row),
        annual_value=row.annual_value,
        currency=row.currency,
        reporting_annual_value=row.reporting_annual_value,
    )


def write_events(rows: list[EventRow], register: Register) -> None:
    ChangeEvent.objects.bulk_create(
        ChangeEvent(
            **_origin(row, register),
            kind=row.kind,
            happened_on=row.happened_on,
            title=row.title,
            source=row.source,
        )
        for row in rows
        if row.account in register.accounts
    )


def write_surveys(new: list[SurveyRow], changed: list[SurveyRow], register: Register) -> None:
    contacts = contacts_by_key((row.contact for row in new), register)
    SurveyAnswer.objects.bulk_create(
        SurveyAnswer(
            **_origin(row, register),
            contact_id=contacts.get(row.contact),
            asked_on=row.asked_on,
            **_answer(row),
        )
        for row in new
        if row.account in register.accounts
    )
    unanswered = SurveyAnswer.objects.filter(feed=register.feeds["crm"], answered_on=None)
    bring_up_to_date(unanswered, changed, _answer)


def _answer(row: SurveyRow) -> dict[str, object]:
    known = {"answered_on": row.answered_on, "answered_known_on": row.answered_on}
    return known | {"score": row.score, "comment": row.comment}


def write_losses(rows: list[LossRow], register: Register) -> None:
    Loss.objects.bulk_create(
        Loss(
            **_origin(row, register),
            lost_on=row.lost_on,
            reason=row.reason,
            went_to=row.went_to,
            annual_amount=row.annual_amount,
            currency=row.currency,
            reporting_annual_amount=row.reporting_annual_amount,
            note=row.note,
        )
        for row in rows
        if row.account in register.accounts
    )


def write_absences(rows: list[AbsenceRow], register: Register) -> None:
    Absence.objects.bulk_create(
        Absence(
            feed_id=register.feeds["crm"],
            external_key=row.key,
            known_on=row.known_on,
            colleague_id=register.colleagues[colleague_key(row.colleague)],
            from_day=row.from_day,
            until_day=row.until_day,
        )
        for row in rows
        if colleague_key(row.colleague) in register.colleagues
    )
