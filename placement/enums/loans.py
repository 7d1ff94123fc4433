"""Words of loans (`domain.md` B.8): two products, the referral's states, what banks answer."""

from django.db import models


class LoanProduct(models.TextChoices):
    """Two products with rules of their own; never one figure."""

    STARTUP = "STARTUP", "退役军人创业贷"
    GUARANTEED = "GUARANTEED", "创业担保贷款"


class Borrower(models.TextChoices):
    """Whom the start-up loan is for (2025 notice, B.8 1)."""

    PLANNING = "PLANNING", "准备创业的退役军人"
    TRADER = "TRADER", "个体工商户（经营满1年）"
    COMPANY = "COMPANY", "小微企业（控股或法定代表人满1年）"
    COOPERATIVE = "COOPERATIVE", "农民专业合作社（理事长满1年）"


class LoanState(models.TextChoices):
    DRAFT = "DRAFT", "草稿"
    SUBMITTED = "SUBMITTED", "待核验身份"
    UNVERIFIED = "UNVERIFIED", "身份核验未通过"
    PUSHED = "PUSHED", "已推送银行"
    CONTACTED = "CONTACTED", "银行已联系"
    ASSESSING = "ASSESSING", "授信审批中"
    GRANTED = "GRANTED", "已放款"
    DECLINED = "DECLINED", "银行未通过"
    WITHDRAWN = "WITHDRAWN", "本人放弃"
    AFTERCARE = "AFTERCARE", "贷后"


_S = LoanState
LOAN_WITH_BANK = [_S.PUSHED, _S.CONTACTED, _S.ASSESSING]
LOAN_TO_GIVE_UP = [_S.SUBMITTED, *LOAN_WITH_BANK]
LOAN_OPEN = [_S.DRAFT, *LOAN_TO_GIVE_UP]
LOAN_PAID = [_S.GRANTED, _S.AFTERCARE]
LOAN_SEEN_BY_BANK = [*LOAN_WITH_BANK, *LOAN_PAID, _S.DECLINED, _S.WITHDRAWN]
LOAN_TRANSITIONS = [
    (_S.DRAFT, _S.SUBMITTED),
    (_S.SUBMITTED, _S.PUSHED),
    (_S.SUBMITTED, _S.UNVERIFIED),
    (_S.PUSHED, _S.CONTACTED),
    (_S.PUSHED, _S.ASSESSING),
    (_S.CONTACTED, _S.ASSESSING),
    *((state, _S.GRANTED) for state in LOAN_WITH_BANK),
    *((state, _S.DECLINED) for state in LOAN_WITH_BANK),
    *((state, _S.WITHDRAWN) for state in LOAN_TO_GIVE_UP),
    (_S.GRANTED, _S.AFTERCARE),
]
LOAN_TONES = {
    _S.DRAFT: "quiet",
    _S.SUBMITTED: "warning",
    _S.UNVERIFIED: "quiet",
    _S.PUSHED: "note",
    _S.CONTACTED: "note",
    _S.ASSESSING: "note",
    _S.GRANTED: "done",
    _S.DECLINED: "quiet",
    _S.WITHDRAWN: "quiet",
    _S.AFTERCARE: "done",
}


class AnswerKind(models.TextChoices):
    """What a bank answers, in its order."""

    CONTACTED = "CONTACTED", "已联系本人"
    ASSESSING = "ASSESSING", "授信审批中"
    GRANTED = "GRANTED", "已放款"
    DECLINED = "DECLINED", "未通过"
    AFTERCARE = "AFTERCARE", "贷后回访"
    CORRECTED = "CORRECTED", "按月度回报更正"


# From which states a bank may answer so; the state that comes of it has the answer's name.
ANSWERABLE = {
    AnswerKind.CONTACTED: [_S.PUSHED],
    AnswerKind.ASSESSING: [_S.PUSHED, _S.CONTACTED],
    AnswerKind.GRANTED: LOAN_WITH_BANK,
    AnswerKind.DECLINED: LOAN_WITH_BANK,
    AnswerKind.AFTERCARE: LOAN_PAID,
}


class AnsweredBy(models.TextChoices):
    ROOM = "ROOM", "合作单位页面"
    API = "API", "接口"
    RETURN = "RETURN", "月度回报"


class BankReturnState(models.TextChoices):
    SUBMITTED = "SUBMITTED", "待核对"
    ACCEPTED = "ACCEPTED", "已确认"
    RETURNED = "RETURNED", "已退回"


BANK_RETURN_TRANSITIONS = [
    (BankReturnState.SUBMITTED, BankReturnState.ACCEPTED),
    (BankReturnState.SUBMITTED, BankReturnState.RETURNED),
]
BANK_RETURN_TONES = {
    BankReturnState.SUBMITTED: "warning",
    BankReturnState.ACCEPTED: "done",
    BankReturnState.RETURNED: "quiet",
}


class Finding(models.TextChoices):
    """What a line of a bank's return is against the referrals."""

    MATCH = "MATCH", "一致"
    DIFFERS = "DIFFERS", "与推荐单不一致"
    NOT_NOTED = "NOT_NOTED", "推荐单还没记放款"
    ENDED = "ENDED", "推荐单已结束"
    MISSING = "MISSING", "推荐单已放款，回报里没有"
    NO_REFERRAL = "NO_REFERRAL", "没有经平台推荐"


# Lines that somebody decides; the others count as the bank returned them.
FINDING_TO_DECIDE = [Finding.DIFFERS, Finding.NOT_NOTED, Finding.ENDED, Finding.MISSING]
FINDING_TONES = {
    Finding.MATCH: "done",
    Finding.DIFFERS: "error",
    Finding.NOT_NOTED: "warning",
    Finding.ENDED: "error",
    Finding.MISSING: "error",
    Finding.NO_REFERRAL: "quiet",
}


class LineDecision(models.TextChoices):
    RETURN = "RETURN", "按回报计入"
    REFERRAL = "REFERRAL", "按推荐单计入"
    LEAVE_OUT = "LEAVE_OUT", "不计入"


# What may be decided of a line: without a row there is nothing to take, without a granted amount
# at the referral neither.
DECISIONS = {
    Finding.DIFFERS: [LineDecision.RETURN, LineDecision.REFERRAL, LineDecision.LEAVE_OUT],
    Finding.NOT_NOTED: [LineDecision.RETURN, LineDecision.LEAVE_OUT],
    Finding.ENDED: [LineDecision.RETURN, LineDecision.LEAVE_OUT],
    Finding.MISSING: [LineDecision.REFERRAL, LineDecision.LEAVE_OUT],
}
