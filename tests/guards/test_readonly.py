"""GET never writes, whatever the view does."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from accounts.models import AuditEntry, User
from tests.factories.accounts import AuditEntryFactory, UserFactory
from veterans_portal.readonly import WriteOnGetError, read_only_get

pytestmark = pytest.mark.django_db


def answer(method, act):
    def view(request):
        act()
        return HttpResponse("ok")

    return read_only_get(view)(getattr(RequestFactory(), method)("/"))


@pytest.mark.parametrize(
    "act",
    [
        UserFactory,
        lambda: User.objects.update(name="x"),
        lambda: User.objects.filter(pk=1)._raw_delete("default"),
    ],
    ids=["insert", "update", "delete"],
)
def test_get__that_writes__is_refused(act):
    with pytest.raises(WriteOnGetError):
        answer("get", act)


def test_post__that_writes__passes():
    answer("post", UserFactory)
    assert User.objects.exists()


def test_get__that_leaves_its_audit_entry__passes():
    actor = UserFactory(staff=True)
    answer("get", lambda: AuditEntryFactory(actor=actor))
    assert AuditEntry.objects.count() == 1


def test_get__that_locks_what_it_reads__passes():
    answer("get", lambda: list(User.objects.select_for_update(of=("self",))))
