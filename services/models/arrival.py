"""Who is in the hall: a ticket per party, one list per window, and what happened to each."""

from datetime import timedelta

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, When
from django.urls import reverse
from django.utils import timezone

from services.enums import (
    ARRIVAL_TONES,
    ARRIVAL_TRANSITIONS,
    AT_A_WINDOW,
    IN_THE_HALL,
    ArrivalAct,
    ArrivalState,
)
from services.models.booking import Booking
from services.models.matter import Matter
from services.models.network import ServiceItem, Station, Window
from services.models.person import Person, follow_merged
from services.models.proxy import Proxy
from services.perms import scope_of
from veterans_portal.fields import EncryptedTextField

# Booked people are called from this long before their slot begins.
BEFORE_THE_SLOT = timedelta(minutes=5)
BOOKED_NOW, IN_ORDER, BOOKED_LATER = range(3)


class ArrivalQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff see the arrivals of their stations; nobody else lists them."""
        return scope_of(user).filter(self, "station__path")

    def on_day(self, day):
        return self.filter(day=day)

    def with_all(self):
        """With everything that a window's page and the acts read of an arrival."""
        return self.select_related(
            "station", "window", "item", "person", "proxy", "matter", "booking__slot__offering"
        )

    def in_the_hall(self):
        return self.filter(state__in=IN_THE_HALL)

    def at_a_window(self):
        return self.filter(state__in=AT_A_WINDOW)

    def waiting(self):
        return self.filter(state=ArrivalState.WAITING)

    def for_window(self, window):
        """Those the window serves: assigned to it, or to none and not another window's work.

        An item that no window of the station does is everybody's, like no item at all.
        """
        done_here = Window.items.through.objects.filter(window__station=window.station_id)
        mine = done_here.filter(window=window).values("serviceitem")
        others = done_here.exclude(serviceitem__in=mine).values("serviceitem")
        return self.filter(station=window.station_id).filter(
            Q(window=window) | Q(window__isnull=True) & ~Q(item__in=others)
        )

    def in_turn(self, now=None):
        """In the order of being called: booked people whose slot has begun or begins within five
        minutes, by slot; walk-ins and late booked, by coming; booked people who came early."""
        soon = (now or timezone.now()) + BEFORE_THE_SLOT
        on_time = Q(booking__isnull=False, turn_at=F("booking__slot__starts_at"))
        place = Case(
            When(on_time & Q(turn_at__lte=soon), then=BOOKED_NOW),
            When(on_time, then=BOOKED_LATER),
            default=IN_ORDER,
            output_field=models.SmallIntegerField(),
        )
        return self.annotate(place=place).order_by("place", "turn_at", "pk")


