"""The conditions of rules one by one: what they say, on which day they turn, and what they refuse."""

from datetime import date

import pytest

from services.rules import Facts, RuleError, parse, tree, verdict
from services.rules.facts import HeldIdentity
from services.rules.golden import facts_from_data, facts_to_data

ON = date(2026, 6, 1)


def ask(leaf, on=ON, **facts):
    """The verdict of a rule with one condition, and the words of that condition."""
    facts.setdefault("birth", date(1950, 3, 4))
    found = verdict(parse({"all": [leaf]}), Facts(**facts), on=on)
    return found.answer, found.reasons[-1].words


@pytest.mark.parametrize(
    "leaf, facts, answer, words",
    [
        ({"is": "age", "min": 70}, {}, "YES", "今年76周岁"),
        ({"is": "age", "min": 80}, {}, "NOT_YET", "还不满80周岁，2030年3月4日满"),
        ({"is": "age", "max": 60}, {}, "NO", "已超过60周岁"),
        ({"is": "birthday", "ages": [76], "after": 120}, {}, "YES", "2026年3月4日满76周岁"),
        ({"is": "birthday", "ages": [80], "before": 30}, {}, "NOT_YET", "2030年3月4日满80周岁，还没有到"),
        ({"is": "birthday", "ages": [70]}, {}, "NO", "70周岁生日已经过了"),
        ({"is": "since", "date": "discharged_on", "at_most": 12, "unit": "months"},
         {"discharged_on": date(2025, 6, 1)}, "YES", "2025年6月1日退役"),
        ({"is": "since", "date": "discharged_on", "at_most": 12, "unit": "months"},
         {"discharged_on": date(2025, 5, 31)}, "NO", "2025年5月31日退役，已超过12个月"),
        ({"is": "since", "date": "enlisted_on", "at_least": 24, "unit": "months"},
         {"enlisted_on": date(2025, 9, 1)}, "NOT_YET", "2025年9月1日入伍，2027年9月1日起"),
        ({"is": "since", "date": "discharged_on", "unit": "days"}, {}, "NOT_YET", "档案里没有退役时间"),
        ({"is": "disability", "max": 6}, {"disability_grade": 5, "disability_nature": "WAR"},
         "YES", "残疾等级5级（因战）"),
        ({"is": "disability", "max": 6, "natures": ["DUTY"]},
         {"disability_grade": 5, "disability_nature": "WAR"}, "NO",
         "残疾等级5级（因战），不是残疾1至6级因公"),
        ({"is": "disability"}, {}, "NO", "档案没有登记残疾等级"),
        ({"is": "way", "any_of": ["ARRANGED_JOB"]}, {"placement_way": "ARRANGED_JOB"}, "YES",
         "安置方式是安排工作"),
        ({"is": "way", "any_of": ["ARRANGED_JOB"]}, {}, "NOT_YET", "档案还没有登记安置方式"),
        ({"is": "card", "any_of": ["none"]}, {}, "YES", "优待证：没有申领"),
        ({"is": "card", "any_of": ["none"]}, {"cards": ("PRODUCING",)}, "NOT_YET", "优待证：申领办理中"),
        ({"is": "card", "any_of": ["held"]}, {"cards": ("TEMP_LOST",)}, "YES", "优待证：已有优待证"),
        ({"is": "card", "any_of": ["lost"]}, {"cards": ("LOST",)}, "YES", "优待证：正式挂失后未补领"),
        ({"is": "lives_alone"}, {"lives_alone": True}, "YES", "独自居住"),
        ({"is": "lives_alone"}, {}, "NOT_YET", "档案没有登记独居"),
        ({"is": "plaque_missing"}, {}, "YES", "还没有悬挂光荣牌"),
        ({"is": "plaque_missing"}, {"honour_plaque_on": date(2020, 1, 5)}, "NO",
         "光荣牌已在2020年1月5日悬挂"),
        ({"is": "file_state", "any_of": ["SUBMITTED"]}, {"state": "SUBMITTED"}, "YES",
         "档案状态是“待镇街审核”"),
        ({"is": "identity", "any_of": ["MARTYR_FAMILY"]},
         {"identities": (HeldIdentity("MARTYR_FAMILY"),)}, "YES", "身份是烈士遗属"),
        ({"is": "identity", "any_of": ["MARTYR_FAMILY"]},
         {"identities": (HeldIdentity("MARTYR_FAMILY", verified=False),)}, "NOT_YET",
         "登记的身份“烈士遗属”还没有核验"),
        ({"is": "identity", "any_of": ["MARTYR_FAMILY"], "verified": False},
         {"identities": (HeldIdentity("MARTYR_FAMILY", verified=False),)}, "YES", "身份是烈士遗属"),
        ({"is": "identity", "any_of": ["MARTYR_FAMILY"]},
         {"identities": (HeldIdentity("MARTYR_FAMILY", valid_from=date(2026, 7, 1)),)}, "NOT_YET",
         "身份“烈士遗属”从2026年7月1日起算"),
        ({"is": "identity", "any_of": ["MARTYR_FAMILY"]},
         {"identities": (HeldIdentity("MARTYR_FAMILY", valid_to=date(2026, 5, 31)),)}, "NO",
         "档案里没有这些身份：烈士遗属"),
    ],
)  # fmt: skip
def test_condition__of_one_person__is_judged_and_said(leaf, facts, answer, words):
    assert ask(leaf, **facts) == (answer, words)


