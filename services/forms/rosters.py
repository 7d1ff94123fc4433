"""The upload of a roster."""

from pathlib import PurePath

from django import forms
from django.conf import settings

from services.models import Station
from services.perms import scope_of
from services.rosters import reading
from veterans_portal.errors import DomainError


class RosterForm(forms.Form):
    """Which station the roster is for, and the workbook."""

    station = forms.ModelChoiceField(
        label="为哪个站点导入",
        queryset=Station.objects.none(),
        empty_label=None,
        help_text="名册里的人可以属于这个站点和它下面的所有站点。",
    )
    file = forms.FileField(
        label="名册文件",
        help_text="用平台的模板填写的.xlsx文件，最大40MB，最多30万行。",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={
            "required": "请选择要上传的名册文件。",
            "empty": "这个文件是空的，请用平台的模板填写后再上传。",
        },
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        mine = Station.objects.active().filter(path__in=scope_of(user).paths)
        self.fields["station"].queryset = mine
        if mine.count() == 1:
            self.fields["station"].widget = forms.HiddenInput()
            self.initial.setdefault("station", mine.get().pk)

    def clean_file(self):
        """Refuse by size, by name and by what the first look finds."""
        file = self.cleaned_data["file"]
        if file.size > settings.ROSTER_MAX_BYTES:
            most = settings.ROSTER_MAX_BYTES // 1024 // 1024
            raise forms.ValidationError(f"文件超过{most}MB，请分成几个文件上传。")
        if PurePath(file.name).suffix.lower() != ".xlsx":
            raise forms.ValidationError(
                "请上传.xlsx文件：在Excel里选“另存为”，类型选“Excel工作簿”。"
            )
        try:
            reading.refuse_what_is_no_workbook(file)
        except DomainError as error:
            raise forms.ValidationError(error.message) from error
        return file
