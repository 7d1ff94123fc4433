from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('placement', '0006_selection'),
    ]

    operations = [
        migrations.RenameField('cv', 'fields', 'wanted_fields'),
    ]