@pytest.mark.parametrize(
    "on, answer", [(date(2026, 2, 28), "NOT_YET"), (date(2026, 3, 1), "YES"), (date(2028, 2, 29), "YES")]
)  # fmt: skip
def test_age__of_somebody_born_on_a_leap_day__turns_on_the_first_of_march(on, answer):
    assert ask({"is": "age", "min": 70}, on=on, birth=date(1956, 2, 29))[0] == answer


def test_sentence__of_the_rules_own__stands_instead_of_the_usual_one():
    leaf = {"is": "card", "any_of": ["held"], "missing": "先申领优待证，再来享受"}
    assert ask(leaf)[1] == "先申领优待证，再来享受"


def test_any_of__when_all_fail__names_every_way_in_one_sentence():
    data = {"all": [{"any": [{"is": "lives_alone"}, {"is": "age", "min": 90}]}]}
    found = verdict(parse(data), Facts(birth=date(1950, 3, 4)), on=ON)
    assert found.answer == "NOT_YET"
    assert [each.words for each in found.missing] == [
        "档案没有登记独居；或还不满90周岁，2040年3月4日满"
    ]


def test_none_of__when_one_holds__says_which():
    data = {"not": [{"is": "lives_alone"}, {"is": "plaque_missing"}]}
    found = verdict(parse(data), Facts(birth=date(1950, 3, 4), lives_alone=True), on=ON)
    assert [each.words for each in found.missing] == ["独自居住", "还没有悬挂光荣牌"]


@pytest.mark.parametrize(
    "state, answer", [("DRAFT", "NOT_YET"), ("CLOSED", "NO"), ("FILED", "YES")]
)
def test_rule__for_a_file_not_in_force__fits_nobody(state, answer):
    found = verdict(
        parse({"all": [{"is": "plaque_missing"}]}), Facts(date(1950, 3, 4), state=state), on=ON
    )
    assert found.answer == answer
    assert bool(found.missing) == (answer != "YES")


def test_rule__outside_its_reach__is_not_for_them():
    root = parse({"all": [{"is": "plaque_missing"}]})
    found = verdict(
        root, Facts(date(1950, 3, 4), station_path="3202/320213/"), on=ON, reach="3202/320281/"
    )
    assert (found.answer, found.missing[0].words) == ("NO", "服务站不在这条规则适用的地区")