class Arrival(models.Model):
    """A party in the hall. `window` is the one it waits for, none: any that does the item.

    `turn_at` orders the list: the slot's start for booked people, the moment of coming for
    walk-ins and for those who come late. `ticket` is what is called: B007 booked, A012 walked in,
    counted per station and day.
    """

    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, related_name="arrivals", db_index=False
    )
    day = models.DateField("日期", default=timezone.localdate)
    ticket = models.CharField("号", max_length=8)
    booking = models.OneToOneField(
        Booking, on_delete=models.PROTECT, null=True, blank=True, related_name="arrival"
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="arrivals"
    )
    name = models.CharField("姓名", max_length=50)
    phone = EncryptedTextField("联系电话", null=True, blank=True)
    heads = models.PositiveSmallIntegerField("人数", default=1)
    proxy = models.ForeignKey(
        Proxy, on_delete=models.PROTECT, null=True, blank=True, related_name="arrivals"
    )
    came_for = models.CharField(
        "代办人", max_length=50, blank=True, help_text="不是本人来时，来的人的姓名和关系。"
    )
    item = models.ForeignKey(
        ServiceItem, on_delete=models.PROTECT, null=True, blank=True, related_name="arrivals"
    )
    matter = models.ForeignKey(
        Matter, on_delete=models.PROTECT, null=True, blank=True, related_name="arrivals"
    )
    window = models.ForeignKey(
        Window, on_delete=models.PROTECT, null=True, blank=True, related_name="arrivals"
    )
    state = models.CharField(
        "状态", max_length=10, choices=ArrivalState, default=ArrivalState.WAITING
    )
    needs_care = models.BooleanField("需要照顾（行动不便、高龄）", default=False)
    note = models.CharField("说明", max_length=120, blank=True)
    closed_reason = models.CharField(
        "停止服务时仍接待的原因", max_length=120, blank=True,
        help_text="关着门也要办的人，原因记在这里。",
    )  # fmt: skip
    arrived_at = models.DateTimeField("到场时间", default=timezone.now)
    turn_at = models.DateTimeField("排队时间", default=timezone.now)
    called_at = models.DateTimeField("叫号时间", null=True, blank=True)
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    calls = models.PositiveSmallIntegerField("叫号次数", default=0)
    begun_at = models.DateTimeField("开始办理", null=True, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    client_key = models.CharField(max_length=64)

    objects = ArrivalQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "到访"
        ordering = ["day", "ticket"]
        constraints = [
            models.UniqueConstraint(
                fields=["station", "day", "ticket"], name="arrival_ticket_once_per_day"
            ),
            models.UniqueConstraint(fields=["by", "client_key"], name="arrival_client_key_once"),
            models.UniqueConstraint(
                fields=["window"],
                condition=Q(state__in=AT_A_WINDOW),
                name="arrival_one_at_a_window",
            ),
            models.CheckConstraint(
                name="arrival_at_a_window_has_one",
                condition=~Q(state__in=AT_A_WINDOW)
                | Q(window__isnull=False, called_at__isnull=False, called_by__isnull=False),
            ),
            models.CheckConstraint(
                name="arrival_ended_has_its_time",
                condition=Q(
                    state__in=[ArrivalState.SERVED, ArrivalState.LEFT], ended_at__isnull=False
                )
                | (
                    ~Q(state__in=[ArrivalState.SERVED, ArrivalState.LEFT])
                    & Q(ended_at__isnull=True)
                ),
            ),
            models.CheckConstraint(
                name="arrival_served_was_begun",
                condition=~Q(state=ArrivalState.SERVED) | Q(begun_at__isnull=False),
            ),
            models.CheckConstraint(name="arrival_has_heads", condition=Q(heads__gte=1)),
        ]
        indexes = [
            models.Index(fields=["station", "day", "state"], name="arrival_by_station"),
        ]
        triggers = [
            follow_merged("arrival_follows_a_merged_file"),
            pgtrigger.FSM(
                name="arrival_state_moves_legally",
                field="state",
                transitions=[(str(a), str(b)) for a, b in ARRIVAL_TRANSITIONS],
            ),
        ]

    def __str__(self):
        return self.ticket

    def get_absolute_url(self):
        return reverse("services:desk_arrival", args=[self.pk])

    @property
    def what(self):
        """What they came for: the item, or what was booked where a window does all; else nothing."""
        if self.item_id is not None:
            return self.item.name
        return self.booking.slot.offering.title if self.is_booked else ""

    @property
    def is_booked(self):
        return self.booking_id is not None

    @property
    def is_at_a_window(self):
        return self.state in AT_A_WINDOW

    @property
    def tone(self):
        """The badge's tone for its state."""
        return ARRIVAL_TONES[self.state]


class ArrivalEvent(models.Model):
    """A line of an arrival's history, windows included; kept for good."""

    arrival = models.ForeignKey(Arrival, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField("时间", default=timezone.now)
    act = models.CharField("事项", max_length=12, choices=ArrivalAct)
    window = models.ForeignKey(
        Window, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    note = models.CharField("说明", max_length=120, blank=True)
    # the caller's name for the request: repeated, nothing happens twice
    client_key = models.CharField(max_length=64, null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "到访经过"
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["by", "client_key"], name="arrival_event_client_key_once"
            ),
        ]
