from django.apps import AppConfig


class ServicesConfig(AppConfig):
    name = "services"
    verbose_name = "服务保障"

    def ready(self):
        from services import counter_sections, partner_sections, worklist

        worklist.register(counter_sections.proxies_to_check)
        worklist.register(counter_sections.grades_to_mend)
        worklist.register(counter_sections.cards_to_move_on)
        worklist.register(partner_sections.partners_to_check)