@pytest.mark.parametrize(
    "data",
    [
        None, 7, "all", [], {}, {"is": "age", "min": 70}, {"all": {}}, {"all": [[]]},
        {"all": [{"is": "age"}], "any": []}, {"nor": []}, {"all": []}, {"all": [{"any": []}]},
        {"all": [{"is": "wizard"}]}, {"all": [{"is": ["age"]}]},
        {"all": [{"is": "age"}]}, {"all": [{"is": "age", "min": "70"}]},
        {"all": [{"is": "age", "min": True}]}, {"all": [{"is": "age", "min": 70, "max": 60}]},
        {"all": [{"is": "age", "min": 10**28}]}, {"all": [{"is": "age", "min": -1}]},
        {"all": [{"is": "age", "min": 70, "__class__": 1}]},
        {"all": [{"is": "way", "any_of": []}]}, {"all": [{"is": "way", "any_of": "RETIRED"}]},
        {"all": [{"is": "way", "any_of": [["RETIRED"]]}]}, {"all": [{"is": "card", "any_of": [{}]}]},
        {"all": [{"is": "birthday", "ages": []}]}, {"all": [{"is": "birthday", "ages": [70] * 13}]},
        {"all": [{"is": "since", "date": "created_at", "unit": "days"}]},
        {"all": [{"is": "since", "date": "enlisted_on", "unit": "days", "at_least": 9, "at_most": 3}]},
        {"all": [{"is": "disability", "min": 6, "max": 2}]},
        {"all": [{"is": "lives_alone", "met": "长" * 121}]}, {"all": [{"is": "lives_alone", "met": 7}]},
        {"all": [{"is": "place", "under": []}]}, {"all": [{"is": "place", "under": [7]}]},
        {"all": [{"is": "place", "under": ["3202/%"]}]}, {"all": [{"is": "place", "under": [""]}]},
        {"all": [{"is": "lives_alone"}] * 41},
        {"all": [{"all": [{"all": [{"all": [{"all": [{"is": "lives_alone"}]}]}]}]}]},
    ],
)  # fmt: skip
def test_parse__of_what_is_no_rule__is_refused_in_words(data):
    with pytest.raises(RuleError) as refused:
        parse(data)
    assert refused.value.message.endswith("。")


@pytest.mark.django_db
def test_rule__of_a_place_that_is_not_there__can_be_read_but_not_written():
    root = parse({"all": [{"is": "place", "under": ["3202/999999/"]}]})
    assert ask(root.to_data()["all"][0]) == ("NO", "服务站不在3202/999999/")
    with pytest.raises(RuleError, match="没有的站点"):
        tree.require_places(root)


def test_tree__is_changed__at_one_place_only():
    root = parse({"all": [{"is": "lives_alone"}, {"any": [{"is": "plaque_missing"}]}]})
    more = tree.added(root, "1", parse({"all": [{"is": "age", "min": 70}]}).children[0])
    assert [each.key for each in more.leaves()] == ["lives_alone", "plaque_missing", "age"]
    less = tree.placed(more, "1.0", None)
    assert [each.key for each in less.leaves()] == ["lives_alone", "age"]
    assert [each.key for each in root.leaves()] == ["lives_alone", "plaque_missing"]


@pytest.mark.parametrize("place", ["5", "0.0", "x", "-1", "1.9", "²", "99999999999999999999"])
def test_tree__at_a_place_that_is_not_there__is_refused(place):
    root = parse({"all": [{"is": "lives_alone"}, {"any": [{"is": "plaque_missing"}]}]})
    with pytest.raises(RuleError):
        tree.placed(root, place, None)


def test_facts__stored_and_read_again__are_the_same():
    facts = Facts(
        birth=date(1950, 3, 4), discharged_on=date(1975, 1, 2), lives_alone=True, cards=("ISSUED",),
        identities=(HeldIdentity("DEMOBILISED", False, date(1976, 1, 1)),), disability_grade=5,
        disability_nature="WAR",
    )  # fmt: skip
    assert facts_from_data(facts_to_data(facts)) == facts
