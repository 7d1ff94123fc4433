from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "报表统计"

    def ready(self):
        from reports.worklist import returns_to_fill, returns_to_review
        from services import worklist

        worklist.register(returns_to_fill)
        worklist.register(returns_to_review)
