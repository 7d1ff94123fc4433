"""Parts of addresses with a shape of their own; imported before any address that uses them."""

from django.urls import register_converter


class StationCode:
    """Digits, capital letters and hyphens; everything else is no station's address."""

    regex = "[0-9A-Z-]{4,16}"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


register_converter(StationCode, "station")
