"""Writes incidents and their pauses; what a person has closed or paused in Vigil meanwhile stays as it is."""

from collections.abc import Iterable

from accounts_app.demo.incidents import IncidentRow
from accounts_app.demo.register import Register
from accounts_app.models import Incident, IncidentPause

Pair = tuple[Incident, IncidentRow]


def write_incidents(new: list[IncidentRow], changed: list[IncidentRow], register: Register) -> None:
    rows = [row for row in new if row.account in register.accounts]
    incidents = Incident.objects.bulk_create(_incident(row, register) for row in rows)
    IncidentPause.objects.bulk_create(_pauses(zip(incidents, rows, strict=True)))
    later = {row.key: row for row in changed}
    found = Incident.objects.open().filter(feed=register.feeds["tickets"], external_key__in=later)
    _bring_up_to_date([(incident, later[incident.external_key]) for incident in found.prefetch_related("pauses")])


def _bring_up_to_date(pairs: list[Pair]) -> None:
    for incident, row in pairs:
        incident.acknowledged_at = row.acknowledged_at
        incident.resolved_at, incident.resolved_known_on = row.resolved_at, row.resolved_known_on
    fields = ["acknowledged_at", "resolved_at", "resolved_known_on"]
    Incident.objects.bulk_update([incident for incident, _ in pairs], fields)
    ours = [(incident, row) for incident, row in pairs if _only_simulated_pauses(incident, row)]
    IncidentPause.objects.filter(incident__in=[incident for incident, _ in ours]).delete()
    IncidentPause.objects.bulk_create(_pauses(ours))


def _only_simulated_pauses(incident: Incident, row: IncidentRow) -> bool:
    return {pause.from_at for pause in incident.pauses.all()} <= {pause.from_at for pause in row.pauses}


def _pauses(pairs: Iterable[Pair]) -> Iterable[IncidentPause]:
    return (
        IncidentPause(incident=incident, from_at=pause.from_at, until_at=pause.until_at, reason=pause.reason)
        for incident, row in pairs
        for pause in row.pauses
    )


def _incident(row: IncidentRow, register: Register) -> Incident:
    return Incident(
        feed_id=register.feeds["tickets"],
        external_key=row.key,
        known_on=row.known_on,
        account_id=register.accounts[row.account],
        number=row.key,
        title=row.title,
        kind=row.kind,
        severity=row.severity,
        opened_at=row.opened_at,
        acknowledged_at=row.acknowledged_at,
        resolved_at=row.resolved_at,
        resolved_known_on=row.resolved_known_on,
    )
