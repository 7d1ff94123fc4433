"""A made-up roster of any length, for measuring the import: fictional people, valid numbers."""

import random
from datetime import date, timedelta

import xlsxwriter
from stdnum.cn.ric import calc_check_digit

from services.enums import IdentityCategory
from services.rosters.columns import KEYS, TITLES
from services.rosters.template import SAFE, SHEET

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "建国志强明华军平海波勇伟杰磊刚涛超辉鹏飞"
FIRST_BIRTH = date(1940, 1, 1)


def people(count, *, stations, seed=1):
    """Yield `count` rows of cells in the order of the columns; no ID number twice."""
    rng = random.Random(seed)  # noqa: S311  sample data
    for number in range(count):
        birth = FIRST_BIRTH + timedelta(days=number % 20_000)
        head = f"320281{birth:%Y%m%d}{100 + number // 20_000:03d}"
        man = int(head[-1]) % 2 == 1
        values = {
            "name": rng.choice(SURNAMES) + rng.choice(GIVEN) + rng.choice(GIVEN),
            "id_number": head + calc_check_digit(head + "0"),
            "sex": "男" if man else "女",
            "birth": f"{birth:%Y-%m-%d}",
            "phone": f"199{rng.randrange(10**8):08d}",
            "address": f"无锡市测试街道示范路{rng.randrange(1, 2000)}号{rng.randrange(1, 40)}幢",
            "station_code": rng.choice(stations),
            "categories": IdentityCategory.DISCHARGED_SOLDIER.label,
            "evidence": "退出现役证",
            "enlisted_on": f"{birth + timedelta(days=7000):%Y-%m-%d}",
            "discharged_on": f"{birth + timedelta(days=8000):%Y-%m-%d}",
            "placement_way": "自主就业",
            "lives_alone": rng.choice("是否"),
        }
        yield [values.get(key, "") for key in KEYS]


def write(path, count, *, stations, seed=1):
    """Write a roster workbook, every cell as text."""
    with xlsxwriter.Workbook(path, SAFE | {"constant_memory": False}) as book:
        sheet = book.add_worksheet(SHEET)
        for column, title in enumerate(TITLES):
            sheet.write_string(0, column, title)
        for row, cells in enumerate(people(count, stations=stations, seed=seed), 1):
            for column, cell in enumerate(cells):
                if cell:
                    sheet.write_string(row, column, cell)
