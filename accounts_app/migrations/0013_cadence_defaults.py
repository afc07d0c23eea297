"""What a fresh installation promises by tier: levels met, reviews, and how contacts take place. All of it is editable."""

from decimal import Decimal

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# By the tier's key: levels of the customer to be met within a year, days from one review to the next.
PROMISES = {"strategic": (3, 91), "key": (2, 182), "significant": (1, 365), "other": (0, None)}
# Of a hundred promised contacts so many take place in each way, and one takes so many times the tier's usual hours.
CHANNELS = {
    "visit": (30, Decimal(2)),
    "call": (45, Decimal("0.4")),
    "video": (15, Decimal("0.8")),
    "mail": (5, Decimal("0.4")),
    "event": (5, Decimal("1.6")),
}


def set_defaults(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    tiers, hours_model = apps.get_model("accounts_app", "Tier"), apps.get_model("accounts_app", "ChannelHours")
    for tier in tiers.objects.all():
        tier.min_levels, tier.review_days = PROMISES.get(tier.key, (1, None))
        tier.save()
        for channel, (share, times) in CHANNELS.items():
            hours = (tier.contact_hours * times).quantize(Decimal("0.1"))
            hours_model.objects.create(tier=tier, channel=channel, share=share, hours=hours)


class Migration(migrations.Migration):
    dependencies = (("accounts_app", "0012_cadence_facts"),)
    operations = (migrations.RunPython(set_defaults, migrations.RunPython.noop),)
