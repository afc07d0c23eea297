"""Incidents, inquiries, loyalty, contract and money of an audit's evidence in words."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_app.models import Incident, Inquiry
from accounts_app.templatetags import formats
from cadence.pages.audit_evidence_form import About, Row, Told, not_known
from cadence.services.audit_facts_risk import YEAR

SEVERITIES = dict(Incident.Severity.choices)
OUTCOMES = {key: label for key, label in Inquiry.Outcome.choices if key != Inquiry.Outcome.OPEN}


def incidents(facts: Mapping[str, Any], about: About) -> Told:
    opened, closed, still = (_these(facts[f"{name}_ids"], about) for name in ("opened", "resolved", "open"))
    rows = [
        Row(_("Opened in 13 weeks"), str(sum(facts["opened"].values())), _by_severity(facts["opened"]), opened),
        Row(_("Resolved in them"), str(sum(facts["resolved"].values())), _by_severity(facts["resolved"]), closed),
        *_times(facts),
        Row(_("Still open"), str(sum(facts["open"].values())), _by_severity(facts["open"]), still),
        Row(_("Of these over their target"), str(facts["open_over_target"])),
    ]
    sentence = not_known("incidents", facts, about) or _incident_sentence(facts)
    return Told(sentence, rows, url=about.page("accounts:incident_list"), url_text=_("All incidents"))


def _these(ids: Sequence[int], about: About) -> str:
    """The address of these incidents; empty where there are none."""
    return about.rows("accounts:incident_list", ids=",".join(map(str, ids))) if ids else ""


def _by_severity(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{counts[key]} {str(label).lower()}" for key, label in SEVERITIES.items() if counts[key])


def _times(facts: Mapping[str, Any]) -> Iterator[Row]:
    for key, label in SEVERITIES.items():
        days, target, closed = facts["median_days"][key], facts["target_days"][key], facts["resolved"][key]
        if days is not None:
            told = _("target {target} d; {n} resolved").format(target=target, n=closed)
            yield Row(_("{severity}: days to resolve (median)").format(severity=label), f"{days:g}", told)


def _incident_sentence(facts: Mapping[str, Any]) -> str:
    opened, closed = sum(facts["opened"].values()), sum(facts["resolved"].values())
    still = sum(facts["open"].values())
    if not opened + closed + still:
        return _("No incident in the last 13 weeks.")
    said = [
        ngettext("{n} incident opened in the last 13 weeks", "{n} incidents opened in the last 13 weeks", opened),
        _("{kept} of {closed} resolved within target") if closed else _("none was resolved"),
        ngettext("{still} is open", "{still} are open", still) if still else _("none is open"),
    ]
    told = "; ".join(said).format(n=opened, closed=closed, kept=facts["resolved_in_time"], still=still)
    return f"{told}."


def inquiries(facts: Mapping[str, Any], about: About) -> Told:
    quarter, year, until = facts["quarter"], facts["year"], about.as_of.isoformat()
    url = about.rows("accounts:inquiry_list", from_=year["from"], until=until)
    now, all_asked = quarter["quotation"] + quarter["consultation"], year["quotation"] + year["consultation"]
    rows = [
        Row(_("Asked in twelve months"), str(all_asked), _quarter(now), url),
        Row(_("Requests for quotation"), str(year["quotation"]), _quarter(quarter["quotation"])),
        Row(_("Technical consultations"), str(year["consultation"]), _quarter(quarter["consultation"])),
        *(Row(label, str(year[key]), _quarter(quarter[key])) for key, label in OUTCOMES.items()),
        Row(_("Not decided yet"), str(facts["open"])),
    ]
    sentence = not_known("inquiries", facts, about) or _inquiry_sentence(year)
    return Told(sentence, rows, url=about.page("accounts:inquiry_list"), url_text=_("Inquiries"))


def _quarter(count: int) -> str:
    return _("{n} in the last 13 weeks").format(n=count) if count else ""


def _inquiry_sentence(year: Mapping[str, Any]) -> str:
    asked = year["quotation"] + year["consultation"]
    decided = {key: year[key] for key in OUTCOMES}
    if not asked and not any(decided.values()):
        return _("They asked for nothing in twelve months.")
    said = ngettext("They asked {n} time in twelve months", "They asked {n} times in twelve months", asked)
    told = _("{won} won, {lost} lost, {elsewhere} awarded elsewhere without us").format(**decided)
    return f"{said.format(n=asked)}; {told}."


def loyalty(facts: Mapping[str, Any], about: About) -> Told:
    rows = [
        Row(_("Asked in twelve months"), str(facts["asked"]), url=_year(about, "accounts:survey_list")),
        Row(_("Answered"), str(facts["answered"])),
        Row(_("Would recommend us (9 or 10)"), str(facts["promoters"])),
        Row(_("Would not (0 to 6)"), str(facts["detractors"])),
        *(_answer_row(one, about) for one in facts["answers"]),
    ]
    sentence = not_known("loyalty", facts, about) or _loyalty_sentence(facts)
    return Told(sentence, rows, url=about.page("accounts:survey_list"), url_text=_("Answers"))


def _answer_row(one: Mapping[str, Any], about: About) -> Row:
    label = _("Asked on {day}").format(day=about.day(one["asked_on"]))
    said = _("no answer") if one["score"] is None else _("{score} of 10").format(score=one["score"])
    return Row(label, said, url=about.rows("accounts:survey_list", ids=str(one["answer"])))


def _loyalty_sentence(facts: Mapping[str, Any]) -> str:
    if not facts["asked"]:
        return _("Nobody was asked within twelve months.")
    if not facts["answered"]:
        return _("Nobody answered in twelve months; {n} were asked.").format(n=facts["asked"])
    return _("{answered} of {asked} asked in twelve months answered: {promoters} would recommend us, {detractors} would not.").format(**facts)  # fmt: skip  # noqa: E501


def _year(about: About, url_name: str, *, before: bool = False) -> str:
    """The rows of the twelve months, or of the twelve before."""
    until = about.as_of - YEAR if before else about.as_of
    begin = until - YEAR + dt.timedelta(days=1)
    return about.rows(url_name, from_=begin.isoformat(), until=until.isoformat())


def money_text(amount: str | None, currency: str) -> str:
    return formats.money(None if amount is None else Decimal(amount), currency)


def contract(facts: Mapping[str, Any], about: About) -> Told:
    rows = [
        Row(_("Worth a year"), money_text(facts["amount"], facts["currency"])),
        Row(_("End of the term"), about.day(facts["ends_on"])),
        Row(_("Renews by itself"), {True: _("yes"), False: _("no")}.get(facts["auto_renews"], "–")),
        Row(_("Contracts in force"), "–" if facts["in_force"] is None else str(facts["in_force"])),
    ]
    sentence = not_known("contract", facts, about) or _contract_sentence(facts, about)
    return Told(sentence, rows, url=about.page("accounts:contract_list"), url_text=_("Contracts"))


def _contract_sentence(facts: Mapping[str, Any], about: About) -> str:
    on = about.day(facts["notice_on"])
    if facts["state"] == "by_day" and facts["notice_on"]:
        days = about.days_to(facts["notice_on"])
        return _("They may give notice until {day}, in {n} days.").format(day=on, n=days)
    words = {
        "any_day": _("They may give notice on any day."),
        "received": _("Notice was received; it ends on {day}."),
        "ending": _("It ends by itself on {day}."),
        "open_ended": _("It runs on without an end."),
    }
    return words.get(facts["state"], _("No contract is in force.")).format(day=on)


def money(facts: Mapping[str, Any], about: About) -> Told:
    currency = facts["currency"]
    now, before = _year(about, "accounts:order_list"), _year(about, "accounts:order_list", before=True)
    rows = [
        Row(_("Orders in twelve months"), money_text(facts["revenue_12m"], currency), url=now),
        Row(_("In the twelve before"), money_text(facts["revenue_before"], currency), url=before),
        Row(_("Expected loss"), money_text(facts["at_risk"], currency)),
        Row(_("Orders on record since"), about.day(facts["first_order_on"])),
    ]
    sentence = not_known("money", facts, about) or _money_sentence(facts)
    return Told(sentence, rows, url=about.page("accounts:order_list"), url_text=_("All orders"))


def _money_sentence(facts: Mapping[str, Any]) -> str:
    if facts["revenue_12m"] is None:
        return _("They ordered nothing yet.")
    now, before = Decimal(facts["revenue_12m"]), Decimal(facts["revenue_before"])
    told = money_text(facts["revenue_12m"], facts["currency"])
    if before <= 0:
        return _("{amount} in twelve months; nothing in the twelve before to compare with.").format(amount=told)
    share = formats.percent(float(abs(now - before) / before))
    words = _("{amount} in twelve months, {share} more than in the twelve before.")
    if now < before:
        words = _("{amount} in twelve months, {share} less than in the twelve before.")
    return words.format(amount=told, share=share)
