from django.apps import AppConfig


class PreferentialConfig(AppConfig):
    name = "preferential"
    verbose_name = "优待服务"
