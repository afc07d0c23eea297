"""The sequence that numbers the starts of runs."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("signals", "0001_initial"),)
    operations = (migrations.RunSQL("CREATE SEQUENCE signals_run_ticket", "DROP SEQUENCE signals_run_ticket"),)
