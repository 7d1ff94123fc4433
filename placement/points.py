"""How service becomes points under a scheme: pure reckoning, no number of its own (`domain.md` B.5)."""

from decimal import ROUND_HALF_UP, Decimal

from placement.enums import QuantitySource

CENT = Decimal("0.01")
NOTHING = Decimal(0)


def service_years(enlisted_on, discharged_on, scheme):
    """Years of service as the scheme counts them: whole ones, and its share for the rest."""
    months = (discharged_on.year - enlisted_on.year) * 12 + discharged_on.month - enlisted_on.month
    more_days = discharged_on.day > enlisted_on.day
    if discharged_on.day < enlisted_on.day:
        months -= 1
        more_days = True
    years, rest = divmod(max(months, 0), 12)
    if rest >= scheme.part_months:
        part = scheme.long_part
    elif rest or more_days:
        part = scheme.short_part
    else:
        part = NOTHING
    return Decimal(years) + part


def quantity_from_file(rule, person, scheme, *, discharged_on):
    """What the person's file says for a rule: (quantity, in which words); quantity 0 when it does
    not apply, None when the file cannot say."""
    if rule.source == QuantitySource.SERVICE_YEARS:
        if person.enlisted_on is None:
            return None, "档案里没有入伍时间，请先补齐档案。"
        years = service_years(person.enlisted_on, discharged_on, scheme)
        until = years if rule.to_year is None else min(years, Decimal(rule.to_year))
        within = max(until - rule.from_year, NOTHING)
        return within, (
            f"{person.enlisted_on:%Y-%m}至{discharged_on:%Y-%m}，折算{_plain(years)}年，"
            f"其中{_plain(within)}年计入本项"
        )
    if rule.source == QuantitySource.DISABILITY:
        fits = (person.disability_nature, person.disability_grade) == (rule.nature, rule.grade)
        return (Decimal(1), "按档案里的残疾性质和等级") if fits else (NOTHING, "")
    return None, ""


def line_points(rule, quantity, *, before=NOTHING):
    """Signed points of `quantity` units under `rule`; `before` is what its other lines took already."""
    points = rule.points * quantity if rule.per_unit else rule.points
    if not rule.per_unit and before:
        points = NOTHING  # counts once, however often
    if rule.cap is not None:
        points = min(points, max(rule.cap - before, NOTHING))
    points = points.quantize(CENT, rounding=ROUND_HALF_UP)
    return -points if rule.is_deduction else points


def counted(lines):
    """Points for each of `(rule, quantity)` pairs, in their order, caps kept over all of a rule."""
    taken, found = {}, []
    for rule, quantity in lines:
        points = line_points(rule, quantity, before=taken.get(rule.pk, NOTHING))
        taken[rule.pk] = taken.get(rule.pk, NOTHING) + abs(points)
        found.append(points)
    return found


def sums(lines, chain):
    """(total, ranks before all others, points by each group of the tie chain) of a sheet's lines."""
    by_group = {}
    for line in lines:
        group = line.rule.group
        by_group[group] = by_group.get(group, NOTHING) + line.points
    total = sum(by_group.values(), NOTHING)
    first = any(line.rule.places_first for line in lines)
    return total, first, [by_group.get(group, NOTHING) for group in chain]


def key(sheet):
    """By what sheets are ordered, best first; equal keys are equal ranks."""
    return (not sheet.places_first, -sheet.total, [-each for each in sheet.tie_points])


def ranked(sheets):
    """[(rank, sheet)] best first: equals share a rank, and the next one leaves a gap."""
    found = []
    for place, sheet in enumerate(sorted(sheets, key=key), start=1):
        same = found and key(found[-1][1]) == key(sheet)
        found.append((found[-1][0] if same else place, sheet))
    return found


def _plain(number):
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
