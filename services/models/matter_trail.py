"""What belongs to a matter: its timeline, its files, and the papers issued on it."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from services.enums import DocumentKind, MatterAct
from services.models.matter import Matter, RequiredPaper
from services.models.network import Station
from services.models.person import Person, follow_merged
from veterans_portal.fields import EncryptedTextField, PrivateFileField


class MatterEvent(models.Model):
    """A line of the timeline, with words for each audience; written once, never changed.

    `public_words` is what the person reads; empty: the line is for staff only. `by_name` is kept
    as it was, masked by nobody: it is staff or the person's own circle.
    """

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField("时间", default=timezone.now)
    act = models.CharField("事项", max_length=20, choices=MatterAct)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    by_name = models.CharField("经手人", max_length=50, blank=True)
    public_words = EncryptedTextField("告知本人", blank=True, default="")
    staff_words = EncryptedTextField("内部说明", blank=True, default="")

    class Meta:
        verbose_name = verbose_name_plural = "办件进展"
        ordering = ["at", "pk"]
        triggers = [
            pgtrigger.Protect(
                name="matter_event_is_kept", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        ]


class MatterFileQuerySet(models.QuerySet):
    def kept(self):
        """Files that still count; removed ones stay as a line without content."""
        return self.filter(removed_at__isnull=True)


class MatterFile(models.Model):
    """An uploaded paper: sniffed, cleaned of metadata, encrypted under a name nobody can guess.

    `size` in bytes and `digest` (SM3, hex) are those of the cleaned content.
    """

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="files")
    paper = models.ForeignKey(
        RequiredPaper, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    title = models.CharField("名称", max_length=120)
    content_type = models.CharField("类型", max_length=40)
    size = models.PositiveIntegerField("大小")
    digest = models.CharField("摘要", max_length=64)
    stored_as = PrivateFileField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("上传时间", default=timezone.now)
    removed_at = models.DateTimeField("移除时间", null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = MatterFileQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "办件材料"
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "digest"],
                condition=Q(removed_at__isnull=True),
                name="matter_file_once",
                violation_error_message="这份材料已经传过了。",
            ),
            models.CheckConstraint(
                name="matter_file_removed_says_by_whom",
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
            ),
        ]


class DocumentQuerySet(models.QuerySet):
    def of_code(self, code):
        """The paper with this code, for anyone who holds it."""
        return self.filter(code=code)


class Document(models.Model):
    """A paper the portal issued, signed; the PDF is drawn from `content` whenever it is wanted.

    `content` is the encrypted canonical JSON of what is printed; `digest` is its SM3, `signature`
    is over the digest, by the key `key_id`. Anyone with the code can verify it. It is of a matter, or
    of a person's file alone (a certificate, a letter); `number` is what it is filed under.
    """

    code = models.CharField("校验码", max_length=16, unique=True)
    kind = models.CharField("种类", max_length=30, choices=DocumentKind)
    matter = models.ForeignKey(
        Matter, on_delete=models.PROTECT, null=True, blank=True, related_name="documents"
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="documents"
    )
    number = models.CharField("文号", max_length=40)
    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="+")
    content = EncryptedTextField("内容")
    digest = models.CharField("摘要", max_length=64)
    signature = models.CharField("签名", max_length=200)
    key_id = models.CharField("密钥编号", max_length=20)
    issued_at = models.DateTimeField("出具时间", default=timezone.now)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    valid_until = models.DateField("有效期至", null=True, blank=True)
    revoked_at = models.DateTimeField("作废时间", null=True, blank=True)
    revoked_reason = models.CharField("作废原因", max_length=200, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "出具的文书"
        ordering = ["-issued_at"]
        constraints = [
            models.CheckConstraint(
                name="document_is_of_a_matter_or_a_person",
                condition=Q(matter__isnull=False) | Q(person__isnull=False),
            ),
            models.CheckConstraint(
                name="document_revoked_says_why",
                condition=Q(revoked_at__isnull=True, revoked_reason="")
                | (Q(revoked_at__isnull=False) & ~Q(revoked_reason="")),
            ),
        ]
        triggers = [
            follow_merged("document_follows_a_merged_file"),
            # what was issued stands; only revoking it may be added
            pgtrigger.Protect(
                name="document_is_kept",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "code",
                    "kind",
                    "matter",
                    "number",
                    "content",
                    "digest",
                    "signature",
                    "issued_at",
                ),
            ),
            pgtrigger.Protect(name="document_is_not_removed", operation=pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.code}"
