"""Risk and pulse strip of an audit's evidence in words."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts_app.templatetags.formats import percent, signed
from cadence.pages.audit_evidence_form import About, Row, Told
from signals.compute.base import Status
from signals.compute.registry import BY_KEY
from signals.models import Band
from signals.pages.account.explanation import rows_url
from signals.pages.sentences import headline, sentence
from signals.templatetags.judgement import strip_text


def risk(facts: Mapping[str, Any], about: About) -> Told:
    return Told(
        _risk_sentence(facts, about),
        [*_own_judgement(facts, about), *_figures(facts), *_parts(facts, about)],
        url=about.page("signals:account"),
        url_text=_("Account page"),
    )


def band_word(key: str) -> str:
    return str(dict(Band.choices).get(key, key))


def _risk_sentence(facts: Mapping[str, Any], about: About) -> str:
    if facts["reason"] == "not_computed":
        return _("Could not be computed: {error}").format(error=facts["error"])
    if facts["risk"] is None:
        return _("Not known: the account was not judged yet.")
    if facts["band"] == Band.UNKNOWN:
        known = percent(facts["coverage"])
        return _("Unknown: only {known} of what the signals weigh rests on fresh data.").format(known=known)
    judged = _("{band}, {risk} of 100").format(band=band_word(facts["band"]), risk=facts["risk"])
    reasons = " ".join(_reasons(facts))
    return f"{judged}. {reasons}".strip() if facts["as_of"] == about.as_of.isoformat() else (
        _("{judged} on {day}. {reasons}").format(judged=judged, day=about.day(facts["as_of"]), reasons=reasons).strip()
    )  # fmt: skip


def _reasons(facts: Mapping[str, Any]) -> list[str]:
    parts = {one["key"]: one for one in facts["contributions"] if one["key"] in BY_KEY}
    return [headline(parts[key]) for key in facts["top_reasons"] if key in parts][:2]


def _own_judgement(facts: Mapping[str, Any], about: About) -> Iterator[Row]:
    said = facts["judgement"]
    if said:
        told = _("said on {day}, holds until {until}: {reason}").format(
            day=about.day(said["judged_on"]), until=about.day(said["holds_until"]), reason=said["reason"]
        )
        yield Row(_("A person's judgement"), band_word(said["band"]), told)


def _figures(facts: Mapping[str, Any]) -> Iterator[Row]:
    if facts["risk"] is None:
        return
    change = facts["change_30d"]
    yield Row(_("Coverage"), percent(facts["coverage"]))
    if change is not None:
        yield Row(_("Change in 30 days"), signed(change))
    if facts["starting_points"] is not None:
        yield Row(_("Where every account starts"), str(facts["starting_points"]))


def _parts(facts: Mapping[str, Any], about: About) -> Iterator[Row]:
    """The parts that count, the heaviest first, then what is not known."""
    parts = [one for one in facts["contributions"] if one["key"] in BY_KEY]
    counted = [one for one in parts if one["status"] == Status.OK and one["points"]]
    for one in sorted(counted, key=lambda part: -abs(part["points"])):
        yield _part(one, signed(one["points"]), facts, about)
    for one in parts:
        if one["status"] not in (Status.OK, Status.NOT_USED):
            yield _part(one, "?", facts, about)


def _part(one: Mapping[str, Any], figure: str, facts: Mapping[str, Any], about: About) -> Row:
    day = dt.date.fromisoformat(facts["as_of"])
    url = rows_url(about.account, one["evidence"], key=one["key"], as_of=day)
    return Row(BY_KEY[one["key"]].title, figure, sentence(one), url)


def strip(facts: Mapping[str, Any], about: About) -> Told:
    if not facts["known"]:
        return Told(_("Not known: no strip was drawn for that day."))
    return Told(strip_text(facts["data"]), strip=facts["data"], url=about.page("signals:account"),
                url_text=_("Lanes of the account"))  # fmt: skip
