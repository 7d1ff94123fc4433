"""Every indicator of the portal, in the order of the return."""

from placement.indicators import INDICATORS as PLACEMENT
from services.indicators import INDICATORS as SERVICES
from veterans_portal.errors import DomainError

INDICATORS = [*SERVICES, *PLACEMENT]
BY_CODE = {indicator.code: indicator for indicator in INDICATORS}
CODES = [indicator.code for indicator in INDICATORS]
# What stands before the number of a code, and the line of work it is for.
SECTIONS = {"SVC": "服务保障", "EMP": "安置就业"}
AUTOMATIC = [indicator for indicator in INDICATORS if indicator.is_automatic]


def section_of(indicator):
    """The line of work that an indicator is for."""
    return SECTIONS[indicator.code.partition("-")[0]]


def by_code(code):
    """The indicator of a code; raises DomainError when there is none."""
    try:
        return BY_CODE[code]
    except KeyError:
        raise DomainError(
            f"没有代码为“{code}”的指标。可用的代码：{'、'.join(CODES)}。", code="no_such_indicator"
        ) from None
