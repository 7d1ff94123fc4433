from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("services", "0002_network_persons_bookings")]

    operations = [
        migrations.AddField(
            model_name="booking",
            name="moved_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="改期时间"),
        ),
        migrations.AddField(
            model_name="offering",
            name="bring",
            field=models.CharField(default="身份证", max_length=100, verbose_name="请带材料"),
        ),
    ]
