"""What changed in a person's file, when and by whom, from the rows that triggers keep."""

from django.db.models import TextField
from django.utils import timezone

from accounts.models import User
from veterans_portal import chinese_dates, masking
from veterans_portal.fields import EncryptedTextField

SHOWN = 50
SILENT = {"id", "updated_at", "created_at", "created_by_id", "submitted_by_id", "reviewed_by_id"}
HEALTH = {"disability_grade", "disability_nature"}
MASKS = {
    "id_number": masking.mask_id_number,
    "phone": masking.mask_phone,
    "address": masking.mask_address,
}


def of_file(person, *, health):
    """Entries for `timeline`, newest first: who, when, and each changed fact masked before and after.

    `health` says whether the reader may see disability (`services.perms.may_see_health`).
    """
    events = list(person.history.select_related("pgh_context").order_by("-pgh_id")[:SHOWN])
    names = _names(events)
    entries, after = [], person
    for before in events:
        lines = list(_differences(before, after, person, health))
        if lines:
            entries.append(
                {
                    "at": timezone.localtime(before.pgh_created_at),
                    "title": "、".join(label for label, _, _ in lines),
                    "body": "；".join(f"{label}：{old} → {new}" for label, old, new in lines),
                    "by": names.get(_user_id(before), "系统"),
                }
            )
        after = before
    return entries


def of_change(change, person, *, health):
    """(label, present, wanted) of each fact a ChangeRequest asks for, masked."""
    lines = []
    for name, wanted in change.changes.items():
        field = person._meta.get_field(name)
        if health or field.attname not in HEALTH:
            new = _shown(field, field.to_python(wanted))
            lines.append((field.verbose_name, _shown(field, getattr(person, name)), new))
    return lines


def _differences(before, after, person, health):
    for field in person._meta.concrete_fields:
        name = field.attname
        if name in SILENT or not hasattr(before, name) or (name in HEALTH and not health):
            continue
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield field.verbose_name, _shown(field, old), _shown(field, new)


def _shown(field, value):
    if value in (None, ""):
        return "无"
    if field.name in MASKS:
        return MASKS[field.name](value)
    if isinstance(field, EncryptedTextField):
        return "****"
    if field.is_relation:
        return _related_name(field, value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "是" if value else "否"
    if hasattr(value, "year"):
        return chinese_dates.short(value)
    return str(value) if not isinstance(field, TextField) else str(value)[:60]


def _related_name(field, value):
    if field.related_model is User:
        return "已关联"
    return str(field.related_model._default_manager.filter(pk=value).first() or "无")


def _user_id(event):
    return (event.pgh_context.metadata if event.pgh_context else {}).get("user")


def _names(events):
    ids = {user_id for event in events if (user_id := _user_id(event))}
    return {
        user.pk: user.name if user.is_citizen is False else "本人"
        for user in User.objects.filter(pk__in=ids)
    }
