"""A founder's own: enterprises in the directory, and the bundle."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.perms import is_citizen, only
from placement.actions import bundles, enterprises
from placement.forms.startups import BundleForm, EnterpriseForm
from placement.models import StartupBundle, VeteranEnterprise
from services.forms.fields import add_refusal
from services.models import Person
from veterans_portal.errors import DomainError


@only(is_citizen)
@require_safe
def my_startups(request):
    """My enterprises and bundles."""
    context = {
        "person": Person.objects.own_file(request.user),
        "enterprises": list(VeteranEnterprise.objects.visible_to(request.user)[:50]),
        "bundles": list(StartupBundle.objects.visible_to(request.user)[:50]),
    }
    return render(request, "placement/me/startups.html", context)


@only(is_citizen)
@require_http_methods(["GET", "HEAD", "POST"])
def enterprise_edit(request, pk=None):
    """Hand in an enterprise, or change one: it is checked again."""
    mine = VeteranEnterprise.objects.visible_to(request.user).select_related("person")
    known = get_object_or_404(mine, pk=pk) if pk else None
    person = known.person if known else Person.objects.own_file(request.user)
    if person is None:
        return render(request, "placement/me/no_file.html", {"title": "登记军创企业"})
    known = known or VeteranEnterprise(person=person, phone=person.phone or "")
    form = EnterpriseForm(request.POST if request.method == "POST" else None, instance=known)
    if request.method == "POST" and form.is_valid():
        try:
            enterprises.submit(enterprise=form.save(commit=False), by=request.user)
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, "已提交，审核通过后公开展示。")
            return redirect("placement:my_startups")
    context = {"form": form, "enterprise": known if pk else None}
    return render(request, "placement/me/enterprise_edit.html", context)


@only(is_citizen)
@require_POST
def enterprise_act(request, pk, act):
    """Ask to stay, or take it down."""
    known = get_object_or_404(VeteranEnterprise.objects.visible_to(request.user), pk=pk)
    try:
        if act == "renew":
            enterprises.renew(enterprise=known, by=request.user)
            messages.success(request, "已申请续展，审核期间照常展示。")
        elif act == "remove":
            enterprises.remove(enterprise=known, by=request.user, reason="本人撤下")
            messages.success(request, "已撤下，别人看不到了。")
        else:
            raise Http404
    except DomainError as refused:
        messages.error(request, refused.message)
    return redirect("placement:my_startups")


@only(is_citizen)
@require_http_methods(["GET", "HEAD", "POST"])
def bundle_new(request):
    """One form; who asks is known from the file."""
    person = Person.objects.own_file(request.user)
    if person is None:
        return render(request, "placement/me/no_file.html", {"title": "创业一件事"})
    form = BundleForm(
        request.POST if request.method == "POST" else None, instance=StartupBundle(person=person)
    )
    if request.method == "POST" and form.is_valid():
        asked = form.save(commit=False)
        asked.client_key = form.cleaned_data["client_key"]
        try:
            made = bundles.submit(
                bundle=asked, kinds=list(form.cleaned_data["kinds"]), by=request.user
            )
        except DomainError as refused:
            add_refusal(form, refused)
        else:
            messages.success(request, f"已受理，编号{made.number}。")
            return redirect(made)
    context = {"form": form, "person": person, "offered": bundles.offered().exists()}
    return render(request, "placement/me/bundle_new.html", context)


@only(is_citizen)
@require_safe
def bundle(request, pk):
    """One: each item with its department, state and clock."""
    shown = get_object_or_404(
        StartupBundle.objects.visible_to(request.user).select_related("station"), pk=pk
    )
    context = {"bundle": shown, "items": list(shown.items.all())}
    return render(request, "placement/me/bundle.html", context)


@only(is_citizen)
@require_POST
def bundle_withdraw(request, pk):
    """Take back what is not decided yet."""
    shown = get_object_or_404(StartupBundle.objects.visible_to(request.user), pk=pk)
    try:
        bundles.withdraw(bundle=shown, by=request.user)
    except DomainError as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "已撤回，办好的仍然有效。")
    return redirect(shown)
