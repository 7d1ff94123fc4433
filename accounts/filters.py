"""Search conditions of lists."""

from datetime import datetime, time, timedelta

import django_filters
from django import forms
from django.db.models import Q
from django.utils import timezone

from accounts import acts
from accounts.enums import AuditOutcome
from accounts.models import AuditEntry
from veterans_portal.widgets import DateInput


class AuditFilterForm(forms.Form):
    """Refuses a span that runs backwards."""

    def clean(self):
        data = super().clean()
        since, until = data.get("since"), data.get("until")
        if since and until and since > until:
            self.add_error("until", "截止日期早于起始日期，请改一下。")
        return data


class AuditFilter(django_filters.FilterSet):
    """The auditor's conditions; without a first day the last seven days are shown."""

    since = django_filters.DateFilter(
        label="从哪天", method="from_day", widget=DateInput, help_text="不填则为最近7天"
    )
    until = django_filters.DateFilter(label="到哪天", method="to_day", widget=DateInput)
    actor = django_filters.CharFilter(
        label="操作人", method="by_actor", help_text="工号或姓名，例如 CS001"
    )
    act = django_filters.ChoiceFilter(
        label="操作", choices=lambda: act_choices(), empty_label="全部"
    )
    outcome = django_filters.ChoiceFilter(
        label="结果", choices=AuditOutcome.choices, empty_label="全部"
    )
    target = django_filters.CharFilter(label="对象", method="about_target", help_text="名称或编号")

    class Meta:
        model = AuditEntry
        fields = ["act", "outcome"]
        form = AuditFilterForm

    def filter_queryset(self, queryset):
        queryset = super().filter_queryset(queryset)
        if not self.form.cleaned_data.get("since"):
            queryset = queryset.filter(at__gte=timezone.now() - timedelta(days=7))
        return queryset

    def from_day(self, queryset, name, value):
        return queryset.filter(at__gte=_midnight(value))

    def to_day(self, queryset, name, value):
        return queryset.filter(at__lt=_midnight(value + timedelta(days=1)))

    def by_actor(self, queryset, name, value):
        value = value.strip()
        return queryset.filter(Q(actor__staff_number=value) | Q(actor_name__contains=value))

    def about_target(self, queryset, name, value):
        value = value.strip()
        return queryset.filter(Q(target_id=value) | Q(target_name__contains=value))


def act_choices():
    return sorted(acts.catalogue().items(), key=lambda item: item[0])


def _midnight(day):
    return timezone.make_aware(datetime.combine(day, time.min))
