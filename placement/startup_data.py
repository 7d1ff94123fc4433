"""What is held about a founder: loans with whom they were told to, enterprises, bundles."""

from accounts.my_data import Section
from placement.models import LoanReferral, StartupBundle, VeteranEnterprise
from veterans_portal import chinese_dates

SHOWN = 50


def subjects(user):
    """Rows whose audit entries are about the person."""
    return [
        *LoanReferral.objects.visible_to(user),
        *VeteranEnterprise.objects.visible_to(user),
        *StartupBundle.objects.visible_to(user),
    ]


def sections(user):
    """What is held, in words; kinds of which there is nothing are left out."""
    loans = [
        [
            ("产品", f"{each.get_product_display()}（{each.number}）"),
            ("状态", each.get_state_display()),
            ("想贷", f"{each.wanted:,.2f}元"),
            ("放款", f"{each.amount:,.2f}元" if each.amount is not None else "—"),
            ("银行", each.bank.name),
            ("银行能看到您的信息", "是" if each.shows_person else "否"),
        ]
        for each in LoanReferral.objects.visible_to(user).with_all()[:SHOWN]
    ]
    enterprises = [
        [("企业", each.name), ("状态", each.get_state_display())]
        for each in VeteranEnterprise.objects.visible_to(user)[:SHOWN]
    ]
    bundles = [
        [
            ("编号", each.number),
            ("名称", each.business_name),
            ("状态", each.get_state_display()),
            ("提交", chinese_dates.moment(each.submitted_at)),
        ]
        for each in StartupBundle.objects.visible_to(user)[:SHOWN]
    ]
    found = (("创业贷款", loans), ("军创企业", enterprises), ("创业一件事", bundles))
    return [Section(title, rows=rows) for title, rows in found if rows]
