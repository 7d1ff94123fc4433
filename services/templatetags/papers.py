"""The papers of a matter on any page that shows one."""

from django import template

from services.actions import matter_files as acts
from services.forms.matter_files import UploadForm

register = template.Library()


@register.inclusion_tag("services/includes/matter_file_list.html", takes_context=True)
def matter_file_list(context, matter, may_change):
    """What was handed in, what is still wanted, and, with `may_change`, the form to hand in more."""
    request = context["request"]
    files = list(matter.files.kept().select_related("paper", "by"))
    for file in files:
        file.matter = matter
        file.may_go = may_change and acts.may_remove(file, request.user)
    there = {file.paper_id for file in files}
    papers = list(matter.kind.papers.all())
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "matter": matter,
        "files": files,
        "missing": [each for each in papers if each.is_required and each.pk not in there],
        "may_add": may_change and acts.may_add(matter, request.user),
        "needs_reason": acts.needs_reason(matter),
        "form": UploadForm(matter=matter),
        "back": request.path,
    }
