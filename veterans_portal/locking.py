"""Locking one row, and reading it with what it points at."""


def locked(rows, pk):
    """Lock the row `pk` until the transaction ends, then return it as the queryset `rows` reads it.

    Two queries on purpose: joined in the locking one, a row whose foreign key changed while we
    waited would not be found at all, or would come with the old row beside it. Raises DoesNotExist.
    """
    model = rows.model
    bare = model._base_manager.select_for_update(no_key=True).filter(pk=pk)
    list(bare.values_list("pk"))
    return rows.get(pk=pk)
