"""A roster brought in from Excel: checked row by row first, good rows in, bad rows back."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Job
from services.enums import ImportState
from services.models.network import Station
from services.perms import scope_of
from veterans_portal.fields import EncryptedTextField


class RosterImportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Imports of the stations in the staff member's scope."""
        return scope_of(user).filter(self, "station__path")


class RosterImport(models.Model):
    """One uploaded roster. The file itself is kept encrypted until it is checked.

    `marked_file` is the private name of the sheet with reasons. `digest` is an SM3 seal of the file.
    """

    station = models.ForeignKey(Station, on_delete=models.PROTECT, related_name="roster_imports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    file_name = models.CharField("文件名", max_length=150)
    digest = models.CharField("文件摘要", max_length=64)
    marked_file = models.CharField(max_length=64, blank=True, editable=False)
    state = models.CharField(
        "状态", max_length=10, choices=ImportState, default=ImportState.CHECKING
    )
    rows_total = models.PositiveIntegerField("行数", default=0)
    rows_good = models.PositiveIntegerField("可导入", default=0)
    rows_known = models.PositiveIntegerField("已在册", default=0)
    rows_bad = models.PositiveIntegerField("需修改", default=0)
    rows_added = models.PositiveIntegerField("已导入", default=0)
    created_at = models.DateTimeField("上传时间", default=timezone.now)
    imported_at = models.DateTimeField("导入时间", null=True, blank=True)

    objects = RosterImportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "名册导入"
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                name="roster_import_imported_has_its_time",
                condition=Q(state=ImportState.IMPORTED, imported_at__isnull=False)
                | (~Q(state=ImportState.IMPORTED) & Q(imported_at__isnull=True)),
            ),
        ]

    def __str__(self):
        return self.file_name

    def get_absolute_url(self):
        return reverse("services:desk_roster", args=[self.pk])


class RosterRowQuerySet(models.QuerySet):
    def good(self):
        """Rows that can go in: nothing to mend, not on file."""
        return self.filter(errors={}, known=False)

    def bad(self):
        return self.exclude(errors={})


class RosterRow(models.Model):
    """A checked row that waits: good ones to go in, bad ones to be mended.

    The cells are one encrypted JSON text; `id_index` tells rows apart without opening them.
    `known`: the person is on file already. A row that went in is removed.
    """

    roster = models.ForeignKey(RosterImport, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField("行号")
    id_index = models.CharField(max_length=64, blank=True)
    cells = EncryptedTextField()
    errors = models.JSONField(default=dict)
    known = models.BooleanField(default=False)

    objects = RosterRowQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "名册行"
        constraints = [
            models.UniqueConstraint(fields=["roster", "number"], name="roster_row_once_per_line"),
        ]
