import factory

from services.enums import MatterForm
from services.models import MatterKind, RequiredPaper
from tests.factories.network import ServiceItemFactory


class MatterKindFactory(factory.django.DjangoModelFactory):
    """A policy consultation; traits give the other forms under the codes of the data file."""

    class Meta:
        model = MatterKind
        django_get_or_create = ("code",)

    code = "policy-consultation"
    name = "政策咨询"
    item = factory.SubFactory(ServiceItemFactory)
    form = MatterForm.CONSULTATION
    summary = "写下问题，由工作人员答复"
    conditions = "都可以咨询。\n没有建档也可以。"
    steps = "写下问题。\n站里答复。"
    place = "就近的退役军人服务站，或网上"
    hours = "工作日 9:00—17:00"
    promised_days = 5
    statutory_days = 20

    class Params:
        card = factory.Trait(code="card-apply", name="优待证申领", form=MatterForm.CARD)
        hardship = factory.Trait(code="hardship", name="困难帮扶申请", form=MatterForm.HARDSHIP)
        address = factory.Trait(
            code="file-address", name="档案地址、电话变更", form=MatterForm.FILE_CHANGE
        )
        identity = factory.Trait(
            code="file-identity", name="档案身份变更", form=MatterForm.FILE_CHANGE
        )
        moving = factory.Trait(code="moving-away", name="档案转出无锡", form=MatterForm.FILE_CHANGE)
        proof = factory.Trait(code="identity-proof", name="享受优待身份证明", form=MatterForm.PROOF)
        closed = factory.Trait(is_open=False)


class RequiredPaperFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RequiredPaper

    kind = factory.SubFactory(MatterKindFactory)
    name = factory.Sequence(lambda n: f"居民身份证{n}")
    hint = "正面和背面"
