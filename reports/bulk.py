"""Statements that write a whole month at once; a station at a time would be thousands of them."""

from django.db import connection

from reports.catalogue import AUTOMATIC, CODES
from reports.enums import EDITABLE, ReturnState
from reports.models import Figure, Return, ReturnVersion
from veterans_portal.indicators import Kind

RETURN, FIGURE, VERSION = (model._meta.db_table for model in (Return, Figure, ReturnVersion))
AUTOMATIC_CODES = [indicator.code for indicator in AUTOMATIC]
RATIOS = {indicator.code for indicator in AUTOMATIC if indicator.kind == Kind.RATIO}
COUNTED = """
    unnest(%(stations)s::bigint[], %(codes)s::text[], %(values)s::numeric[],
           %(numerators)s::numeric[], %(denominators)s::numeric[])
    AS counted(station_id, code, value, numerator, denominator)
"""
TYPED = """
    unnest(%(typed_stations)s::bigint[], %(typed_codes)s::text[], %(typed_values)s::numeric[],
           %(typed_numerators)s::numeric[], %(typed_denominators)s::numeric[],
           %(typed_reasons)s::text[])
    AS typed(station_id, code, value, numerator, denominator, reason)
"""
# An automatic figure without records is nought, not unknown; a ratio of nothing has no value.
SYSTEM = """
    CASE WHEN c.kind = 'R' THEN counted.value ELSE COALESCE(counted.value, c.nought) END,
    CASE WHEN c.kind = 'R' THEN COALESCE(counted.numerator, c.nought) END,
    CASE WHEN c.kind = 'R' THEN COALESCE(counted.denominator, c.nought) END
"""
SNAPSHOT = """
    jsonb_object_agg(f.code, jsonb_strip_nulls(jsonb_build_object(
        'system', f.system_value, 'typed', f.typed_value,
        'numerator', COALESCE(f.typed_numerator, f.system_numerator),
        'denominator', COALESCE(f.typed_denominator, f.system_denominator),
        'reason', NULLIF(f.reason, ''), 'returned', NULLIF(f.returned_reason, '')
    )))
"""


def create_figures(period, counted, typed=None):
    """Give every return of the period its figures; those that exist stay as they are.

    System values come from `counted` ({(station id, code): Amount}), `typed` brings returns in
    that were filled elsewhere ({(station id, code): Entry}). Returns how many figures were made.
    """
    typed = typed or {}
    return _run(
        f"""
        INSERT INTO {FIGURE} (of_id, code, system_value, system_numerator, system_denominator,
                              typed_value, typed_numerator, typed_denominator,
                              reason, returned_reason)
        SELECT r.id, c.code, {SYSTEM}, typed.value, typed.numerator, typed.denominator,
               COALESCE(typed.reason, ''), ''
        FROM {RETURN} r
        CROSS JOIN unnest(%(all_codes)s::text[], %(kinds)s::text[], %(noughts)s::numeric[])
            AS c(code, kind, nought)
        LEFT JOIN {COUNTED} ON counted.station_id = r.station_id AND counted.code = c.code
        LEFT JOIN {TYPED} ON typed.station_id = r.station_id AND typed.code = c.code
        WHERE r.period_id = %(period)s
        ON CONFLICT (of_id, code) DO NOTHING
        """,  # noqa: S608
        counted,
        period=period.pk,
        all_codes=CODES,
        kinds=[_kind(code) for code in CODES],
        noughts=[0 if code in AUTOMATIC_CODES else None for code in CODES],
        typed_stations=[station for station, _ in typed],
        typed_codes=[code for _, code in typed],
        typed_values=[entry.value for entry in typed.values()],
        typed_numerators=[entry.numerator for entry in typed.values()],
        typed_denominators=[entry.denominator for entry in typed.values()],
        typed_reasons=[entry.reason for entry in typed.values()],
    ).rowcount


def refresh_figures(period, counted, *, station=None):
    """Bring the system values of returns that may still be edited up to `counted`.

    Of a returned one only the indicators sent back move. Returns the ids of changed returns.
    """
    cursor = _run(
        f"""
        WITH fresh AS (
            SELECT r.id, c.code, {SYSTEM}
            FROM {RETURN} r
            CROSS JOIN unnest(%(all_codes)s::text[], %(kinds)s::text[], %(noughts)s::numeric[])
                AS c(code, kind, nought)
            LEFT JOIN {COUNTED} ON counted.station_id = r.station_id AND counted.code = c.code
            WHERE r.period_id = %(period)s AND r.state = ANY(%(editable)s)
              AND (%(station)s IS NULL OR r.station_id = %(station)s)
        ), now_so AS (SELECT * FROM fresh AS n(of_id, code, value, numerator, denominator))
        UPDATE {FIGURE} f
        SET system_value = n.value, system_numerator = n.numerator,
            system_denominator = n.denominator
        FROM now_so n JOIN {RETURN} r ON r.id = n.of_id
        WHERE f.of_id = n.of_id AND f.code = n.code
          AND (r.state <> %(returned)s OR f.returned_reason <> '')
          AND (f.system_value, f.system_numerator, f.system_denominator)
              IS DISTINCT FROM (n.value, n.numerator, n.denominator)
        RETURNING f.of_id
        """,  # noqa: S608
        counted,
        period=period.pk,
        station=station.pk if station else None,
        editable=[str(state) for state in EDITABLE],
        returned=str(ReturnState.RETURNED),
        all_codes=AUTOMATIC_CODES,
        kinds=[_kind(code) for code in AUTOMATIC_CODES],
        noughts=[0] * len(AUTOMATIC_CODES),
    )
    return sorted({row[0] for row in cursor.fetchall()})


def keep_versions(returns, *, act, by=None, note="", at=None):
    """Write each return as it stands now (ids or a queryset) under its present version number."""
    ids = [pk if isinstance(pk, int) else pk.pk for pk in returns]
    if not ids:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO {VERSION} (of_id, number, act, by_id, at, figures, note)
            SELECT r.id, r.version, %(act)s, %(by)s, COALESCE(%(at)s, statement_timestamp()),
                   {SNAPSHOT}, %(note)s
            FROM {RETURN} r JOIN {FIGURE} f ON f.of_id = r.id
            WHERE r.id = ANY(%(ids)s)
            GROUP BY r.id, r.version
            """,  # noqa: S608
            {
                "act": str(act),
                "by": by.pk if by else None,
                "at": at,
                "note": note[:300],
                "ids": ids,
            },
        )
        return cursor.rowcount


def _kind(code):
    return "R" if code in RATIOS else ""


def _run(statement, counted, **values):
    cursor = connection.cursor()
    cursor.execute(
        statement,
        values
        | {
            "stations": [station for station, _ in counted],
            "codes": [code for _, code in counted],
            "values": [amount.value for amount in counted.values()],
            "numerators": [amount.numerator for amount in counted.values()],
            "denominators": [amount.denominator for amount in counted.values()],
        },
    )
    return cursor
