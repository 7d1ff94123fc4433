from django.core.management.base import BaseCommand

from services.actions.guides import lay_down_guides
from services.actions.network import lay_down_network


class Command(BaseCommand):
    help = (
        "Lay down divisions, stations, service items and guides from services/data (may run again)."
    )

    def handle(self, *args, **options):
        counts = lay_down_network()
        guides = lay_down_guides()
        self.stdout.write(
            f"区划 {counts['divisions']} 个，新建站点 {counts['stations_created']} 个，"
            f"服务事项 {counts['items']} 项，新建办事指南 {guides} 份。"
        )
