"""The desk's side of the guides: all staff see what there is, the city's heads change it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.perms import only
from services.actions.guides import GuideError, change_guide
from services.forms.guides import GuideForm
from services.models import MatterKind
from services.perms import may_keep_guides, works_at_a_desk


@only(works_at_a_desk)
@require_safe
def guide_list(request):
    context = {"kinds": list(MatterKind.objects.all()), "may_keep": may_keep_guides(request.user)}
    return render(request, "services/desk/guide_list.html", context)


@only(may_keep_guides)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, code):
    kind = get_object_or_404(MatterKind, code=code)
    form = GuideForm(request.POST or None, instance=kind)
    if request.method == "POST" and form.is_valid():
        try:
            changed = change_guide(
                kind=kind, by=request.user, values=form.cleaned_data, request=request
            )
        except GuideError as refusal:
            form.add_error(None, refusal.message)
        else:
            words = "、".join(changed)
            messages.success(request, f"已保存：{words}。" if changed else "内容没有变化。")
            return redirect("services:desk_guides")
    context = {"kind": MatterKind.objects.get(pk=kind.pk), "form": form}
    return render(request, "services/desk/guide_edit.html", context)
