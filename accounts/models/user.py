"""Who signs in: one account table for citizens, staff and the three administrators."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.enums import AdminRole, UserKind
from veterans_portal import crypto
from veterans_portal.fields import BlindIndexField, EncryptedTextField


class UserQuerySet(models.QuerySet):
    def with_phone(self, phone):
        """The accounts that sign in with this mobile number (at most one)."""
        return self.filter(phone_index=crypto.blind_index("phone", phone))

    def staff(self):
        return self.filter(kind=UserKind.STAFF)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def get_by_natural_key(self, username):
        return self.get(staff_number=username)


class User(AbstractBaseUser):
    """An account. Citizens are known by phone, everybody else by staff number.

    Rights are not here: staff hold postings at stations (`services.Posting`), administrators
    one `admin_role`. Nobody is a superuser. Staff and administrators sign in only once the
    security administrator has granted something (`granted_at`, `domain.md` D.1).
    """

    kind = models.CharField("类别", max_length=20, choices=UserKind, default=UserKind.CITIZEN)
    name = models.CharField("姓名", max_length=50, blank=True)
    staff_number = models.CharField("工号", max_length=20, unique=True, null=True, blank=True)
    phone = EncryptedTextField("手机号", null=True, blank=True)
    phone_index = BlindIndexField(source="phone", kind="phone", null=True, unique=True)
    phone_verified_at = models.DateTimeField("手机号核验时间", null=True, blank=True)
    admin_role = models.CharField(
        "管理员角色", max_length=20, choices=AdminRole, null=True, blank=True
    )
    is_active = models.BooleanField("启用", default=True)
    granted_at = models.DateTimeField("授权生效时间", null=True, blank=True)
    password_changed_at = models.DateTimeField("密码修改时间", null=True, blank=True)
    must_change_password = models.BooleanField("下次登录须改密码", default=False)
    session_key = models.CharField(max_length=40, blank=True, editable=False)
    senior_mode = models.BooleanField("长者模式", default=False)
    high_contrast = models.BooleanField("高对比", default=False)
    created_at = models.DateTimeField("创建时间", default=timezone.now, editable=False)

    objects = UserManager()
    USERNAME_FIELD = "staff_number"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = verbose_name_plural = "账号"
        constraints = [
            models.CheckConstraint(
                name="user_citizens_have_phones_others_staff_numbers",
                condition=Q(kind=UserKind.CITIZEN, staff_number__isnull=True)
                | (~Q(kind=UserKind.CITIZEN) & Q(staff_number__isnull=False)),
                violation_error_message="公众账号用手机号登录，工作人员用工号登录。",
            ),
            models.CheckConstraint(
                name="user_only_administrators_hold_an_admin_role",
                condition=Q(kind=UserKind.ADMINISTRATOR) | Q(admin_role__isnull=True),
                violation_error_message="只有管理员账号才能担任三员角色，一人只能担任一种。",
            ),
            models.CheckConstraint(
                name="user_phone_and_index_go_together",
                condition=Q(phone__isnull=True, phone_index__isnull=True)
                | Q(phone__isnull=False, phone_index__isnull=False),
            ),
        ]

    def __str__(self):
        return self.name or self.staff_number or f"尾号{(self.phone or '')[-4:]}"

    def keep_name(self, name):
        """Save the name for an account that has none; one that has its own keeps it."""
        if not self.name:
            self.name = name
            self.save(update_fields=["name"])

    @property
    def is_citizen(self):
        return self.kind == UserKind.CITIZEN

    @property
    def is_staff_member(self):
        return self.kind == UserKind.STAFF

    @property
    def is_administrator(self):
        return self.kind == UserKind.ADMINISTRATOR


class PasswordRecord(models.Model):
    """A former password's hash, so that the last ones are not taken again (`domain.md` D.1)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="password_records")
    password = models.CharField(max_length=256)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "历史密码"
        ordering = ["-at"]


class SignInLock(models.Model):
    """Failed sign-ins of one name from one address, and the lock they led to.

    `name_index` is the blind index of what was typed, so a phone number stands here in no
    readable form and an unknown name is locked exactly like a known one.
    """

    name_index = models.CharField(max_length=64)
    address = models.GenericIPAddressField("来源地址")
    failures = models.PositiveSmallIntegerField("失败次数", default=0)
    first_failure_at = models.DateTimeField("首次失败", default=timezone.now)
    locked_until = models.DateTimeField("锁定至", null=True, blank=True)
    user = models.ForeignKey(
        User, on_delete=models.CASCADE, null=True, blank=True, related_name="sign_in_locks"
    )

    class Meta:
        verbose_name = verbose_name_plural = "登录锁定"
        constraints = [
            models.UniqueConstraint(
                fields=["name_index", "address"], name="sign_in_lock_one_per_name_and_address"
            ),
        ]
