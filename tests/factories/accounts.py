import factory
from django.utils import timezone

from accounts.enums import AdminRole, Channel, JobState, MessageState, UserKind
from accounts.models import AuditEntry, Consent, Job, Message, User

PASSWORD = "Lake-Tai-2025"


class UserFactory(factory.django.DjangoModelFactory):
    """A citizen; traits make staff and the three administrators."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    kind = UserKind.CITIZEN
    name = factory.Sequence(lambda n: f"测试{n}")
    phone = factory.Sequence(lambda n: f"199001{n:05d}")
    phone_verified_at = factory.LazyFunction(timezone.now)
    password = factory.django.Password(PASSWORD)
    password_changed_at = factory.LazyFunction(timezone.now)

    class Params:
        staff = factory.Trait(
            kind=UserKind.STAFF,
            staff_number=factory.Sequence(lambda n: f"T{n:05d}"),
            phone=None,
            phone_verified_at=None,
            granted_at=factory.LazyFunction(timezone.now),
        )
        administrator = factory.Trait(
            kind=UserKind.ADMINISTRATOR,
            staff_number=factory.Sequence(lambda n: f"A{n:05d}"),
            phone=None,
            phone_verified_at=None,
            granted_at=factory.LazyFunction(timezone.now),
            admin_role=AdminRole.SYSTEM,
        )
        security = factory.Trait(administrator=True, admin_role=AdminRole.SECURITY)
        auditor = factory.Trait(administrator=True, admin_role=AdminRole.AUDIT)


class MessageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Message

    user = factory.SubFactory(UserFactory)
    phone = factory.LazyAttribute(lambda o: o.user.phone)
    channel = Channel.SMS
    kind = "test"
    title = "提醒"
    body = "您有一条提醒。"

    class Params:
        inbox = factory.Trait(
            channel=Channel.INBOX,
            phone=None,
            state=MessageState.SENT,
            sent_at=factory.LazyFunction(timezone.now),
        )


class JobFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Job

    kind = "test"
    title = "测试工作"
    owner = factory.SubFactory(UserFactory, staff=True)

    class Params:
        done_ = factory.Trait(state=JobState.DONE, finished_at=factory.LazyFunction(timezone.now))
        failed = factory.Trait(
            state=JobState.FAILED, error="原因", finished_at=factory.LazyFunction(timezone.now)
        )


class AuditEntryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = AuditEntry

    act = "test.done"
    actor = factory.SubFactory(UserFactory, staff=True)
    actor_name = factory.LazyAttribute(lambda o: o.actor.name)


class ConsentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Consent

    user = factory.SubFactory(UserFactory)
    purpose = "test"
    text_version = "1"
