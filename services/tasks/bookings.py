"""What happens to bookings by itself. Each may run as often as it likes."""

from celery import shared_task

from services.actions import bookings


@shared_task
def open_slots():
    """Open the slots that have come within the horizon of their offering."""
    bookings.open_slots()


@shared_task
def remind_of_bookings():
    """Write the reminders whose moment has come."""
    bookings.remind()


@shared_task
def settle_past_bookings():
    """Note who did not come, and drop what nobody reviewed in time."""
    bookings.note_no_shows()
    bookings.drop_unreviewed()
