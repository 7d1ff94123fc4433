"""Errors of the API as problem documents (RFC 9457), in Chinese."""

from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from veterans_portal.errors import DomainError

CONTENT_TYPE = "application/problem+json"
TITLES = {
    400: "提交的内容需要改一改",
    401: "请先登录",
    403: "您没有办理这件事的权限",
    404: "没有找到",
    405: "这个地址不支持这种操作",
    406: "不支持所要求的格式",
    409: "与当前情况冲突",
    415: "不支持所提交的格式",
    422: "按规定这样办不了",
    429: "操作太频繁，请稍后再试",
}


def handler(error: Exception, context: dict) -> Response | None:
    """DRF's exception handler. None (a 500 with our own page) for what nobody foresaw."""
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if isinstance(error, DomainError):
        status = getattr(error, "status", HTTPStatus.CONFLICT)
        errors = {"errors": {error.field: [error.message]}} if error.field else {}
        response = problem(status, detail=error.message, code=error.code, **errors)
    elif isinstance(error, exceptions.APIException):
        response = _from_api_exception(error)
    else:
        return None
    set_rollback()
    return response


def problem(status: int, *, detail: str = "", **members: object) -> Response:
    """A problem document; `members` are added to it (RFC 9457 §3.2)."""
    body = {"type": "about:blank", "title": TITLES.get(status, "没有办成"), "status": int(status)}
    if detail:
        body["detail"] = detail
    return Response(body | members, status=status, content_type=CONTENT_TYPE)


def _from_api_exception(error: exceptions.APIException) -> Response:
    if isinstance(error, exceptions.ValidationError):
        fields = error.detail if isinstance(error.detail, dict) else {"": error.detail}
        response = problem(error.status_code, errors=fields)
    elif isinstance(error, exceptions.Throttled):
        seconds = int(getattr(error, "wait", None) or 0)
        detail = f"请在 {seconds} 秒后再试。" if seconds else ""
        response = problem(error.status_code, detail=detail)
    else:
        response = problem(error.status_code, detail=str(error.detail))
    if header := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = header
    if wait := getattr(error, "wait", None):
        response["Retry-After"] = str(int(wait))
    return response
