"""Queries of the hot path whose SQL is put together once and then run with other parameters.

Django puts every queryset together anew; for a query with joins that costs more than PostgreSQL's
answer. Results are the same model instances, with their related objects and decrypted fields.
"""

from threading import Lock

from django.db import connections
from django.db.models.query import get_related_populators


class Prepared:
    """`Prepared(lambda: Slot.objects.select_related(…).filter(pk=0))`, then `.first(pk)`.

    The parameters stand in the order of the queryset's conditions: one `filter()` for each,
    because Django sorts those of one call by name.
    """

    def __init__(self, queryset):
        self._queryset, self._made, self._lock = queryset, None, Lock()

    def first(self, *params):
        """The first row as an instance, or None."""
        sql, alias, build = self._made or self._make()
        with connections[alias].cursor() as cursor:
            cursor.execute(sql, params)
            row = cursor.fetchone()
        return None if row is None else build(row)

    def _make(self):
        with self._lock:
            if self._made is None:
                queryset = self._queryset().order_by()
                compiler = queryset.query.get_compiler(using=queryset.db)
                sql, _ = compiler.as_sql()
                self._made = (sql, queryset.db, _builder(compiler, queryset.db))
        return self._made


def _builder(compiler, alias):
    select, info = compiler.select, compiler.klass_info
    start, end = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [column[0].target.attname for column in select[start:end]]
    populators = get_related_populators(info, select, alias)
    converters = compiler.get_converters([column[0] for column in select])

    def build(row):
        if converters:
            row = next(iter(compiler.apply_converters([row], converters)))
        made = info["model"].from_db(alias, names, row[start:end])
        for populator in populators:
            populator.populate(row, made)
        return made

    return build
