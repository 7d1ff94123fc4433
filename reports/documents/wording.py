"""The sentences of a work report, made of figures by the wording rules of `domain.md` C.4."""

from reports.catalogue import BY_CODE
from reports.documents.sheets import change_of

# Heading, and per sentence the indicators it needs; one that was not reported leaves it out.
SECTIONS = [
    (
        "建强服务体系",
        [
            (
                ("SVC-01", "SVC-02"),
                "截至{month}底，{area}在用退役军人服务中心（站）{SVC-01}，特设服务站{SVC-02}。",
            ),
            (("SVC-03",), "已命名的示范型服务中心（站）占{SVC-03}。"),
        ],
    ),
    (
        "做实建档立卡",
        [
            (("SVC-04",), "截至{month}底，建档立卡在册{SVC-04}。"),
            (("SVC-05",), "累计发放优待证{SVC-05}。"),
        ],
    ),
    (
        "常态走访联系",
        [
            (("SVC-06",), "开展“四访四送”，联系服务{SVC-06}{SVC-06同比}。"),
            (("SVC-07",), "走访中收集的诉求按期办结率为{SVC-07}。"),
            (("SVC-08",), "政策宣讲、法律咨询服务{SVC-08}。"),
            (("SVC-16",), "办件按期办结率为{SVC-16}。"),
            (("SVC-16B",), "好差评满意率为{SVC-16B}。"),
        ],
    ),
    (
        "促进安置就业",
        [
            (("EMP-02", "EMP-03"), "符合安排工作条件的{EMP-02}，提供安置岗位{EMP-03}。"),
            (("EMP-06", "EMP-07"), "{EMP-06}退役军人参加适应性培训，参训率{EMP-07}。"),
            (("EMP-08",), "职业技能培训{EMP-08}。"),
            (
                ("EMP-09", "EMP-10", "EMP-11"),
                "举办退役军人专场招聘会{EMP-09}，提供岗位{EMP-10}，达成就业意向{EMP-11}。",
            ),
            (("EMP-12",), "定向招录（聘）岗位{EMP-12}。"),
            (("EMP-13", "EMP-14"), "发放退役军人创业贷{EMP-13}，专属优惠贷款{EMP-14}。"),
            (("EMP-14",), "金融机构发放专属优惠贷款{EMP-14}。"),
            (("EMP-15",), "“我来找您”主动服务{EMP-15}。"),
            (("EMP-16",), "在册军创企业{EMP-16}。"),
        ],
    ),
    (
        "维护合法权益",
        [
            (("SVC-09",), "受理权益维护案件{SVC-09}{SVC-09同比}。"),
            (("SVC-10", "SVC-11"), "成功为{SVC-10}退役军人追回补偿金{SVC-11}。"),
            (("SVC-11",), "追回补偿金{SVC-11}。"),
        ],
    ),
    (
        "用心服务军休干部",
        [
            (("SVC-12", "SVC-13"), "联系军休干部{SVC-12}，其中走访慰问{SVC-13}。"),
            (("SVC-14",), "加装电梯{SVC-14}。"),
            (("SVC-15",), "老旧小区改造惠及{SVC-15}。"),
        ],
    ),
]


def paragraphs(report):
    """`[(heading, text)]` of a Report; headings without a sentence are left out."""
    made = []
    for heading, sentences in SECTIONS:
        said, used = [], set()
        for codes, pattern in sentences:
            if used & set(codes) or not all(_is_known(report, code) for code in codes):
                continue
            used |= set(codes)
            said.append(pattern.format(**_words(report)))
        if said:
            made.append((heading, "".join(said)))
    return made


def data_note(report):
    """How complete the figures are, and which were not reported."""
    missing = [i.name for code, i in BY_CODE.items() if not _is_known(report, code)]
    text = f"{report.months}应报月报{report.due}份，已报{report.filed}份。"
    if missing:
        text += f"以下指标本期没有可用数据或须按人核对，未写入正文：{'、'.join(missing)}。"
    return text


def lead(report):
    """The first sentence."""
    return f"现将{report.months}退役军人工作情况报告如下。"


def _is_known(report, code):
    value = report.figures[code].value
    return value is not None and value > 0


def _words(report):
    words = {"month": f"{report.last.month}月", "area": report.area}
    for code, indicator in BY_CODE.items():
        words[code] = indicator.printed(report.figures[code].value)
        words[f"{code}同比"] = _compared(report, code)
    return words


def _compared(report, code):
    """，比上年同期增长3.1%; nothing when the months do not start in January or have no base."""
    if report.first.month != 1:
        return ""
    change = change_of(report.this_year[code], report.last_year[code])
    if change is None:
        return ""
    if abs(change) < 0.05:
        return "，与上年同期持平"
    return f"，比上年同期{'增长' if change > 0 else '下降'}{abs(change):.1f}%"
