"""The nightly search for doubles measured: 160,000 files of made-up people.

`python -m benchmarks.duplicates [--files N]`. One file in a hundred is a double whose ID number was
written with one wrong digit. The second search finds nothing new: that is what every night costs.
"""

import argparse
import os
import random
import resource
import time
from datetime import date, timedelta

import django

from benchmarks.database import own_database
from veterans_portal import embedded

DATABASE = "portal_bench_duplicates"
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
OFTEN = "建国 建军 卫东 志强 国平 永明 德才 福生 根生 金海 国良 文斌 立新 志远 海涛 晓东 振华 伟民 秀英 桂兰"
SYLLABLES = "建国志强明华军平海波勇伟杰磊刚涛超辉鹏飞文武林峰东成德福生根金荣兴良斌新远晓振民惠"
FIRST_BIRTH, DAYS = date(1940, 1, 1), 20_000
CHUNK = 5000


def main():
    """Measure and print."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.duplicates")
    options.add_argument("--files", type=int, default=160_000)
    chosen = options.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.settings"
    with embedded.servers("run"):
        django.setup()
        with own_database(DATABASE):
            doubles = _fill(chosen.files)
            measure(doubles)


def measure(doubles):
    """Search twice; prints a line each."""
    from django.db.models import Count

    from services.actions import duplicates
    from services.models import Person

    names = Person.objects.values("name").annotate(files=Count("pk"))
    most = names.order_by("-files")[0]
    print(f"{Person.objects.count()} files, {names.count()} names, {doubles} doubles; "
          f"{most['files']} are called {most['name']}; {_peak():.0f} MB before")  # fmt: skip
    for title in ("first night", "every night"):
        clock, processor = time.perf_counter(), time.process_time()
        found = duplicates.find()
        print(
            f"{title}: {found} new pairs, {time.perf_counter() - clock:.1f} s clock, "
            f"{time.process_time() - processor:.1f} s processor, {_peak():.0f} MB peak",
            flush=True,
        )


def _peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def people(count, *, seed=1):
    """Yield (name, ID number, birth, phone); one in a hundred is the one before, one digit wrong."""
    from stdnum.cn.ric import calc_check_digit

    rng = random.Random(seed)  # noqa: S311  sample data
    weights = [1 / (3 + rank) for rank in range(len(SURNAMES))]
    head, name, phone = "", "", ""
    for number in range(count):
        if number % 100:
            birth = FIRST_BIRTH + timedelta(days=number % DAYS)
            head = f"320281{birth:%Y%m%d}{100 + number // DAYS * 2 + number % 2:03d}"
            name = rng.choices(SURNAMES, weights)[0] + _given(rng)
            phone = f"199{rng.randrange(10**8):08d}"
        elif head:
            head = f"{head[:-3]}9{head[-2:]}"
        else:
            continue
        yield name, head + calc_check_digit(head + "0"), birth, phone


def _given(rng):
    if rng.random() < 0.4:
        return rng.choice(OFTEN.split())
    return rng.choice(SYLLABLES) + rng.choice(SYLLABLES)


def _fill(count):
    """Write the files; returns how many doubles are among them."""
    from django.db import connection
    from django.utils import timezone

    from services.models import Division, Person, Station

    province = Division.objects.create(code="320000000000", name="江苏省", level=1)
    place = Division.objects.create(code="320200000000", name="无锡市", level=2, parent=province)
    station = Station.objects.create(code="320200000000", name="市中心", tier=1, path="3202/",
                                     division=place, active_from=date(2019, 1, 1))  # fmt: skip
    now, rows = timezone.now(), []
    for name, number, birth, phone in people(count):
        rows.append(Person(name=name, sex="M", birth=birth, id_number=number, phone=phone,
                           station=station, state="FILED", source="ROSTER", filed_at=now))  # fmt: skip
        rows[-1].set_search_keys()
        if len(rows) == CHUNK:
            Person.objects.bulk_create(rows)
            rows.clear()
    Person.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE services_person")
    return (count - 1) // 100


if __name__ == "__main__":
    main()
