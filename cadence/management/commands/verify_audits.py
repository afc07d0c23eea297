"""`manage.py verify_audits`: is every signed audit still what was signed?"""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cadence.models import AuditRecord
from cadence.services.audit_records import Finding, verify


class Command(BaseCommand):
    help = (
        "Walk the chain of signed audits, compare each with its hash and with the rows as they stand, and name what "
        "was tampered with; ends with 1 where anything was."
    )

    def handle(self, **_options: object) -> None:
        findings = verify()
        for finding in findings:
            self.stdout.write(line(finding))
        if findings:
            told = ngettext("{n} thing does not agree.", "{n} things do not agree.", len(findings))
            raise CommandError(told.format(n=len(findings)))
        self.stdout.write(whole())


def line(finding: Finding) -> str:
    """Which record of which audit, where it is one, and what."""
    where = [_("record {n}").format(n=finding.number)] if finding.number is not None else []
    where += [_("audit {n}").format(n=finding.audit_id)] if finding.audit_id is not None else []
    return f"{', '.join(where)}: {finding.text}" if where else finding.text


def whole() -> str:
    """How many there are, and the end of the chain: kept elsewhere it tells later whether the last were removed."""
    last = AuditRecord.objects.order_by("-number").first()
    if last is None:
        return _("No audit is signed yet.")
    said = ngettext(
        "{n} signed audit is whole. Last record: {hash}",
        "{n} signed audits are whole. Last record: {hash}",
        last.number,
    )
    return said.format(n=last.number, hash=last.hash)
