from django.db import models
from django.utils.translation import gettext_lazy as _


class FactBlock(models.Model):
    """Facts of a range of accounts, packed, so that a night reads of the fact tables only what changed.

    A cache: it may be emptied or lost at any moment. It is never kept over a crash of the database (the table is not
    logged); what tells which of it no longer holds (`FactChange`) is.
    """

    first_account = models.BigIntegerField(unique=True, help_text=_("The range begins with this id."))
    version = models.PositiveIntegerField(default=0, help_text=_("Counted up at every writing; 0: not filled yet."))
    made_by = models.CharField(max_length=64, blank=True, help_text=_("Digest of what the facts are read with."))

    def __str__(self) -> str:
        return f"{self.first_account}, version {self.version}"


class FactPart(models.Model):
    """One table of a block, as compressed Arrow."""

    block = models.ForeignKey(FactBlock, models.CASCADE, related_name="parts")
    name = models.CharField(max_length=20, help_text=_("Of the table in `Facts`."))
    content = models.BinaryField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("block", "name"), name="fact_part_once_a_block"),)

    def __str__(self) -> str:
        return f"{self.block_id} {self.name}"


class FactChange(models.Model):
    """An account whose facts were written since its block was; triggers of the fact tables note it, whoever writes.

    Only ever added to and removed by number: two writers of facts never wait for each other here, and what is removed
    is what was seen before the facts were read. Without an account: everything may have changed.
    """

    account_id = models.BigIntegerField(null=True, db_index=True)

    def __str__(self) -> str:
        return str(self.account_id)
