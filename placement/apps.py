from django.apps import AppConfig


class PlacementConfig(AppConfig):
    name = "placement"
    verbose_name = "就业创业"

    def ready(self):
        from placement import (
            case_sections,
            fair_sections,
            loan_sections,
            merging,
            outreach_sections,
            selection_sections,
            startup_sections,
            training_sections,
        )
        from services import own_panels, partner_room, worklist
        from services.actions.merging import moves_with_file, stays_with_file

        moves_with_file("placement.PlacementCase", unless=merging.cases_there)
        moves_with_file("placement.EmploymentIntent", unless=merging.intents_there)
        moves_with_file("placement.Applicant", unless=merging.applications_there)
        stays_with_file("placement.Cv", because="each file may have one; the person's own stays")
        moves_with_file("placement.OutreachLead", unless=merging.leads_there)
        moves_with_file("placement.OutreachRefusal")
        moves_with_file("placement.LoanReferral", unless=merging.loans_there)
        moves_with_file("placement.VeteranEnterprise")
        moves_with_file("placement.StartupBundle", unless=merging.bundles_there)
        moves_with_file("placement.Enrolment", unless=merging.enrolments_there)
        moves_with_file("placement.TrainingDuty", unless=merging.duties_there)

        worklist.register(fair_sections.employers_to_check)
        worklist.register(fair_sections.vacancies_to_check)
        worklist.register(fair_sections.fairs_to_close)
        partner_room.register(fair_sections.vacancies_tile)
        partner_room.register(fair_sections.fairs_tile)
        partner_room.register(fair_sections.intents_tile)
        worklist.register(outreach_sections.people_to_see)
        worklist.register(outreach_sections.rules_to_publish)
        own_panels.register(outreach_sections.found_for_you)

        worklist.register(case_sections.cases_on_the_clock)
        worklist.register(case_sections.sheets_to_check)
        worklist.register(case_sections.objections_to_answer)
        worklist.register(case_sections.papers_to_approve)
        worklist.register(case_sections.demands_to_check)
        partner_room.register(case_sections.demand_tile)

        worklist.register(selection_sections.sessions_to_hold)
        worklist.register(selection_sections.seats_overdue)
        worklist.register(selection_sections.visits_due)
        partner_room.register(selection_sections.letters_tile)

        worklist.register(training_sections.people_to_train)
        worklist.register(training_sections.exemptions_to_decide)
        worklist.register(training_sections.courses_to_open)
        worklist.register(training_sections.runs_to_close)
        partner_room.register(training_sections.courses_tile)

        worklist.register(loan_sections.loans_to_verify)
        worklist.register(loan_sections.loans_to_chase)
        worklist.register(loan_sections.returns_to_check)
        worklist.register(startup_sections.items_due)
        worklist.register(startup_sections.enterprises_to_check)
        partner_room.register(loan_sections.loans_tile)
        partner_room.register(loan_sections.returns_tile)
