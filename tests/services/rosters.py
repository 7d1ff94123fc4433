"""Roster workbooks for tests, and a village, a town and a district to import them at."""

from io import BytesIO

import xlsxwriter

from services.enums import Role
from services.rosters.columns import KEYS, TITLES
from services.rosters.template import SAFE
from tests.factories.network import DivisionFactory, PostingFactory, StationFactory
from tests.factories.persons import id_number


def person(serial=1, **values):
    """The cells of one good row, by key."""
    return {
        "name": "王建国",
        "id_number": id_number(serial),
        "categories": "退役士兵",
        "station_code": "320281101001",
    } | values


def workbook(*rows, titles=TITLES, options=SAFE):
    """A workbook of rows (dictionaries by key); text stays text, other values keep their type."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet("名册")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, titles)
        for line, row in enumerate(rows, 1):
            for key, value in row.items():
                column = KEYS.index(key)
                if isinstance(value, str):
                    sheet.write_string(line, column, value)
                elif hasattr(value, "year"):
                    sheet.write_datetime(line, column, value, day)
                else:
                    sheet.write(line, column, value)
    return buffer.getvalue()


def village():
    """The village station that `person` names."""
    return StationFactory(division=DivisionFactory(code="320281101001"))


def clerk():
    """A clerk of the village; returns (user, station)."""
    station = village()
    return PostingFactory(station=station, role=Role.CLERK).user, station


def reviewer():
    """A reviewer of the district above the village; returns (user, district station)."""
    station = village()
    district = station.parent.parent
    return PostingFactory(station=district, role=Role.REVIEWER).user, district
