"""Move all encrypted values to the current key (`domain.md` D.2, key id in every value)."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts import private_files, rotation
from accounts.audit import record
from veterans_portal.crypto import UnreadableValueError


class Command(BaseCommand):
    """Re-encrypts in batches while the portal runs; may be stopped and started again."""

    help = "把全部加密数据换到当前密钥（CRYPTO_KEY_ID）下，可以中断后再次执行"

    def add_arguments(self, parser):
        parser.add_argument(
            "--rehash", action="store_true", help="同时按当前 BLIND_INDEX_KEY 重算全部盲索引"
        )

    def handle(self, *args, **options):
        try:
            changed = self._rotate(options["rehash"])
        except UnreadableValueError as error:
            raise CommandError(
                f"有数据打不开（{error}）。请确认 CRYPTO_KEYS 里还保留着旧密钥，再执行一次。"
            ) from error
        record("accounts.keys_rotated", detail={"rows": changed, "rehash": options["rehash"]})
        self.stdout.write(
            f"完成：{changed}项已换到密钥{settings.CRYPTO_KEY_ID}。旧密钥请保留"
            f"{settings.PRIVATE_FILE_DAYS}天（结果文件）和数据库备份的保存期，再从 CRYPTO_KEYS 去掉。"
        )

    def _rotate(self, rehash):
        changed = 0
        for model, secret, blind in rotation.encrypted_columns():
            rows = rotation.rotate(model, secret)
            changed += rows
            self.stdout.write(f"{model._meta.verbose_name}：{rows}行换了密钥")
            if rehash and blind:
                self.stdout.write(f"　重算盲索引：{rotation.rehash(model, blind)}行")
        files = private_files.rotate()
        self.stdout.write(f"长期保存的文件：{files}份换了密钥")
        return changed + files
