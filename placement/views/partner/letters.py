"""In an employer's room: who comes with a letter, and that they are at work."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from placement.actions import seating
from placement.forms.selection import SeatForm
from placement.models import IntroductionLetter
from services.enums import PartnerRole
from services.forms.fields import add_refusal
from services.partner_room import room
from veterans_portal.errors import DomainError

SHOWN = 100


@require_safe
@room(PartnerRole.EMPLOYER)
def letter_list(request, partner):
    """Letters to this employer, the next term first."""
    rows = IntroductionLetter.objects.filter(employer=partner).with_all()
    context = {"partner": partner, "letters": rows.order_by("state", "seat_by", "pk")[:SHOWN]}
    return render(request, "placement/partner/letter_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@room(PartnerRole.EMPLOYER)
def letter_seat(request, partner, letter):
    """Confirm the first day at work."""
    rows = IntroductionLetter.objects.filter(employer=partner).with_all()
    shown = get_object_or_404(rows, pk=letter)
    form = SeatForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            seating.seat(letter=shown, by=request.user, **form.cleaned_data)
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, "已确认上岗，谢谢。")
            return redirect("placement:partner_letters", partner.pk)
    context = {"partner": partner, "letter": shown, "form": form}
    return render(request, "placement/partner/letter.html", context)
