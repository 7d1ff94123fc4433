"""How long one answer of the API may be."""

from rest_framework.pagination import LimitOffsetPagination


class Pages(LimitOffsetPagination):
    """`?limit=&offset=`; nobody takes a whole city's rows in one answer."""

    max_limit = 200
