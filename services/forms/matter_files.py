"""Handing in a paper of a matter."""

from django import forms
from django.conf import settings

ACCEPT = "image/jpeg,image/png,image/webp,image/heic,image/heif,application/pdf,.heic,.pdf"


class UploadForm(forms.Form):
    """One paper at a time: which one it is, and the file."""

    paper = forms.ModelChoiceField(
        queryset=None,
        label="这是哪一份材料",
        required=False,
        empty_label="其他材料",
        error_messages={"invalid_choice": "请从清单里选择这是哪一份材料。"},
    )
    upload = forms.FileField(
        label="选择照片或文件",
        allow_empty_file=True,
        max_length=1000,
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
        error_messages={
            "required": "请先选择要传的照片或文件。",
            "max_length": "文件名太长，请改短后再传。",
        },
    )

    def __init__(self, *args, matter, **kwargs):
        super().__init__(*args, **kwargs)
        most = settings.MATTER_FILE_MAX_BYTES // 1024 // 1024
        self.fields[
            "upload"
        ].help_text = f"手机拍的照片、截图或 PDF，每份最多 {most} MB。几份材料请一份一份地传"
        self.fields["paper"].queryset = matter.kind.papers.all()
        if not self.is_bound and "paper" not in self.initial:
            there = matter.files.kept().filter(paper__isnull=False).values("paper")
            self.initial["paper"] = matter.kind.papers.exclude(pk__in=there).first()
