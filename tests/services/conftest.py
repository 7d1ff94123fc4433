import pytest


@pytest.fixture(scope="module")
def network(django_db_setup, django_db_blocker):
    """Wuxi's whole network, laid down once for a module; each test's changes roll back on it."""
    from services.actions.network import lay_down_network
    from services.models import Division, ServiceItem, Station

    with django_db_blocker.unblock():
        lay_down_network()
    yield
    with django_db_blocker.unblock():
        for model in (Station, Division, ServiceItem):
            model.objects.all()._raw_delete("default")
