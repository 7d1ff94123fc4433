"""What templates may rely on: escaping, words beside colours, kept filters, errors tied to fields."""

import datetime as dt

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import engines
from django.test import RequestFactory


def draw(source, request=None, **context):
    return engines["django"].from_string(source).render(context, request)


class Sample(forms.Form):
    name = forms.CharField(label="姓名", help_text="按身份证填写")
    kind = forms.ChoiceField(
        label="身份", choices=[("a", "甲"), ("b", "乙")], widget=forms.RadioSelect
    )
    note = forms.CharField(label="备注", required=False)


def test_a_fact__with_markup_in_the_value__is_escaped():
    html = draw("{% fact '姓名' %}{{ name }}{% endfact %}", name="<b>张</b>")
    assert "&lt;b&gt;" in html
    assert "<b>" not in html


def test_a_fact__without_a_value__says_so():
    assert "未填写" in draw("{% fact '备注' %}{{ note }}{% endfact %}", note="")


@pytest.mark.parametrize(
    "left, words, tone",
    [
        (-2, "超期2天", "error"),
        (0, "今天到期", "warning"),
        (3, "还剩3天", "warning"),
        (9, "还剩9天", "quiet"),
    ],
)
def test_a_deadline__has_a_light_with_words(left, words, tone):
    today = dt.date(2026, 11, 24)
    html = draw("{% due day today=today %}", day=today + dt.timedelta(days=left), today=today)
    assert words in html
    assert f'class="badge {tone}"' in html


def test_the_error_summary__links_each_error_to_its_control():
    form = Sample({"note": "x"})
    html = draw("{% error_summary form %}{{ form }}", form=form)
    for target in ("id_name", "id_kind_0"):
        assert f'href="#{target}"' in html
        assert f'id="{target}"' in html


def test_a_field__with_an_error__keeps_what_was_typed_and_names_hint_and_error():
    class Short(forms.Form):
        phone = forms.CharField(label="手机号", help_text="11位", min_length=11)

    html = str(Short({"phone": "138"}))
    assert 'value="138"' in html
    assert 'aria-describedby="id_phone_helptext id_phone_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_phone_error"' in html
    assert 'id="id_phone_helptext"' in html


def test_a_field__that_may_stay_empty__says_so():
    assert str(Sample()).count("(可不填)") == 1


def test_the_pager__keeps_the_filters():
    request = RequestFactory().get("/stations/?q=华庄&page=2")
    page = Paginator(range(100), 10).get_page(2)
    html = draw("{% pager page %}", request, page=page)
    assert "q=%E5%8D%8E%E5%BA%84&amp;page=3" in html
    assert "共" in html


def test_a_tile__without_a_page__is_no_link_and_says_what_to_do():
    html = draw("{% tile '就业创业' note='请打12345' %}")
    assert "<a" not in html
    assert "请打12345" in html


def test_a_masked_value__with_an_unmask_address__asks_for_a_reason_by_post():
    html = draw(
        "{% masked '138****1234' unmask_url='/x/' label='手机号' %}", RequestFactory().get("/")
    )
    assert 'method="post"' in html
    assert 'name="reason"' in html
    assert "csrfmiddlewaretoken" in html


@pytest.mark.parametrize(
    "source, said",
    [
        ("{{ 12345|figure }}", "12,345"),
        ("{{ None|figure }}", "—"),
        ("{{ 0.8312|percent }}", "83.1%"),
        ("{{ ''|dash }}", "—"),
    ],
)
def test_figures__are_grouped_and_never_blank(source, said):
    assert draw(source) == said


def test_a_masked_value__that_is_missing__says_so_and_offers_nothing_to_unmask():
    html = draw("{% masked '' unmask_url='/x/' label='手机号' %}", RequestFactory().get("/"))
    assert "未填写" in html
    assert "<form" not in html
