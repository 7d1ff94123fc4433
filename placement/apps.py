from django.apps import AppConfig


class PlacementConfig(AppConfig):
    name = "placement"
    verbose_name = "就业创业"

    def ready(self):
        from placement import merging
        from services.actions.merging import moves_with_file, stays_with_file

        moves_with_file("placement.PlacementCase")
        moves_with_file("placement.EmploymentIntent", unless=merging.intents_there)
        moves_with_file("placement.Applicant", unless=merging.applications_there)
        stays_with_file("placement.Cv", because="each file may have one; the person's own stays")
