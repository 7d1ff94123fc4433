"""The living component page: every component in every option, and one page of each kind.

Routed only where `settings.STYLEGUIDE` is on (development and tests); its people are invented.
"""

import datetime as dt
import re
from pathlib import Path
from types import SimpleNamespace

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from veterans_portal import widgets

KINDS = (
    "home",
    "list",
    "detail",
    "form",
    "check",
    "confirmation",
    "slots",
    "desk",
    "search",
    "return",
    "paper",
)


class SampleForm(forms.Form):
    """One field of each sort."""

    full_name = forms.CharField(
        label="姓名", max_length=30, help_text="按身份证上的姓名填写，例如 欧阳建国。"
    )
    phone = forms.CharField(label="手机号", min_length=11, widget=widgets.PhoneInput, help_text="11位数字，用来接收预约提醒。",
                            error_messages={"min_length": "手机号应为11位数字，您填了%(show_value)d位。"})  # fmt: skip
    id_number = forms.CharField(
        label="身份证号", widget=widgets.IdNumberInput, help_text="18位，末位可以是X。"
    )
    birth = forms.DateField(label="退役日期", required=False, widget=widgets.DateInput)
    district = forms.ChoiceField(
        label="所在区", choices=[("", "请选择"), ("320206", "惠山区"), ("320213", "梁溪区")]
    )
    identity = forms.ChoiceField(label="您的身份", widget=forms.RadioSelect,
                                 choices=[("a", "退役军人"), ("b", "军人家属"), ("c", "烈士遗属")])  # fmt: skip
    wishes = forms.MultipleChoiceField(label="想办的事", required=False, widget=forms.CheckboxSelectMultiple,
                                       choices=[("card", "优待证"), ("job", "找工作"), ("train", "参加培训")])  # fmt: skip
    heads = forms.IntegerField(label="人数", widget=widgets.NumberInput, initial=2)
    story = forms.CharField(label="还有什么要告诉我们", required=False, widget=forms.Textarea)
    evidence = forms.FileField(
        label="证明材料", required=False, help_text="照片或PDF，不超过10兆。"
    )
    agree = forms.BooleanField(label="我已经核对，以上内容属实")


class FilterForm(forms.Form):
    """The filters of a list."""

    q = forms.CharField(label="名称", required=False)
    tier = forms.ChoiceField(
        label="层级",
        required=False,
        choices=[("", "全部"), ("3", "街道（镇）"), ("4", "社区（村）")],
    )
    district = forms.ChoiceField(
        label="所在区", required=False, choices=[("", "全部"), ("320213", "梁溪区")]
    )


@login_not_required
def index(request):
    """All components; `?messages=1` also shows the four kinds of messages."""
    if request.GET.get("messages"):
        messages.success(request, "预约已经取消。")
        messages.warning(request, "还差一份材料。")
        messages.error(request, "这一时段刚刚约满，请另选一个。")
        messages.info(request, "您的登记申请已经送到华庄街道服务站。")
    wrong = SampleForm({"full_name": "欧阳建国", "phone": "1380000001"}, auto_id="bad_%s")
    return render(
        request,
        "styleguide/index.html",
        {**_sample(), "form": None, "sample": SampleForm(), "wrong": wrong},
    )


@login_not_required
def kind(request, name):
    """One sample page of a kind."""
    if name not in KINDS:
        raise Http404
    return render(request, f"styleguide/{name}.html", _sample() | _extra(request, name))


def _extra(request, name):
    if name == "form":
        return {"form": SampleForm(request.POST or None)}
    if name in ("list", "search"):
        page = Paginator(_stations() * 40, 8).get_page(request.GET.get("page"))
        return {"page": page, "filter_form": FilterForm(request.GET)}
    return {}


def _sample():
    now = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
    today = now.date()
    days = dt.timedelta(days=1)
    return {
        "today": today,
        "now": now,
        "later": now + dt.timedelta(minutes=30),
        "overdue": today - 2 * days,
        "soon": today + 2 * days,
        "far": today + 12 * days,
        "tones": ["note", "done", "warning", "error", "quiet", "honour"],
        "icons": _icons(),
        "facts_rows": [("姓名", "欧阳建国"), ("站点", _stations()[1].name), ("地址", "江苏省无锡市滨湖区华庄街道落霞路8号一楼"), ("备注", "")],
        "entries": [
            SimpleNamespace(title="提交申请", at=now - 3 * days, by="本人", state="done"),
            SimpleNamespace(title="服务站核对", at=now - days, by="华庄街道服务站", state="current", body="请带身份证和退役证原件，到站上核对一次。"),
            SimpleNamespace(title="建好档案", state="ahead"),
        ],
        "tab_items": [("全部", "?", True, 128), ("待处理", "?state=1", False, 6), ("已办好", "?state=2", False, None)],
        "stations": _stations(),
        "slots": [(now + dt.timedelta(minutes=30 * i), left) for i, left in enumerate([3, 0, 8, 1, 12, 0, 2, 5])],
        "work": _work(today),
    }  # fmt: skip


def _stations():
    names = [
        ("南长街社区退役军人服务站", "梁溪区南长街 128 号", "社区（村）", True),
        (
            "宜兴市太华镇乾元村民委员会退役军人服务站（含流动服务点）",
            "宜兴市太华镇乾元村 1 号",
            "社区（村）",
            False,
        ),
        ("华庄街道退役军人服务站", "滨湖区落霞路 8 号", "街道（镇）", True),
    ]
    return [SimpleNamespace(name=name, address=address, tier=tier, is_open=is_open, code=f"3202{i}")
            for i, (name, address, tier, is_open) in enumerate(names)]  # fmt: skip


def _work(today):
    rows = [("张建国", "登记申请", -2, "待核对"), ("欧阳文海", "预约到站", 0, "今天上午9:30"), ("李秀英", "登记申请", 2, "待补材料"),
            ("买买提·阿不都热合曼", "回访", 9, "已约"), ("王强", "登记申请", 12, "待核对")]  # fmt: skip
    return [
        SimpleNamespace(name=name, job=job, due=today + dt.timedelta(days=left), state=state)
        for name, job, left, state in rows
    ]


def _icons():
    """The names in the sprite itself, so that none is forgotten."""
    sprite = Path(finders.find("icons/sprite.svg")).read_text(encoding="utf-8")
    return re.findall(r'<symbol id="([\w-]+)"', sprite)


urlpatterns = [
    path("", index, name="styleguide"),
    path("<slug:name>/", kind, name="styleguide_kind"),
]
