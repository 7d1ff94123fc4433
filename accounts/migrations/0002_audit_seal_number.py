from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="auditseal",
            name="number",
            field=models.PositiveBigIntegerField(unique=True, default=0),
            preserve_default=False,
        ),
    ]
