"""The security administrator's forms: whom, where, as what."""

from django import forms
from django.db.models import Q

from accounts.enums import AdminRole
from services.enums import Role
from services.models import Station

STATES = [("", "全部"), ("waiting", "待授权"), ("granted", "已授权")]
FOUND = 30


class StaffFilter(forms.Form):
    q = forms.CharField(label="姓名或工号", required=False, max_length=50)
    state = forms.ChoiceField(label="授权", required=False, choices=STATES)


class StationSearch(forms.Form):
    station = forms.CharField(
        label="先找站点",
        required=False,
        max_length=40,
        help_text="站名的一部分或站点代码，例如 璜土镇",
    )

    def found(self):
        """Active stations that match, tiers from the top; at most FOUND."""
        wanted = self.data.get("station", "").strip()[:40]
        if not wanted:
            return Station.objects.none()
        matching = Station.objects.active().filter(Q(name__contains=wanted) | Q(code=wanted))
        first = matching.order_by("tier", "path").values_list("pk", flat=True)[:FOUND]
        return Station.objects.filter(pk__in=list(first)).order_by("tier", "path")


class StationField(forms.ModelChoiceField):
    def label_from_instance(self, station):
        return f"{station.name}（{station.code}）"


class PostingForm(forms.Form):
    station = StationField(
        label="站点",
        queryset=Station.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "请选择站点。", "invalid_choice": "请从列出的站点里选择。"},
    )
    role = forms.ChoiceField(
        label="岗位",
        choices=Role,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择岗位。"},
    )

    def __init__(self, *args, stations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["station"].queryset = stations


class AdminRoleForm(forms.Form):
    role = forms.ChoiceField(
        label="管理员角色",
        choices=AdminRole,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择角色。"},
    )
