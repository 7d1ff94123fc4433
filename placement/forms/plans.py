"""What is typed about the year's demand and plan, by employers and at the desk."""

from django import forms
from django.core.exceptions import ValidationError

from placement.enums import DemandState, EstablishmentKind
from placement.forms.scoring import CHOOSE, station_choice, year_field
from placement.models import DemandPost
from services.enums import PartnerNature
from services.forms.fields import DayField
from services.forms.network import SearchField
from services.forms.persons import text_field

MOST = 999_999
EMPTY_ROWS = 3
COUNT = {"required": "请填写人数，没有填0。", "invalid": "请填写整数。", "min_value": "不能是负数。",
         "max_value": "数字太大，请核对。"}  # fmt: skip


class CallForm(forms.Form):
    """Ask the employers for a year."""

    year = year_field()
    closes_on = DayField(label="截止日期", past=False, required=True)
    words = text_field("填报要求", length=500, rows=3, required=False, help_text="单位会看到。")

    def __init__(self, *args, stations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["station"] = station_choice(stations, label="征集单位")
        self.order_fields(["station", "year", "closes_on", "words"])


class CloseForm(forms.Form):
    closes_on = DayField(label="截止日期", past=False, required=True)


class DemandForm(forms.Form):
    """Establishment and vacancies of an employer; its posts are a formset of PostForm."""

    establishment = forms.IntegerField(
        label="编制（定员）核定数", min_value=0, max_value=MOST, error_messages=COUNT
    )
    vacancies = forms.IntegerField(
        label="缺编（缺员）数", min_value=0, max_value=MOST, error_messages=COUNT
    )
    new_hires = forms.IntegerField(
        label="本年计划新招人数", min_value=0, max_value=MOST, required=False, error_messages=COUNT,
        help_text="国有企业填写。",
    )  # fmt: skip
    reform_words = text_field(
        "机构改革等情况", length=300, rows=2, required=False,
        help_text="合并、划转、减编等会影响岗位的情况。",
    )  # fmt: skip

    def __init__(self, *args, partner, **kwargs):
        super().__init__(*args, **kwargs)
        if partner.nature != PartnerNature.STATE_ENTERPRISE:
            del self.fields["new_hires"]

    def clean(self):
        cleaned = super().clean()
        if (cleaned.get("vacancies") or 0) > (
            cleaned.get("establishment") or 0
        ) and not self.errors:
            self.add_error("vacancies", "缺编数不应多于编制核定数，请核对。")
        return cleaned


class PostForm(forms.Form):
    """A post; a row without anything is no post."""

    title = text_field("岗位名称", length=60)
    kind = forms.ChoiceField(
        label="编制类型", choices=EstablishmentKind.choices, error_messages=CHOOSE
    )
    headcount = forms.IntegerField(
        label="人数", min_value=1, max_value=999,
        error_messages={"required": "请填写人数。", "invalid": "请填写整数。",
                        "min_value": "至少1人。", "max_value": "最多999人。"},
    )  # fmt: skip
    place = text_field("工作地点", length=120)
    requirements = text_field("岗位要求", length=300, rows=2, required=False)
    pay = text_field("待遇", length=120, required=False)

    def __init__(self, *args, natural_kind=None, usual_place="", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].initial = natural_kind
        self.fields["place"].initial = usual_place

    def has_changed(self):
        """The kind and the place are filled in beforehand: a row is a post once it has a title,
        a number, or words of its own."""
        return any(
            name in self.changed_data for name in ("title", "headcount", "requirements", "pay")
        )


class BasePosts(forms.BaseFormSet):
    def clean(self):
        if any(self.errors):
            return
        titles = [
            (form.cleaned_data["title"], form.cleaned_data["place"]) for form in self.filled()
        ]
        if len(titles) != len(set(titles)):
            raise ValidationError("有两个岗位名称和地点都一样，请合成一个，把人数加起来。")

    def filled(self):
        """The rows that are posts and were not crossed out."""
        return [
            form for form in self.forms
            if form.cleaned_data.get("title") and not form.cleaned_data.get("DELETE")
        ]  # fmt: skip

    def posts(self):
        """Unsaved DemandPost of the rows."""
        fields = ("title", "kind", "headcount", "place", "requirements", "pay")
        return [
            DemandPost(**{name: form.cleaned_data[name] for name in fields})
            for form in self.filled()
        ]


PostFormSet = forms.formset_factory(
    PostForm, formset=BasePosts, extra=EMPTY_ROWS, can_delete=True, max_num=60, validate_max=True
)


class DemandFilter(forms.Form):
    """Filters of the list of demands. Every value that is no choice is simply left out."""

    q = SearchField(label="单位名称", required=False)
    year = forms.TypedChoiceField(label="年度", required=False, coerce=int, empty_value=None)
    state = forms.ChoiceField(
        label="状态", required=False,
        choices=[("", "全部"), *[each for each in DemandState.choices if each[0] != "DRAFT"]],
    )  # fmt: skip

    def __init__(self, *args, years, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [("", "全部"), *((each, f"{each}年") for each in years)]
        self.is_valid()

    def value(self, name):
        """A value that is one of the choices, else None."""
        return self.cleaned_data.get(name) or None


class MakeForm(forms.Form):
    """Begin a version of the plan of a year."""

    year = year_field()

    def __init__(self, *args, stations, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["station"] = station_choice(stations, label="编制单位")
        self.order_fields(["station", "year"])


class TakeForm(forms.Form):
    """Which posts of accepted demand are put into the plan too."""

    posts = forms.ModelMultipleChoiceField(
        DemandPost.objects.none(), label="要列入的岗位", widget=forms.CheckboxSelectMultiple,
        error_messages={**CHOOSE, "invalid_pk_value": "请从列出的里选择。"},
    )  # fmt: skip

    def __init__(self, *args, waiting, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["posts"].queryset = waiting
        self.fields["posts"].label_from_instance = lambda post: (
            f"{post.demand.partner}：{post.title}，{post.headcount}人"
        )


class HeadcountForm(forms.Form):
    headcount = forms.IntegerField(
        label="人数", min_value=0, max_value=999,
        error_messages={"required": "请填写人数，不列入填0。", "invalid": "请填写整数。",
                        "min_value": "人数为0至999。", "max_value": "人数为0至999。"},
    )  # fmt: skip


class SubmitForm(forms.Form):
    words = text_field("编制说明", length=1000, rows=4, required=False)


class WishesForm(forms.Form):
    """Up to five posts in the order of liking."""

    def __init__(self, *args, posts, wished=(), most=5, **kwargs):
        super().__init__(*args, **kwargs)
        wished = [str(pk) for pk in wished]
        by_key = {str(post.pk): post for post in posts}
        choices = [("", "不填"), *((key, wish_label(post)) for key, post in by_key.items())]
        for place in range(1, most + 1):
            self.fields[f"wish_{place}"] = forms.TypedChoiceField(
                label=f"第{place}志愿", required=False, choices=choices, coerce=by_key.get,
                empty_value=None, initial=wished[place - 1] if place <= len(wished) else "",
                error_messages={"invalid_choice": "请从列出的岗位里选择。"},
            )  # fmt: skip

    def clean(self):
        cleaned = super().clean()
        chosen = [value for value in cleaned.values() if value]
        if len(chosen) != len(set(chosen)):
            self.add_error(None, "同一个岗位只能填一次。")
        return cleaned

    @property
    def posts(self):
        return [value for value in self.cleaned_data.values() if value]


def wish_label(post):
    """How a post stands in a list: where, what, for how many."""
    return f"{post.employer}：{post.title}（{post.headcount}人）"


class PostsFilter(forms.Form):
    """Filters of the public list of posts. Every value that is no choice is simply left out."""

    q = SearchField(label="单位或岗位", required=False)
    nature = forms.ChoiceField(label="单位性质", required=False)

    def __init__(self, *args, natures, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["nature"].choices = [("", "全部"), *((each, each.label) for each in natures)]
        self.is_valid()

    def value(self, name):
        """A value that is one of the choices, else None."""
        return self.cleaned_data.get(name) or None
