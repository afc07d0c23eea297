from pathlib import Path

import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("cadence", "0010_scorecard_policy"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(model_name="auditquestions", name="keep_questions"),
        migrations.RunSQL((Path(__file__).parents[1] / "frozen_audits.sql").read_text(encoding="utf-8")),
    ]
