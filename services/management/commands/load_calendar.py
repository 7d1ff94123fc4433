from django.core.management.base import BaseCommand

from services.actions.network import extend_calendar


class Command(BaseCommand):
    help = "Fill the working-day calendar; keeps what staff changed (may run again)."

    def handle(self, *args, **options):
        first, last, written = extend_calendar()
        self.stdout.write(f"工作日历 {first} 至 {last}，新写或更新 {written} 天。")
