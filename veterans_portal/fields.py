"""Model fields for personal data: encrypted text, and the blind index that finds it again."""

from django.core.exceptions import FieldError
from django.db import models

from veterans_portal import crypto

# What history triggers compare old and new rows by (ciphertext against ciphertext).
ROW_COMPARISONS = ("df", "ndf")


class EncryptedTextField(models.TextField):
    """Text that is SM4-GCM encrypted in the database and plain in Python.

    It can be tested for NULL but not searched: pair it with a `BlindIndexField` for exact
    search (`domain.md` D.2, never LIKE on plaintext).
    """

    description = "SM4 encrypted text"

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return value if value in (None, "") else crypto.encrypt(value)

    def from_db_value(self, value, expression, connection):
        return value if value in (None, "") else crypto.decrypt(value)

    def get_lookup(self, lookup_name):
        if lookup_name not in ("isnull", *ROW_COMPARISONS):
            raise FieldError(f"{self.name} is encrypted: search its blind index instead.")
        return super().get_lookup(lookup_name)


class BlindIndexField(models.CharField):
    """64 hex digits of HMAC-SM3 over another field's text, kept in step on every save.

    `source` names the encrypted field, `kind` the meaning of the text. `bulk_create` goes
    through `pre_save` too; a queryset `update()` must set both columns itself.
    """

    def __init__(self, *args, source=None, kind=None, **kwargs):
        self.source, self.kind = source, kind
        kwargs.setdefault("max_length", 64)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        kwargs.update(source=self.source, kind=self.kind)
        return name, path, args, kwargs

    def pre_save(self, instance, add):
        text = getattr(instance, self.source)
        value = crypto.blind_index(self.kind, text) if text else (None if self.null else "")
        setattr(instance, self.attname, value)
        return value


class PrivateFileField(models.CharField):
    """The name of a file that `accounts.private_files` keeps for good; "" or NULL is none.

    A plain column of its own class, so that the sweep of files that nothing names any more finds
    whatever model holds one.
    """

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 64)
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs
