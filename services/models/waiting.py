"""The waiting list of the booking engine."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Channel, MessageState
from accounts.models import Message
from services.enums import ON_THE_LIST, WAITING_TONES, WAITING_TRANSITIONS, WaitingState
from services.models.booking import Booking
from services.models.network import Station
from services.models.offering import Offering, Slot
from services.models.person import Person, follow_merged
from services.models.proxy import Proxy, entered_by
from services.perms import scope_of
from veterans_portal.fields import BlindIndexField, EncryptedTextField

ON_ITS_WAY = [MessageState.PENDING, MessageState.SENDING, MessageState.SENT]


class WaitingEntryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff see the lists of their stations; a citizen those for them, and by
        them while they may act."""
        if getattr(user, "is_authenticated", False) and user.is_citizen:
            own = Person.objects.of_account(user).values("pk")[:1]
            return self.filter(entered_by(user) | Q(person=Subquery(own)))
        return scope_of(user).filter(self, "station__path")

    def on_the_list(self):
        return self.filter(state__in=ON_THE_LIST)

    def in_turn(self):
        """Those who wait, in the order in which places are offered."""
        return self.filter(state=WaitingState.WAITING).order_by("rank", "pk")

    def with_place(self):
        """With `ahead`: how many entries come before it for a place that it could take.

        Who waits for one slot has before them those who want any slot of the day, or that one.
        """
        before = (
            WaitingEntry.objects.filter(
                state=WaitingState.WAITING, offering=OuterRef("offering"), day=OuterRef("day")
            )
            .filter(Q(rank__lt=OuterRef("rank")) | Q(rank=OuterRef("rank"), pk__lt=OuterRef("pk")))
            .filter(Q(slot=None) | Q(slot=Coalesce(OuterRef("slot"), F("slot"))))
            .order_by()
            .values("offering")
            .annotate(number=Count("pk"))
            .values("number")
        )
        return self.annotate(ahead=Coalesce(Subquery(before), 0))

    def with_told(self):
        """With `told`: whether a message about the place that is held went out, or is about to.

        Where it is false the station has to phone.
        """
        said = Message.objects.filter(
            Q(channel=Channel.INBOX) | Q(state__in=ON_ITS_WAY),
            about_type=Booking._meta.label_lower,
            about_id=Cast(OuterRef("booking"), models.CharField()),
        )
        return self.annotate(told=Exists(said))

    def with_offering(self):
        """With offering, station, slot and the booking of an offer, as pages show them."""
        return self.select_related(
            "offering__station", "offering__window", "slot", "booking__slot", "by"
        )


class WaitingEntry(models.Model):
    """A wish for `heads` places of an offering on a day (`slot`: in that slot only).

    Places are offered in the order of `rank`: microseconds of joining, moved only with a written
    reason. While an offer stands, `booking` holds the place (BookingState.OFFERED) until
    `offer_until`. `offers` counts how often one was made, `unanswered` how often nobody answered.
    After an offer that came to nothing `booking` names the one that was let go.
    """

    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, related_name="waiting_entries", db_index=False
    )
    offering = models.ForeignKey(
        Offering, on_delete=models.PROTECT, related_name="waiting_entries", db_index=False
    )
    day = models.DateField("日期")
    slot = models.ForeignKey(
        Slot, on_delete=models.PROTECT, null=True, blank=True, related_name="waiting_entries"
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="waiting_entries"
    )
    contact_name = models.CharField("联系人", max_length=50)
    contact_phone = EncryptedTextField("联系电话", null=True, blank=True)
    contact_phone_index = BlindIndexField(source="contact_phone", kind="phone", null=True)
    heads = models.PositiveSmallIntegerField("人数", default=1)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="waiting_entries"
    )
    on_behalf = models.BooleanField("代为排队", default=False)
    proxy = models.ForeignKey(
        Proxy, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    who = models.CharField(max_length=80)
    client_key = models.CharField(max_length=64)
    rank = models.BigIntegerField("次序")
    rank_reason = models.CharField("调整次序的原因", max_length=200, blank=True)
    state = models.CharField(
        "状态", max_length=10, choices=WaitingState, default=WaitingState.WAITING
    )
    joined_at = models.DateTimeField("排队时间", default=timezone.now)
    offers = models.PositiveSmallIntegerField("已提供次数", default=0)
    unanswered = models.PositiveSmallIntegerField("未答复次数", default=0)
    offer_until = models.DateTimeField("保留至", null=True, blank=True)
    booking = models.OneToOneField(
        Booking, on_delete=models.PROTECT, null=True, blank=True, related_name="waiting_entry"
    )
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)

    objects = WaitingEntryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "候补"
        ordering = ["rank", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["by", "client_key"], name="waiting_client_key_once"),
            models.UniqueConstraint(
                fields=["offering", "day", "who"],
                condition=Q(state__in=ON_THE_LIST),
                name="waiting_once_per_person_and_day",
                violation_error_message="您已在这一天的候补名单里。",
            ),
            models.CheckConstraint(name="waiting_has_heads", condition=Q(heads__gte=1)),
            models.CheckConstraint(
                name="waiting_offer_holds_a_place_until_a_time",
                condition=Q(
                    state=WaitingState.OFFERED, booking__isnull=False, offer_until__isnull=False
                )
                | (~Q(state=WaitingState.OFFERED) & Q(offer_until__isnull=True)),
            ),
            models.CheckConstraint(
                name="waiting_taken_has_its_booking",
                condition=~Q(state=WaitingState.TAKEN) | Q(booking__isnull=False),
            ),
            models.CheckConstraint(
                name="waiting_ended_has_its_time",
                condition=Q(state__in=ON_THE_LIST, ended_at__isnull=True)
                | (~Q(state__in=ON_THE_LIST) & Q(ended_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["offering", "day", "rank"],
                condition=Q(state=WaitingState.WAITING),
                name="waiting_in_turn",
            ),
            models.Index(
                fields=["offer_until"],
                condition=Q(state=WaitingState.OFFERED),
                name="waiting_offer_until",
            ),
            models.Index(fields=["station", "day"], name="waiting_by_station"),
        ]
        triggers = [
            follow_merged("waiting_follows_a_merged_file"),
            pgtrigger.FSM(
                name="waiting_state_moves_legally",
                field="state",
                transitions=[(str(a), str(b)) for a, b in WAITING_TRANSITIONS],
            ),
        ]

    def __str__(self):
        return f"{self.contact_name}候补{self.offering}"

    def get_absolute_url(self):
        """Where its person sees it: among their bookings."""
        return reverse("services:my_bookings")

    @property
    def tone(self):
        """The badge's tone for its state."""
        return WAITING_TONES[self.state]
