"""The tiers with their promises (assumptions of the design, editable) and the feed of what people enter themselves."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# key, name, ideal and longest contact interval, targets for critical, major and minor incidents; in days
TIERS = (
    ("strategic", "Strategic", 30, 45, 1, 3, 7),
    ("key", "Key", 45, 60, 1, 3, 7),
    ("significant", "Significant", 90, 120, 2, 5, 10),
    ("other", "Other", 180, 270, 3, 8, 15),
)
FIELDS = ("key", "name", "ideal_days", "max_days", "critical_days", "major_days", "minor_days")


def add_defaults(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    tier = apps.get_model("accounts_app", "Tier")
    for rank, values in enumerate(TIERS, start=1):
        tier.objects.create(rank=rank, **dict(zip(FIELDS, values, strict=True)))
    apps.get_model("accounts_app", "Feed").objects.create(name="vigil", title="Entered in Vigil")
    apps.get_model("accounts_app", "Company").objects.create(pk=1)


class Migration(migrations.Migration):
    dependencies = (("accounts_app", "0001_initial"),)
    operations = (migrations.RunPython(add_defaults, migrations.RunPython.noop),)
