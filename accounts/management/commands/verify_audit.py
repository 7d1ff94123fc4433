"""Prove that nobody changed the audit trail."""

from django.core.management.base import BaseCommand, CommandError

from accounts import sealing


class Command(BaseCommand):
    """Walks the whole chain; ends with an error that names the first broken row."""

    help = "核对审计记录的封签链，指出第一处被改动的记录"

    def add_arguments(self, parser):
        parser.add_argument(
            "--head", help="另存的封签，写作 序号:摘要；与库内不同即说明链被整体改写", default=""
        )

    def handle(self, *args, **options):
        proof = sealing.verify()
        if proof.fault:
            raise CommandError(f"审计记录被改动：{proof.fault}。此前的{proof.seals}条完好。")
        if options["head"]:
            self._compare(options["head"])
        self.stdout.write(f"审计记录完好：{proof.seals}条，最新封签 {proof.seals}:{proof.head}")

    @staticmethod
    def _compare(head):
        number, _, digest = head.partition(":")
        if not number.isdigit() or sealing.digest_at(int(number)) != digest:
            raise CommandError(f"审计记录被改动：第{number}号封签与另存的不同。")
