"""What one promised contact takes, by tier: an assumption of the product, editable in the settings."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

HOURS = {"strategic": 4, "key": 3, "significant": 2, "other": 1}


def add_hours(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    tier = apps.get_model("accounts_app", "Tier")
    for key, hours in HOURS.items():
        tier.objects.filter(key=key).update(contact_hours=hours)


class Migration(migrations.Migration):
    dependencies = (("accounts_app", "0010_hours_of_a_contact"),)
    operations = (migrations.RunPython(add_hours, migrations.RunPython.noop),)
