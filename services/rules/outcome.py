"""What comes of asking one condition, and the refusal of data that cannot be read."""

from dataclasses import dataclass

from veterans_portal.errors import DomainError


class RuleError(DomainError):
    """A rule's data or an act on it is refused."""

    code = "rule_refused"


@dataclass(frozen=True)
class Outcome:
    """Whether it holds, whether that may still change by itself or by what the person can do,
    and the fact in words (without a subject, so that person and staff can read it)."""

    holds: bool
    may_change: bool
    words: str = ""
