"""How figures of a return stand in a table."""

from decimal import Decimal

from django import template

from reports import catalogue
from veterans_portal import indicators

register = template.Library()


@register.filter
def plain(value):
    """1234.50 -> 1,234.5; nothing -> —; words stay as they are."""
    if value is None or value == "":
        return "—"
    if isinstance(value, int | Decimal):
        whole, _, parts = indicators.plain(value).partition(".")
        return f"{int(whole):,}" + (f".{parts}" if parts else "")
    return value


@register.filter
def signed(value):
    """A difference with its sign; nothing -> —."""
    if value is None:
        return "—"
    return f"+{plain(value)}" if value > 0 else plain(value)


@register.filter
def section(indicator):
    """The line of work that an indicator is for."""
    return catalogue.section_of(indicator)


@register.filter
def at(items, position):
    """The item of a list at a position."""
    return items[position]
