"""Bookings of parties that left the hall before it was noted there end as left, too."""

from django.db import migrations

UNKNOWN = "当天离开，没有记下原因"


def note_who_left(apps, schema_editor):
    """Give each its visit's end and reason; one statement per booking, there are few."""
    Booking = apps.get_model("services", "Booking")
    gone = Booking.objects.filter(state="CHECKED_IN", arrival__state="LEFT")
    for booking in gone.select_related("arrival"):
        said = booking.arrival.events.filter(act="LEFT").order_by("at").last()
        Booking.objects.filter(pk=booking.pk).update(
            state="LEFT",
            left_at=booking.arrival.ended_at,
            left_reason=(said and said.note) or UNKNOWN,
        )


class Migration(migrations.Migration):
    dependencies = [("services", "0004_left_and_closed")]
    operations = [migrations.RunPython(note_who_left, migrations.RunPython.noop)]
