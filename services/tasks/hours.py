"""What follows from closed slots."""

from celery import shared_task

from services.actions.bookings import rebooking


@shared_task
def offer_other_slots(booking_ids):
    """Hold another slot for each whose slot was closed; may run again."""
    for booking in rebooking.with_all(booking_ids):
        rebooking.offer_other(booking=booking)
