"""How the API reads what is sent to it."""

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class ShallowJSONParser(JSONParser):
    """JSON; what is nested deeper than Python follows is refused like what is no JSON."""

    def parse(self, *arguments, **named):
        try:
            return super().parse(*arguments, **named)
        except RecursionError as error:
            raise ParseError("提交的内容层层嵌套太深，请按接口说明填写。") from error
