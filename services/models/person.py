"""The registration file (建档立卡): a person may exist here long before they sign in."""

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce, Left
from django.urls import reverse
from django.utils import timezone

from services.enums import (
    FILE_TRANSITIONS,
    DisabilityNature,
    FileSource,
    FileState,
    IdentityCategory,
    PlacementWay,
    Sex,
)
from services.models.network import Division, Station
from services.perms import scope_of
from veterans_portal import crypto, pinyin
from veterans_portal.fields import BlindIndexField, EncryptedTextField
from veterans_portal.prepared import Prepared

IN_FORCE = [FileState.FILED, FileState.CHANGE_PENDING]
# No more is done with these.
ENDED = [FileState.MOVED, FileState.CLOSED, FileState.MERGED]
# Somebody still has to do something about these; few at any time, so a partial index lists them.
WAITING = [FileState.DRAFT, FileState.SUBMITTED, FileState.REVIEWED, FileState.CHANGE_PENDING]


class Bigrams(Func):
    """The two-character pieces of a text, for infix search in Chinese by a GIN index."""

    function = "portal_bigrams"
    arity = 1
    output_field = ArrayField(models.TextField())


def follow_merged(name):
    """A trigger for models with a `person`: what is written for a merged file goes to the one that
    stayed, also when the merge happens in that very moment (it holds the file's row)."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[("stayed", "bigint")],
        func="""
            IF NEW.person_id IS NOT NULL THEN
                SELECT merged_into_id INTO stayed FROM services_person
                WHERE id = NEW.person_id FOR KEY SHARE;
                IF stayed IS NOT NULL THEN NEW.person_id := stayed; END IF;
            END IF;
            RETURN NEW;
        """,
    )


OWN_FILE = Prepared(lambda: Person.objects.filter(account=0))


class PersonQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Files of the stations in the staff member's scope; nobody else lists files."""
        return scope_of(user).filter(self, "station__path")

    def of_account(self, user):
        """The file of a citizen's own account (at most one)."""
        return self.filter(account=user)

    def own_file(self, user):
        """The file of a citizen's own account or None, by a query put together once only."""
        return OWN_FILE.first(user.pk)

    def filed(self):
        """Files in force (已建档, a pending change included)."""
        return self.filter(state__in=IN_FORCE)

    def with_id_number(self, number):
        """The file of an ID number; for a file that was merged, the one that stayed."""
        same = Person.objects.filter(id_index=crypto.blind_index("id", number))
        return self.filter(pk__in=same.values(living=Coalesce("merged_into", "pk")))

    def with_phone(self, phone):
        return self.filter(phone_index=crypto.blind_index("phone", phone))


