"""Verifying an issued paper: by its code, or by the file one has."""

from django import forms

from services.actions import documents

LARGEST = 5 * 1024 * 1024  # bytes; what the portal issues is far smaller


class CodeForm(forms.Form):
    """The code under the paper, written in any way people copy it."""

    code = forms.CharField(
        label="校验码",
        help_text="在文书下方，16位字母和数字，中间有没有空格都可以",
        max_length=60,
        widget=forms.TextInput(
            attrs={"class": "figures", "autocomplete": "off", "autocapitalize": "characters"}
        ),
        error_messages={"required": "请填写文书下方的16位校验码。"},
    )

    def clean_code(self):
        text = self.cleaned_data["code"]
        self.document = documents.find(text)
        if self.document is None:
            raise forms.ValidationError(
                "没有查到这个校验码。请对照文书逐位核对；核对无误仍查不到的，"
                "这份文书可能不是本平台出具的，可拨打12345询问。"
            )
        return text


class FileForm(forms.Form):
    """The PDF that somebody was given."""

    file = forms.FileField(
        label="文书的 PDF 文件",
        help_text="从平台下载的原文件。扫描、拍照、另存过的请改用校验码核对",
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,application/pdf"}),
        error_messages={
            "required": "请选择文书的 PDF 文件。",
            "empty": "这个文件是空的，请重新选择。",
        },
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(
                "这个文件太大，不是平台出具的文书。请选择下载的原文件，或改用校验码核对。"
            )
        data = file.read()
        if not data.startswith(b"%PDF-"):
            raise forms.ValidationError(
                "这不是 PDF 文件。请选择从平台下载的文书，或改用校验码核对。"
            )
        return data
