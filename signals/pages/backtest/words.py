"""What the page and the command say of a backtest: sentences first, then rows in the order of the methods."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts_app.templatetags.formats import percent
from signals.compute.backtest_replay import AT_RISK, MARKED, PLAIN_RULES
from signals.compute.registry import BY_KEY, SIGNALS
from signals.services.backtest import Progress

Json = dict[str, Any]
Text = str | Promise

RISK_NAMES: dict[str, Text] = {
    MARKED: gettext_lazy("Risk: Drifting or At risk"),
    AT_RISK: gettext_lazy("Risk: At risk"),
}
RULE_NAMES: dict[str, Text] = {
    "none_60": gettext_lazy("60 days without an order"),
    "none_90": gettext_lazy("90 days without an order"),
    "three_gaps": gettext_lazy("Three times the own median gap"),
}
BESIDE = "none_90"
PHASES: dict[str, Text] = {
    "fit": gettext_lazy("Learning from each quarter"),
    "compute": gettext_lazy("Judging the accounts on each day"),
    "judge": gettext_lazy("Adding up"),
}
MINUTE = 60
NOTHING = ("–", "")


def name_of(key: str) -> str:
    """A method as people call it."""
    if key in BY_KEY:
        return _(BY_KEY[key].title)
    return str({**RISK_NAMES, **RULE_NAMES}.get(key, key))


def days_text(days: float) -> str:
    whole = round(days)
    return ngettext("%(n)s day", "%(n)s days", whole) % {"n": whole}


def rate_text(rate: float | None) -> str:
    """A rate of false alarms, with a figure after the point where it is small."""
    if rate is None:
        return "–"
    return f"{rate:.1f}" if rate < 10 else f"{rate:.0f}"


def sentences(figures: Json) -> list[str]:
    """What a reader should know before any table; the first is the answer."""
    lost = figures["losses"]["whole"]
    if not lost:
        return [_("No account was lost in this span, so nothing can be said of what would have been seen.")]
    risk, rule = figures["methods"][MARKED], figures["methods"][BESIDE]
    said = [
        ngettext(
            "Of %(lost)s account lost, %(seen)s was marked before%(lead)s; %(false)s false alarms per 100 "
            "account-months.",
            "Of %(lost)s accounts lost, %(seen)s were marked before%(lead)s; %(false)s false alarms per 100 "
            "account-months.",
            lost,
        )
        % _told(risk, lost),
        _("Beside it the rule “%(rule)s”: %(seen)s of %(lost)s%(lead)s; %(false)s false alarms per 100 account-months.")
        % (_told(rule, lost) | {"rule": name_of(BESIDE)}),
    ]
    return [*said, *_late(risk)]


def _told(method: Json, lost: int) -> dict[str, Any]:
    lead = method["lead"]
    median = _(", in the median %(days)s earlier") % {"days": days_text(lead["median"])} if lead else ""
    return {
        "lost": lost,
        "seen": method["detected"],
        "lead": median,
        "false": rate_text(method["false_per_100_months"]),
    }


def _late(risk: Json) -> list[str]:
    if not risk["late"]:
        return []
    words = _(
        "Of the %(missed)s missed, %(late)s were marked only after the loss day, in the median %(days)s after. The "
        "loss day of one who left without a word is the day the next order was due."
    )
    return [words % {"missed": risk["missed"], "late": risk["late"], "days": days_text(risk["late_median"])}]


def cautions(figures: Json) -> list[str]:
    """What keeps the figures from being read for more than they are."""
    losses, said = figures["losses"], []
    if losses["whole"] > 0 and figures["is_small"]:
        words = _("%(n)s losses are few: one more or less changes the shares by %(points)s points. Read the intervals.")
        said.append(words % {"n": losses["whole"], "points": round(100 / losses["whole"])})
    if losses["returned"]:
        words = ngettext(
            "%(n)s time an account was silent for longer than three of its orders take, and ordered again later: "
            "counted apart, neither lost nor a false alarm.",
            "%(n)s times an account was silent for longer than three of its orders take, and ordered again later: "
            "counted apart, neither lost nor false alarms.",
            losses["returned"],
        )
        said.append(words % {"n": losses["returned"]})
    if losses["part"]:
        words = ngettext(
            "%(n)s loss of a part of the business is counted apart.",
            "%(n)s losses of a part of the business are counted apart.",
            losses["part"],
        )
        said.append(words % {"n": losses["part"]})
    return said


@dataclass(frozen=True)
class Row:
    """One line of the table of methods: each figure with its interval, "" where none can be told."""

    name: str
    figures: Json
    lead: tuple[str, str]
    false_rate: str
    precision: tuple[str, str]
    recall: tuple[str, str]
    auc: tuple[str, str]


def groups(figures: Json) -> list[tuple[str, list[Row]]]:
    """The risk, the signals and the plain rules, each in its order."""
    known = figures["methods"]
    parts = [
        (_("The risk"), tuple(RISK_NAMES)),
        (_("Each signal by itself"), tuple(signal.key for signal in SIGNALS)),
        (_("Plain rules"), PLAIN_RULES),
    ]
    return [(title, [_row(key, known[key]) for key in keys if key in known]) for title, keys in parts]


def _row(key: str, method: Json) -> Row:
    lead = method["lead"]
    return Row(
        name=name_of(key),
        figures=method,
        lead=(f"{lead['median']:.0f}", _between([lead["low"], lead["high"]], 1, 0)) if lead else NOTHING,
        false_rate=rate_text(method["false_per_100_months"]),
        precision=_share(method["precision"], method["precision_interval"]),
        recall=_share(method["recall"], method["recall_interval"]),
        auc=NOTHING if method["auc"] is None else (f"{method['auc']:.2f}", _between(method["auc_interval"], 1, 2)),
    )


def _share(share: float | None, interval: list[float] | None) -> tuple[str, str]:
    return NOTHING if share is None else (percent(share), _between(interval, 100, 0))


def _between(interval: list[float] | None, factor: int, digits: int) -> str:
    if interval is None:
        return ""
    return "\N{EN DASH}".join(f"{factor * end:.{digits}f}" for end in interval)


def threshold_sentence(row: Mapping[str, Any], lost: int) -> str:
    """What a threshold of risk would have done."""
    alarms = row["alarms"]
    lead = row["lead"]
    return _(
        "An alarm from %(threshold)s points of risk on would have marked %(seen)s of %(lost)s lost accounts%(lead)s, "
        "and missed %(missed)s. It would have been raised %(raised)s times: %(false)s false (%(rate)s per 100 "
        "account-months), %(acted)s followed by a contact or a closed incident."
    ) % {
        "threshold": row["threshold"],
        "seen": row["detected"],
        "lost": lost,
        "lead": _(", in the median %(days)s earlier") % {"days": days_text(lead["median"])} if lead else "",
        "missed": row["missed"],
        "raised": sum(alarms.values()),
        "false": alarms["false"],
        "rate": rate_text(row["false_per_100_months"]),
        "acted": alarms["acted"],
    }


def left_text(progress: Progress) -> str:
    """How long it will take, as far as can be told."""
    seconds = progress.seconds_left
    if seconds is None:
        return ""
    if seconds < 1.5 * MINUTE:
        return _("about %(n)s s left") % {"n": max(round(seconds), 1)}
    return _("about %(n)s min left") % {"n": round(seconds / MINUTE)}