@pghistory.track(
    pghistory.UpdateEvent(row=pghistory.Old),
    pghistory.DeleteEvent(),
    exclude=["name_pinyin", "name_initials", "id_index", "phone_index"],
    obj_field=pghistory.ObjForeignKey(related_name="history"),
    model_name="PersonHistory",
)
class Person(models.Model):
    """A person's file. Identities stand beside it, several at once (`domain.md` G.1)."""

    name = models.CharField("姓名", max_length=50)
    # "C" lets one plain index serve both the prefix search and the order of lists.
    name_pinyin = models.CharField(max_length=200, editable=False, db_collation="C")
    name_initials = models.CharField(max_length=50, editable=False, db_collation="C")
    sex = models.CharField("性别", max_length=1, choices=Sex)
    birth = models.DateField("出生日期")
    id_number = EncryptedTextField("身份证号")
    id_index = BlindIndexField(source="id_number", kind="id", unique=True)
    phone = EncryptedTextField("手机号", null=True, blank=True)
    phone_index = BlindIndexField(source="phone", kind="phone", null=True, db_index=True)
    address = EncryptedTextField("居住地址", blank=True, default="")
    division = models.ForeignKey(
        Division,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="居住地区划",
    )
    station = models.ForeignKey(
        Station, on_delete=models.PROTECT, related_name="persons", verbose_name="服务站点"
    )
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="person",
        verbose_name="登录账号",
    )
    enlisted_on = models.DateField("入伍时间", null=True, blank=True)
    discharged_on = models.DateField("退役时间", null=True, blank=True)
    placement_way = models.CharField(
        "安置方式", max_length=20, choices=PlacementWay, null=True, blank=True
    )
    disability_grade = models.PositiveSmallIntegerField("残疾等级", null=True, blank=True)
    disability_nature = models.CharField(
        "残疾性质", max_length=10, choices=DisabilityNature, null=True, blank=True
    )
    honour_plaque_on = models.DateField("光荣牌悬挂日期", null=True, blank=True)
    lives_alone = models.BooleanField("独居", default=False)
    state = models.CharField("档案状态", max_length=20, choices=FileState, default=FileState.DRAFT)
    source = models.CharField("来源", max_length=10, choices=FileSource)
    created_at = models.DateTimeField("采集时间", default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    returned_reason = models.CharField("退回原因", max_length=200, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    filed_at = models.DateTimeField("建档时间", null=True, blank=True)
    closed_at = models.DateTimeField("转出或注销时间", null=True, blank=True)
    closed_reason = models.CharField("转出或注销原因", max_length=100, blank=True)
    # a duplicate points at the file that stayed
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged"
    )
    updated_at = models.DateTimeField("更新时间", auto_now=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "人员档案"
        constraints = [
            models.CheckConstraint(
                name="person_filed_has_its_time",
                condition=Q(
                    state__in=[FileState.DRAFT, FileState.SUBMITTED, FileState.REVIEWED],
                    filed_at__isnull=True,
                )
                | Q(
                    state__in=[*IN_FORCE, FileState.MOVED, FileState.CLOSED], filed_at__isnull=False
                )
                # a duplicate may be merged before it was ever filed
                | Q(state=FileState.MERGED),
            ),
            models.CheckConstraint(
                name="person_closed_has_time_and_reason",
                condition=(Q(state__in=ENDED, closed_at__isnull=False) & ~Q(closed_reason=""))
                | (~Q(state__in=ENDED) & Q(closed_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="person_merged_points_at_the_file_that_stayed",
                condition=Q(state=FileState.MERGED, merged_into__isnull=False)
                | (~Q(state=FileState.MERGED) & Q(merged_into__isnull=True)),
            ),
            models.CheckConstraint(
                name="person_waiting_has_its_time",
                condition=~Q(state=FileState.SUBMITTED) | Q(submitted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="person_reviewer_is_not_the_filler",
                condition=Q(reviewed_by__isnull=True)
                | Q(submitted_by__isnull=True)
                | ~Q(reviewed_by=F("submitted_by")),
                violation_error_message="填报人与审核人不能是同一个人。",
            ),
            models.CheckConstraint(
                name="person_discharged_after_enlisted",
                condition=Q(enlisted_on__isnull=True)
                | Q(discharged_on__isnull=True)
                | Q(discharged_on__gte=F("enlisted_on")),
                violation_error_message="退役时间不应早于入伍时间。",
            ),
            models.CheckConstraint(
                name="person_enlisted_after_birth",
                condition=Q(enlisted_on__isnull=True) | Q(enlisted_on__gt=F("birth")),
                violation_error_message="入伍时间应晚于出生日期。",
            ),
            models.CheckConstraint(
                name="person_disability_grade_one_to_ten_with_nature",
                condition=Q(disability_grade__isnull=True, disability_nature__isnull=True)
                | Q(
                    disability_grade__isnull=False,
                    disability_grade__range=(1, 10),
                    disability_nature__isnull=False,
                ),
                violation_error_message="残疾等级为1至10级，并须同时填写残疾性质。",
            ),
        ]
        indexes = [
            models.Index(fields=["station", "name_pinyin"], name="person_by_station"),
            models.Index(fields=["name_pinyin", "id"], name="person_by_pinyin"),
            models.Index(fields=["name_initials"], name="person_by_initials"),
            models.Index(Left("name", 1), "name_pinyin", "id", name="person_by_surname"),
            models.Index(
                fields=["station", "submitted_at"],
                condition=Q(state__in=WAITING),
                name="person_waiting_by_station",
            ),
            models.Index(fields=["station", "filed_at"], name="person_filed_by_station"),
            GinIndex(Bigrams("name"), name="person_name_bigrams"),
        ]
        triggers = [
            pgtrigger.FSM(
                name="person_state_moves_legally",
                field="state",
                transitions=[(str(a), str(b)) for a, b in FILE_TRANSITIONS],
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.set_search_keys()
        fields = kwargs.get("update_fields")
        if fields is not None and "name" in fields:
            kwargs["update_fields"] = {*fields, "name_pinyin", "name_initials"}
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("services:desk_person", args=[self.pk])

    def set_search_keys(self):
        """Derive pinyin and initials from the name (bulk writers call this themselves)."""
        self.name_pinyin = pinyin.full(self.name)
        self.name_initials = pinyin.initials(self.name)

    def age(self, on=None):
        """Whole years of age on a day (default today)."""
        on = on or timezone.localdate()
        return on.year - self.birth.year - ((on.month, on.day) < (self.birth.month, self.birth.day))

    @property
    def is_filed(self):
        return self.state in IN_FORCE

    @property
    def tone(self):
        """Tone of the state's badge."""
        if self.state == FileState.FILED:
            return "done"
        return "warning" if self.state in WAITING else "quiet"


class IdentityQuerySet(models.QuerySet):
    def valid(self, on=None):
        """Verified identities that hold on a day (default today)."""
        on = on or timezone.localdate()
        return (
            self.filter(verified_at__isnull=False)
            .filter(Q(valid_from__isnull=True) | Q(valid_from__lte=on))
            .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))
        )


@pghistory.track(
    pghistory.UpdateEvent(row=pghistory.Old),
    pghistory.DeleteEvent(),
    obj_field=pghistory.ObjForeignKey(related_name="history"),
    model_name="IdentityHistory",
)
class Identity(models.Model):
    """One identity of a person: declared first, then verified against its evidence."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="identities")
    category = models.CharField("身份类别", max_length=30, choices=IdentityCategory)
    evidence = models.CharField("证明材料", max_length=80, blank=True)
    evidence_number = EncryptedTextField("证明编号", blank=True, default="")
    valid_from = models.DateField("起始日期", null=True, blank=True)
    valid_to = models.DateField("截止日期", null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="核验人",
    )
    verified_at = models.DateTimeField("核验时间", null=True, blank=True)

    objects = IdentityQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "人员身份"
        ordering = ["category"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "category"],
                condition=Q(valid_to__isnull=True),
                name="identity_open_once_per_category",
                violation_error_message="此人已有这一身份。",
            ),
            models.CheckConstraint(
                name="identity_ends_after_it_begins",
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                violation_error_message="截止日期不应早于起始日期。",
            ),
            models.CheckConstraint(
                name="identity_verified_has_time_and_evidence",
                condition=Q(verified_at__isnull=True, verified_by__isnull=True)
                | (Q(verified_at__isnull=False) & ~Q(evidence="")),
                violation_error_message="核验身份须写明证明材料。",
            ),
        ]

    def __str__(self):
        return self.get_category_display()

    @property
    def is_verified(self):
        return self.verified_at is not None
