"""The columns of a roster, the same for the template, the check and the sheet that comes back."""

from dataclasses import dataclass

from services.enums import DisabilityNature, IdentityCategory, PlacementWay, Sex

SEPARATOR = "、"
REASON = "需修改的原因"


@dataclass(frozen=True)
class Column:
    """One column: its key in code, its heading, its width in characters, how to fill it."""

    key: str
    title: str
    width: int
    hint: str
    required: bool = False
    choices: tuple = ()


COLUMNS = (
    Column("name", "姓名", 12, "与身份证一致。", required=True),
    Column(
        "id_number",
        "身份证号",
        22,
        "18位。整列已设为文本，请不要改成数字，否则后几位会变成0。",
        required=True,
    ),
    Column("sex", "性别", 6, "可不填；填了会与身份证号核对。", choices=tuple(Sex.labels)),
    Column("birth", "出生日期", 13, "可不填，写成1958-03-12；填了会与身份证号核对。"),
    Column("phone", "手机号", 14, "11位，可不填。"),
    Column("address", "居住地址", 40, "可不填，最多160字。"),
    Column("station_code", "站点代码", 16, "站点代码和站点名称填一项即可，须在您负责的范围内。"),
    Column("station_name", "站点名称", 30, "写全称；有重名的请填站点代码。"),
    Column(
        "categories",
        "身份类别",
        30,
        "有几种写几种，中间用顿号“、”隔开。可选：" + SEPARATOR.join(IdentityCategory.labels) + "。",
        required=True,
    ),
    Column("evidence", "证明材料", 20, "例如退出现役证、烈士证明书；可不填，最多80字。"),
    Column("enlisted_on", "入伍时间", 13, "写成1978-12-01；只知道年月的写1978-12，按当月1日记。"),
    Column("discharged_on", "退役时间", 13, "写法同入伍时间，不早于入伍时间。"),
    Column("placement_way", "安置方式", 14, "从下拉列表里选。", choices=tuple(PlacementWay.labels)),
    Column("disability_grade", "残疾等级", 9, "1至10的数字，须同时填残疾性质。"),
    Column(
        "disability_nature",
        "残疾性质",
        9,
        "从下拉列表里选。",
        choices=tuple(DisabilityNature.labels),
    ),
    Column("honour_plaque_on", "光荣牌悬挂日期", 14, "写成2019-05-01；可不填。"),
    Column("lives_alone", "独居", 6, "是或否；可不填。", choices=("是", "否")),
)
KEYS = tuple(column.key for column in COLUMNS)
TITLES = tuple(column.title for column in COLUMNS)
POSITION = {key: position for position, key in enumerate(KEYS)}
