"""Cover and summary of a cycle's pack: what its page shows, for `audit_pack.typ` to set."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_app.models import Company, User
from accounts_app.templatetags.formats import day_text, moment_text
from cadence.models import AuditCycle, Dimension
from cadence.pages.audit_address import CycleAsked
from cadence.pages.audit_cycle_page import CyclePage
from cadence.pages.audit_themes import Theme
from cadence.reports.audit_data import Texts, band_data, cell_data

LEVELS = ("weak", "middling", "good")


def cycle_page(cycle: AuditCycle, user: User, today: dt.date) -> CyclePage:
    """The page of the cycle as this user sees it, narrowed to nothing."""
    return CyclePage(cycle, CycleAsked.of({}), user, today)


def words(page: CyclePage | None = None) -> Texts:
    """What the template itself says."""
    since = _("mean score 1 to 5")
    if page and page.before:
        since = _("mean score 1 to 5, beside it the change since {quarter}").format(quarter=page.before.name)
    return {
        "legend": [
            _("order"), _("contact on our initiative"), _("other contact"), _("incident"),
            _("order later than usual"), _("no data"),
        ],
        "questions": _("Questions"),
        "evidence": _("Evidence"),
        "judgement": _("Judgement"),
        "actions": _("Actions"),
        "no_action": _("No action was agreed."),
        "not_done": _("Promised last time, not done"),
        "signatures": _("Signatures"),
        "summary": _("Summary"),
        "accounts": _("Accounts by dimension"),
        "heat_note": since,
        "managers": _("Managers"),
        "manager_columns": [_("Manager"), _("Audits"), _("Signed"), _("Waits for the leader"), _("Overdue")],
        "themes": _("Lowest scores"),
        "in_figures": _("Evidence in figures"),
    }  # fmt: skip


def footer(name: str, user: User, at: dt.datetime, company: Company) -> str:
    """Of which audit it is, when and for whom it was made; and that its data are not real where they are not."""
    made = _("{name} · made {moment} for {user}").format(name=name, moment=moment_text(at), user=user)
    return f"{made} · {_('simulated data')}" if company.simulated else made


def cover_data(page: CyclePage, accounts: int, user: User, at: dt.datetime) -> Texts:
    cycle = page.cycle
    subtitle = ngettext(
        "The state of our relationship with {n} significant account",
        "The state of our relationships with {n} significant accounts",
        accounts,
    )
    today, opened_on = timezone.localdate(at), timezone.localdate(cycle.opened_at)
    facts = (
        (
            _("Opened"),
            _("{day} by {name}").format(day=day_text(opened_on, today), name=cycle.opened_by),
        ),
        (_("Answers due"), day_text(cycle.answers_due_on, today)),
        (_("Signatures due"), day_text(cycle.due_on, today)),
        (_("Questions"), _("version {n}").format(n=cycle.questions.version)),
        (_("Made"), _("{moment} for {name}").format(moment=moment_text(at), name=user)),
    )
    return {
        "title": _("Audit {name}").format(name=cycle.name),
        "subtitle": subtitle.format(n=accounts),
        "lead": page.lead,
        "facts": [{"label": label, "value": value} for label, value in facts],
        "note": _("Confidential. It holds the accounts that {name} may see.").format(name=user),
    }


def summary_data(page: CyclePage, audits: dict[int, int]) -> Texts:
    """`audits`: of each account the audit whose page its line leads to."""
    rows = [row for row in page.shown if row.account_id in audits]
    dimensions = [str(label) for label in Dimension.labels]
    return {
        "lead": page.lead,
        "kpis": _kpis(page),
        "columns": [_("Account"), _("Manager"), _("Band"), *dimensions, _("Mean"), _("Page")],
        "rows": [
            {
                "id": audits[row.account_id],
                "name": row.name,
                "owner": row.owner or "–",
                "band": band_data(row.band),
                "cells": [cell_data(cell) for cell in (*row.cells, row.overall)],
            }
            for row in rows
        ],
        "means": [cell_data(cell) for cell in (*page.means, page.mean)] if page.shown else [],
        "means_label": ngettext("Mean of {n} account", "Mean of {n} accounts", len(rows)).format(n=len(rows)),
        "levels": list(zip(LEVELS, (_("below 2.5"), _("2.5 to 3.4"), _("from 3.5")), strict=True)),
        "themes": [_theme(theme) for theme in page.themes.lowest],
        "managers": [
            {"name": one.name, "all": str(one.all), "signed": str(one.signed), "waiting": str(one.waiting),
             "overdue": str(one.overdue)}
            for one in page.managers
        ],
    }  # fmt: skip


def _kpis(page: CyclePage) -> list[Texts]:
    count = len(page.rows)
    told: list[tuple[str, Any, str]] = [
        (_("Signed"), page.signed, _("of {n} audits").format(n=count)),
        (_("Audited on time"), page.on_time_text, page.on_time_note),
        (_("Overdue"), page.overdue, _("answers or signatures")),
        (_("Open actions"), page.action_count, _("{n} overdue").format(n=page.actions_overdue)),
    ]
    return [{"label": label, "value": str(value), "note": note} for label, value, note in told]


def _theme(theme: Theme) -> Texts:
    note = _("{dimension}; {low} of {n} answers are 1 or 2").format(
        dimension=theme.dimension, low=theme.low, n=theme.answers
    )
    quotes = [f"“{one.reason}” {one.account}, {one.score}" for one in theme.quotes]
    return {"figure": theme.cell.figure, "text": theme.text, "note": note, "quotes": quotes}
