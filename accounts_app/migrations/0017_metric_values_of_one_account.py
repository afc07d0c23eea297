from django.db import migrations, models

# Pending checks first: a table with events still to be looked at takes no constraint.
REPAIR = """
    UPDATE accounts_app_metricvalue AS value SET account_id = metric.account_id
    FROM accounts_app_customermetric AS metric
    WHERE metric.id = value.metric_id AND metric.account_id <> value.account_id;
    SET CONSTRAINTS ALL IMMEDIATE"""

ADD = """
    ALTER TABLE accounts_app_metricvalue ADD CONSTRAINT metric_value_of_its_account
    FOREIGN KEY (metric_id, account_id) REFERENCES accounts_app_customermetric (id, account_id)
    DEFERRABLE INITIALLY DEFERRED"""

REMOVE = "ALTER TABLE accounts_app_metricvalue DROP CONSTRAINT metric_value_of_its_account"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts_app", "0016_customer_metrics"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="customermetric",
            constraint=models.UniqueConstraint(fields=("id", "account"), name="customer_metric_of_its_account"),
        ),
        migrations.RunSQL(REPAIR, migrations.RunSQL.noop),
        migrations.RunSQL(ADD, REMOVE),
    ]
