import structlog
from django.apps import AppConfig
from django_structlog.signals import bind_extra_request_metadata


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "账号与审计"

    def ready(self):
        bind_extra_request_metadata.connect(_bind_address, dispatch_uid="accounts.address")


def _bind_address(request, **_):
    """Log lines name the same address as the audit trail, behind proxies too."""
    from accounts.audit import client_address

    structlog.contextvars.bind_contextvars(ip=client_address(request))
