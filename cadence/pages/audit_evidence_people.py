"""Contacts, promises and value of an audit's evidence in words."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_app.models import Interaction
from accounts_app.models.person import Level
from accounts_app.templatetags.formats import percent
from cadence.pages.audit_evidence_form import About, Grid, Row, Told, not_known
from cadence.quarter_days import last_day

LEVELS = dict(Level.choices)


def contacts(facts: Mapping[str, Any], about: About) -> Told:
    quarter, year = facts["quarter"], facts["year"]
    rows = [
        Row(_("{level} met").format(level=label), str(year["levels"][level]), _in_quarter(quarter["levels"][level]))
        for level, label in LEVELS.items()
    ]
    grid = Grid(
        [_("Our {level}").format(level=str(label).lower()) for label in LEVELS.values()],
        [(label, [_pair(facts, theirs, ours) for ours in LEVELS]) for theirs, label in LEVELS.items()],
        _("Contacts in twelve months, in brackets those of the last 13 weeks; rows are their levels, columns ours"),
    )
    spans = [_contact_row(_("Contacts in 13 weeks"), quarter, about), _contact_row(_("In twelve months"), year, about)]
    sentence = not_known("contacts", facts, about) or _levels_sentence(year)
    url = about.page("cadence:relationships")
    return Told(sentence, [*spans, *rows], grid, url=url, url_text=_("Relationship map"))


def _contact_row(label: str, span: Mapping[str, Any], about: About) -> Row:
    until = about.as_of.isoformat()
    return Row(
        label, str(span["contacts"]), url=about.rows("accounts:interaction_list", from_=span["from"], until=until)
    )


def _in_quarter(count: int) -> str:
    return _("{n} of them in the last 13 weeks").format(n=count) if count else ""


def _pair(facts: Mapping[str, Any], theirs: str, ours: str) -> str:
    year, quarter = (facts[span]["pairs"][theirs][ours] for span in ("year", "quarter"))
    return f"{year} ({quarter})" if year else "0"


def _levels_sentence(year: Mapping[str, Any]) -> str:
    missing = [str(label).lower() for level, label in LEVELS.items() if not year["levels"][level]]
    if not missing:
        return _("All three levels were met within twelve months.")
    if len(missing) == len(LEVELS):
        return _("Nobody was met within twelve months.")
    return _("Not met within twelve months: {levels}.").format(levels=", ".join(missing))


def cadence(facts: Mapping[str, Any], about: About) -> Told:
    rows = [
        Row(_("Longest interval promised"), _days(facts["max_days"]),
            _("at best every {days}").format(days=_days(facts["ideal_days"]))),
        Row(_("Last proactive contact"), about.day(facts["last_proactive_on"])),
        Row(_("Next one due"), about.day(facts["due_on"]),
            _("late after {day}").format(day=about.day(facts["latest_on"])) if facts["latest_on"] else ""),
        Row(_("Started by us, of all contacts"), _share(facts["proactive"], facts["contacts"]),
            _("{n} of {all}").format(n=facts["proactive"], all=facts["contacts"])),
        *(_quarter_row(one, about) for one in facts["quarters"]),
    ]  # fmt: skip
    sentence = not_known("cadence", facts, about) or _kept_sentence(facts)
    return Told(sentence, rows, url=about.page("accounts:interaction_list"), url_text=_("Contacts on record"))


def _days(days: int) -> str:
    return ngettext("{n} day", "{n} days", days).format(n=days)


def _share(part: int, whole: int) -> str:
    return percent(part / whole) if whole else "–"


def _kept_sentence(facts: Mapping[str, Any]) -> str:
    if not facts["days_promised"]:
        return _("Nothing was promised on any day of these quarters.")
    return _("The promise was kept on {share} of the days of the last {n} quarters.").format(
        share=_share(facts["days_kept"], facts["days_promised"]), n=len(facts["quarters"])
    )


def _quarter_row(one: Mapping[str, Any], about: About) -> Row:
    begins = dt.date.fromisoformat(one["begins_on"])
    until = min(last_day(begins), about.as_of)
    label = _("Kept in Q{quarter} {year}").format(quarter=(begins.month + 2) // 3, year=begins.year)
    told = _("{kept} of {promised} days; {n} contacts, {ours} started by us").format(
        kept=one["days_kept"], promised=one["days_promised"], n=one["contacts"], ours=one["proactive"]
    )
    url = about.rows("accounts:interaction_list", from_=one["begins_on"], until=until.isoformat())
    return Row(label, _share(one["days_kept"], one["days_promised"]), told, url)


def value(facts: Mapping[str, Any], about: About) -> Told:
    reactions = dict(Interaction.Reaction.choices) | {"none_noted": _("No reaction noted")}
    rows = [
        Row(_("Contacts we started in twelve months"), str(facts["contacts"])),
        Row(
            _("Of these brought something"),
            _share(facts["with_value"], facts["contacts"]),
            _("{n} of {all}").format(n=facts["with_value"], all=facts["contacts"]),
        ),
        *(Row(reactions[name], str(count)) for name, count in facts["reactions"].items() if count),
        *(_item_row(one, reactions, about) for one in facts["items"]),
    ]
    sentence = not_known("value", facts, about) or _value_sentence(facts)
    return Told(sentence, rows, url=about.page("cadence:account_value"), url_text=_("What they were brought"))


def _item_row(one: Mapping[str, Any], reactions: Mapping[str, Any], about: About) -> Row:
    url = about.rows("accounts:interaction_list", ids=str(one["interaction"]))
    return Row(one["title"], about.day(one["on"]), str(reactions[one["reaction"] or "none_noted"]), url)


def _value_sentence(facts: Mapping[str, Any]) -> str:
    if not facts["contacts"]:
        return _("In twelve months we started no contact with them.")
    said = ngettext(
        "{value} of {n} contact we started in twelve months brought them something.",
        "{value} of {n} contacts we started in twelve months brought them something.",
        facts["contacts"],
    )
    return said.format(value=facts["with_value"], n=facts["contacts"])
