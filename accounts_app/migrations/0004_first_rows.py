"""What a fresh installation begins with: tiers and their promises, how contacts take place, the feed of typed facts.

The figures are assumptions of the design; all of them can be changed in the settings.
"""

from decimal import Decimal

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TIER = (
    ("key", "name"),
    ("ideal_days", "max_days"),  # between two contacts
    ("critical_days", "major_days", "minor_days"),  # until an incident is resolved
    ("contact_hours",),  # of one promised contact
    ("min_levels", "review_days"),  # levels of the customer to be met within a year; from one review to the next
)
TIERS = (
    (("strategic", "Strategic"), (30, 45), (1, 3, 7), (4,), (3, 91)),
    (("key", "Key"), (45, 60), (1, 3, 7), (3,), (2, 182)),
    (("significant", "Significant"), (90, 120), (2, 5, 10), (2,), (1, 365)),
    (("other", "Other"), (180, 270), (3, 8, 15), (1,), (0, None)),
)
# Of a hundred promised contacts so many take place in each way, and one takes so many times the tier's usual hours.
CHANNELS = {
    "visit": (30, Decimal(2)),
    "call": (45, Decimal("0.4")),
    "video": (15, Decimal("0.8")),
    "mail": (5, Decimal("0.4")),
    "event": (5, Decimal("1.6")),
}


def add_first_rows(apps: Apps, schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    tiers, hours = apps.get_model("accounts_app", "Tier"), apps.get_model("accounts_app", "ChannelHours")
    names = sum(TIER, ())
    for rank, groups in enumerate(TIERS, start=1):
        tier = tiers.objects.create(rank=rank, **dict(zip(names, sum(groups, ()), strict=True)))
        for channel, (share, times) in CHANNELS.items():
            usual = (tier.contact_hours * times).quantize(Decimal("0.1"))
            hours.objects.create(tier=tier, channel=channel, share=share, hours=usual)
    apps.get_model("accounts_app", "Feed").objects.create(name="vigil", title="Entered in Vigil")
    apps.get_model("accounts_app", "Company").objects.create(pk=1)


class Migration(migrations.Migration):
    replaces = [
        ("accounts_app", "0001_initial"),
        ("accounts_app", "0002_defaults"),
        ("accounts_app", "0003_more_facts"),
        ("accounts_app", "0004_uploads"),
        ("accounts_app", "0005_incident_history"),
        ("accounts_app", "0006_interaction_history"),
        ("accounts_app", "0007_search"),
        ("accounts_app", "0008_whole_pairs"),
        ("accounts_app", "0009_trail_of_typed_facts"),
        ("accounts_app", "0010_hours_of_a_contact"),
        ("accounts_app", "0011_hours_by_tier"),
        ("accounts_app", "0012_cadence_facts"),
        ("accounts_app", "0013_cadence_defaults"),
        ("accounts_app", "0014_value_item_checked"),
    ]
    dependencies = [("accounts_app", "0003_search")]
    operations = [migrations.RunPython(add_first_rows, migrations.RunPython.noop)]
