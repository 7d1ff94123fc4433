"""Parts of addresses with a shape of their own; imported before any address that uses them."""

from datetime import date

from django.urls import register_converter


class StationCode:
    """Digits, capital letters and hyphens; everything else is no station's address."""

    regex = "[0-9A-Z-]{4,16}"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


class Day:
    """A calendar day as 2026-11-24; what is no day is no address."""

    regex = "20[0-9]{2}-[0-9]{2}-[0-9]{2}"

    def to_python(self, value):
        return date.fromisoformat(value)

    def to_url(self, value):
        return value.isoformat()


register_converter(StationCode, "station")
register_converter(Day, "day")
