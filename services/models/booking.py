"""Who takes a place in a slot, and what became of it."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q, Subquery
from django.urls import reverse
from django.utils import timezone

from services.enums import (
    BOOKING_TONES,
    BOOKING_TRANSITIONS,
    CAME_STATES,
    COMING_STATES,
    COUNTED_STATES,
    HOLDING_STATES,
    BookingState,
    CancelledAs,
)
from services.models.network import Station
from services.models.offering import Slot, midnight
from services.models.person import Person, follow_merged
from services.models.proxy import Proxy, entered_by
from services.perms import scope_of
from veterans_portal.fields import BlindIndexField, EncryptedTextField


class BookingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff see the bookings of their stations; a citizen those for them, and by
        them while they may act."""
        if getattr(user, "is_authenticated", False) and user.is_citizen:
            # One value, not a join: so both sides of the OR can use their index.
            own = Person.objects.of_account(user).values("pk")[:1]
            return self.filter(entered_by(user) | Q(person=Subquery(own)))
        return scope_of(user).filter(self, "station__path")

    def with_slot(self):
        """With slot, offering, station and window, as pages and messages show them."""
        return self.select_related("slot__offering__station", "slot__offering__window")

    def holding(self):
        """Bookings that hold a place."""
        return self.filter(state__in=HOLDING_STATES)

    def held(self, now=None):
        """Places held for somebody who has not said yes and still may, soonest to lapse first."""
        now = now or timezone.now()
        return self.filter(state=BookingState.OFFERED, held_until__gt=now).order_by("held_until")

    def coming(self, now=None):
        """Bookings still ahead, earliest first."""
        now = now or timezone.now()
        return self.filter(state__in=COMING_STATES, slot__ends_at__gt=now).order_by(
            "slot__starts_at"
        )

    def on_day(self, day):
        """Bookings of slots that start on a local calendar day."""
        return self.filter(slot__starts_at__gte=midnight(day), slot__starts_at__lt=midnight(day, 1))


class Booking(models.Model):
    """Places taken in a slot by a person with a file, or by a contact without one.

    `once_key` says within what the person may hold only one; `client_key` makes a double tap
    one booking. `moved_at` is when it was last moved to another slot.
    """

    # Whether `book` answered a repeated request with the booking that it made before.
    replayed = False

    code = models.CharField("预约码", max_length=12)
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="bookings")
    # Foreign keys without an index of their own stand first in one of Meta's.
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, related_name="bookings", db_index=False
    )
    person = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="bookings",
        db_index=False,
    )
    contact_name = models.CharField("联系人", max_length=50)
    contact_phone = EncryptedTextField("联系电话", null=True, blank=True)
    contact_phone_index = BlindIndexField(source="contact_phone", kind="phone", null=True)
    heads = models.PositiveSmallIntegerField("人数", default=1)
    note = models.CharField("说明", max_length=200, blank=True)
    state = models.CharField(
        "状态", max_length=12, choices=BookingState, default=BookingState.CONFIRMED
    )
    once_key = models.CharField(max_length=160)
    client_key = models.CharField(max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="bookings_made",
        db_index=False,
    )
    on_behalf = models.BooleanField("代为预约", default=False)
    proxy = models.ForeignKey(
        Proxy, on_delete=models.PROTECT, null=True, blank=True, related_name="bookings"
    )
    # a place held for somebody is free again after this
    held_until = models.DateTimeField("保留至", null=True, blank=True)
    created_at = models.DateTimeField("预约时间", default=timezone.now)
    moved_at = models.DateTimeField("改期时间", null=True, blank=True)
    checked_in_at = models.DateTimeField("到场时间", null=True, blank=True)
    served_at = models.DateTimeField("办结时间", null=True, blank=True)
    no_show_at = models.DateTimeField("记为未到时间", null=True, blank=True)
    left_at = models.DateTimeField("离开时间", null=True, blank=True)
    left_reason = models.CharField("未办原因", max_length=120, blank=True)
    cancelled_at = models.DateTimeField("取消时间", null=True, blank=True)
    cancelled_as = models.CharField(
        "由谁取消", max_length=10, choices=CancelledAs, null=True, blank=True
    )
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    cancel_reason = models.CharField("取消原因", max_length=100, blank=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "预约"
        constraints = [
            models.UniqueConstraint(fields=["code"], name="booking_code_once"),
            models.UniqueConstraint(fields=["by", "client_key"], name="booking_client_key_once"),
            models.UniqueConstraint(
                fields=["once_key"],
                condition=Q(state__in=COUNTED_STATES),
                name="booking_once_per_person_and_rule",
                violation_error_message="您已有这一项目的预约，不能重复预约。",
            ),
            models.CheckConstraint(name="booking_has_heads", condition=Q(heads__gte=1)),
            models.CheckConstraint(
                name="booking_is_for_a_person_or_a_contact",
                condition=Q(person__isnull=False) | ~Q(contact_name=""),
            ),
            models.CheckConstraint(
                name="booking_held_until_a_time",
                condition=~Q(state=BookingState.OFFERED) | Q(held_until__isnull=False),
            ),
            models.CheckConstraint(
                name="booking_cancelled_says_who_when_why",
                condition=(
                    Q(
                        state=BookingState.CANCELLED,
                        cancelled_at__isnull=False,
                        cancelled_as__isnull=False,
                    )
                    & ~Q(cancel_reason="")
                )
                | (~Q(state=BookingState.CANCELLED) & Q(cancelled_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="booking_checked_in_has_its_time",
                condition=~Q(state__in=CAME_STATES) | Q(checked_in_at__isnull=False),
            ),
            models.CheckConstraint(
                name="booking_served_has_its_time",
                condition=Q(state=BookingState.SERVED, served_at__isnull=False)
                | (~Q(state=BookingState.SERVED) & Q(served_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="booking_no_show_has_its_time",
                condition=~Q(state=BookingState.NO_SHOW) | Q(no_show_at__isnull=False),
            ),
            models.CheckConstraint(
                name="booking_left_says_when_why",
                condition=(Q(state=BookingState.LEFT, left_at__isnull=False) & ~Q(left_reason=""))
                | (~Q(state=BookingState.LEFT) & Q(left_at__isnull=True)),
            ),
        ]
        indexes = [
            models.Index(fields=["station", "state"], name="booking_by_station"),
            models.Index(
                fields=["person", "-created_at"],
                condition=Q(person__isnull=False),
                name="booking_by_person",
            ),
            models.Index(
                fields=["contact_phone_index"],
                condition=Q(contact_phone_index__isnull=False),
                name="booking_by_phone",
            ),
            models.Index(
                fields=["held_until"],
                condition=Q(state=BookingState.OFFERED),
                name="booking_held_place",
            ),
        ]
        triggers = [
            follow_merged("booking_follows_a_merged_file"),
            pgtrigger.FSM(
                name="booking_state_moves_legally",
                field="state",
                transitions=[(str(a), str(b)) for a, b in BOOKING_TRANSITIONS],
            ),
        ]

    def __str__(self):
        return self.code

    def get_absolute_url(self):
        return reverse("services:booking", args=[self.code])

    @property
    def is_coming(self):
        return self.state in COMING_STATES

    @property
    def tone(self):
        """The badge's tone for its state."""
        return BOOKING_TONES[self.state]

    @property
    def spoken_code(self):
        """The code in two groups of five, as it is read out and typed."""
        return f"{self.code[:5]} {self.code[5:]}"
