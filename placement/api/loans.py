"""Loans over the API: a bank's system reads its own referrals and answers them, as its room does."""

from http import HTTPStatus

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.permissions import BasePermission
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import audit
from placement.actions import loans
from placement.actions.loans.answering import Money
from placement.enums.loans import ANSWERABLE, LOAN_SEEN_BY_BANK, AnsweredBy, AnswerKind, LoanState
from placement.models import LoanReferral
from placement.models.loans import MOST_MONTHS, MOST_RATE, MOST_YUAN
from services.api.keys import PartnerKeyAuthentication
from services.enums import PartnerRole
from services.forms.bookings import CLIENT_KEY
from veterans_portal.pagination import Pages

PROBLEM = OpenApiResponse(description="application/problem+json: title, detail, code, errors")


# What the person agreed to tell, and what the bank knows without it.
OF_PERSON = ("name", "phone", "borrower", "business", "purpose")
PLAIN = (
    "number", "state", "product", "wanted", "wanted_months", "green_channel", "pushed_at", "due_on",
    "amount", "rate", "term_months", "granted_on",
)  # fmt: skip


class BankByKey(BasePermission):
    """The caller's key is that of a bank."""

    message = "这个密钥不是银行的。"

    def has_permission(self, request, view):
        return request.auth is not None and PartnerRole.BANK in request.auth.partner.roles


class LoanSerializer(serializers.Serializer):
    """A referral. `name` and `phone` are null unless the person's consent stands; yuan as text."""

    number = serializers.CharField()
    state = serializers.ChoiceField([LoanState(each) for each in LOAN_SEEN_BY_BANK])
    product = serializers.CharField()
    borrower = serializers.CharField(allow_null=True)
    business = serializers.CharField(allow_null=True)
    purpose = serializers.CharField(allow_null=True)
    name = serializers.CharField(allow_null=True)
    phone = serializers.CharField(allow_null=True)
    wanted = serializers.DecimalField(max_digits=14, decimal_places=2)
    wanted_months = serializers.IntegerField()
    green_channel = serializers.BooleanField()
    pushed_at = serializers.DateTimeField()
    due_on = serializers.DateField(allow_null=True)
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    rate = serializers.DecimalField(max_digits=6, decimal_places=4, allow_null=True)
    term_months = serializers.IntegerField(allow_null=True)
    granted_on = serializers.DateField(allow_null=True)


class AnswerSerializer(serializers.Serializer):
    """An answer. `client_key` is the caller's own name for it: repeated with the same content it is
    answered as the first time, with other content it is refused."""

    client_key = serializers.RegexField(
        CLIENT_KEY.pattern + r"\Z", max_length=64,
        error_messages={"invalid": "须为8至64位字母、数字、点、横线或下划线。"},
    )  # fmt: skip
    kind = serializers.ChoiceField([each.value for each in ANSWERABLE])
    on = serializers.DateField(default=timezone.localdate)
    note = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    amount = serializers.DecimalField(
        max_digits=11, decimal_places=2, min_value=0, max_value=MOST_YUAN, required=False
    )
    rate = serializers.DecimalField(
        max_digits=6, decimal_places=4, min_value=0, max_value=MOST_RATE, required=False
    )
    term_months = serializers.IntegerField(min_value=1, max_value=MOST_MONTHS, required=False)

    def validate(self, attrs):
        money = [attrs.pop(name, None) for name in ("amount", "rate", "term_months")]
        if attrs["kind"] == AnswerKind.GRANTED and None in money:
            missing = zip(("amount", "rate", "term_months"), money, strict=True)
            raise serializers.ValidationError(
                {name: ["放款时必填。"] for name, value in missing if value is None}
            )
        attrs["money"] = Money(*money) if attrs["kind"] == AnswerKind.GRANTED else None
        return attrs


def as_json(referral):
    """What the bank's system may know of a referral."""
    shown = referral.shows_person
    own = {"name": referral.person.name, "phone": referral.person.phone} if shown else {}
    own |= {name: getattr(referral, name) for name in OF_PERSON[2:] if shown}
    plain = {name: getattr(referral, name) for name in PLAIN}
    return LoanSerializer(dict.fromkeys(OF_PERSON) | plain | own).data


class BankView(APIView):
    """Closed to everybody but the key of a bank."""

    authentication_classes = [PartnerKeyAuthentication]
    permission_classes = [BankByKey]

    def mine(self):
        """The referrals that were pushed to the caller's bank."""
        return LoanReferral.objects.of_bank(self.request.auth.partner).with_all()

    def one(self, number):
        """One of them by its number; Http404 for another bank's as for none."""
        found = self.mine().filter(number=number).first()
        if found is None:
            raise Http404
        return found


class LoanList(BankView):
    """The bank's referrals, newest first; `state` narrows them."""

    @extend_schema(operation_id="loans_list", responses={200: LoanSerializer(many=True)})
    def get(self, request):
        """A page of them. Each reading of persons is in the audit trail."""
        rows = self.mine().order_by("-pushed_at", "-pk")
        if (state := request.query_params.get("state")) in LOAN_SEEN_BY_BANK:
            rows = rows.filter(state=state)
        pages = Pages()
        page = pages.paginate_queryset(rows, request, view=self)
        audit.record(
            "placement.loans_read", request.auth.partner, by=request.user,
            station=request.auth.partner.station, request=request,
            detail={"numbers": [each.number for each in page if each.shows_person]},
        )  # fmt: skip
        return pages.get_paginated_response([as_json(each) for each in page])


class LoanDetail(BankView):
    """One referral by its number."""

    @extend_schema(operation_id="loans_read", responses={200: LoanSerializer, 404: PROBLEM})
    def get(self, request, number):
        """With the person while the consent stands."""
        shown = self.one(number)
        if shown.shows_person:
            audit.record(
                "placement.loan_read", shown, by=request.user, station=shown.station,
                on_behalf_of=shown.person.name, detail={"bank": shown.bank_id}, request=request,
            )  # fmt: skip
        return Response(as_json(shown))


class LoanAnswers(BankView):
    """The bank's answers to one referral."""

    @extend_schema(
        operation_id="loans_answer",
        request=AnswerSerializer,
        responses={
            201: LoanSerializer,
            200: OpenApiResponse(LoanSerializer, description="这个 client_key 先前已登记"),
            400: PROBLEM,
            404: PROBLEM,
            409: PROBLEM,
        },
    )
    def post(self, request, number):
        """201, or 200 for a repeated `client_key`; 409 when the referral does not allow it."""
        asked = AnswerSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given = loans.answer(
            referral=self.one(number), by=request.user, via=AnsweredBy.API, **asked.validated_data
        )
        status = HTTPStatus.OK if given.replayed else HTTPStatus.CREATED
        return Response(as_json(self.one(number)), status=status)
