"""The rows of access_table.py for the work section."""

WORK = """\
placement:fairs | get |  | 200 200 200 200 200 200 200 200 200 200
placement:fair | get | fair.pk | 200 200 200 200 200 200 200 200 200 200
placement:fair_board | get | fair.pk | 200 200 200 200 200 200 200 200 200 200
placement:fair_board_now | get | fair.pk | 200 200 200 200 200 200 200 200 200 200
placement:jobs | get |  | 200 200 200 200 200 200 200 200 200 200
placement:job | get | opening.pk | 200 200 200 200 200 200 200 200 200 200
placement:recruitments | get |  | 200 200 200 200 200 200 200 200 200 200
placement:recruitment | get | notice_out.pk | 200 200 200 200 200 200 200 200 200 200
placement:my_work | get |  | 302 200 200 404 404 404 404 404 404 404
placement:my_cv | get |  | 302 200 200 404 404 404 404 404 404 404
placement:my_cv | post |  | 302 200 200 404 404 404 404 404 404 404
placement:wish | get | opening.pk | 302 200 200 404 404 404 404 404 404 404
placement:wish | post | opening.pk | 302 200 200 404 404 404 404 404 404 404
placement:intent_give_up | post | intent.pk | 302 302 404 404 404 404 404 404 404 404
placement:recruitment_apply | get | notice_out.pk | 302 200 200 404 404 404 404 404 404 404
placement:recruitment_apply | post | notice_out.pk | 302 200 200 404 404 404 404 404 404 404
placement:applicant_withdraw | post | applicant.pk | 302 302 404 404 404 404 404 404 404 404
placement:partner_vacancies | get | employer.pk | 302 200 404 404 404 404 404 404 404 404
placement:partner_vacancy_new | get | employer.pk | 302 200 404 404 404 404 404 404 404 404
placement:partner_vacancy | get | employer.pk,opening.pk | 302 200 404 404 404 404 404 404 404 404
placement:partner_vacancy_new | post | employer.pk | 302 200 404 404 404 404 404 404 404 404
placement:partner_vacancy | post | employer.pk,opening.pk | 302 200 404 404 404 404 404 404 404 404
placement:partner_vacancy_close | post | employer.pk,opening.pk | 302 200 404 404 404 404 404 404 404 404
placement:partner_fairs | get | employer.pk | 302 200 404 404 404 404 404 404 404 404
placement:partner_fair_apply | get | employer.pk,fair.pk | 302 200 404 404 404 404 404 404 404 404
placement:partner_stand | get | employer.pk,fair_employer.pk | 302 200 404 404 404 404 404 404 404 404
placement:partner_fair_apply | post | employer.pk,fair.pk | 302 200 404 404 404 404 404 404 404 404
placement:partner_stand | post | employer.pk,fair_employer.pk | 302 200 404 404 404 404 404 404 404 404
placement:partner_stand_leave | post | employer.pk,fair_employer.pk | 302 302 404 404 404 404 404 404 404 404
placement:partner_intents | get | employer.pk | 302 200 404 404 404 404 404 404 404 404
placement:partner_intent | get | employer.pk,intent.pk | 302 200 404 404 404 404 404 404 404 404
placement:partner_intent | post | employer.pk,intent.pk | 302 404 404 404 404 404 404 404 404 404
placement:desk_fairs | get |  | 302 404 404 200 200 200 200 404 404 404
placement:desk_fair_new | get |  | 302 404 404 200 404 200 200 404 404 404
placement:desk_fair_new | post |  | 302 404 404 200 404 200 200 404 404 404
placement:desk_fair | get | fair.pk | 302 404 404 200 200 200 404 404 404 404
placement:desk_fair_edit | get | fair.pk | 302 404 404 200 404 200 404 404 404 404
placement:desk_fair_door | get | fair.pk | 302 404 404 200 200 200 404 404 404 404
placement:desk_fair_employer_new | get | fair.pk | 302 404 404 200 404 200 404 404 404 404
placement:desk_fair_edit | post | fair.pk | 302 404 404 200 404 200 404 404 404 404
placement:desk_fair_door | post | fair.pk | 302 404 404 200 200 200 404 404 404 404
placement:desk_fair_employer_new | post | fair.pk | 302 404 404 200 404 200 404 404 404 404
placement:desk_fair_figures | get | fair.pk | 302 404 404 200 200 200 404 404 404 404
placement:desk_fair_workbook | get | fair.pk | 302 404 404 200 200 200 404 404 404 404
placement:desk_fair_act | post | fair.pk,cancel | 302 404 404 200 200 200 404 404 404 404
placement:desk_fair_employer | get | fair_employer.pk | 302 404 404 200 200 200 404 404 404 404
placement:desk_fair_employer | post | fair_employer.pk | 302 404 404 404 404 404 404 404 404 404
placement:desk_vacancies | get |  | 302 404 404 200 200 200 200 404 404 404
placement:desk_vacancy | get | opening.pk | 302 404 404 200 200 200 404 404 404 404
placement:desk_vacancy | post | opening.pk | 302 404 404 404 404 404 404 404 404 404
placement:desk_recruitments | get |  | 302 404 404 200 200 200 200 404 404 404
placement:desk_recruitment_new | get |  | 302 404 404 200 404 200 200 404 404 404
placement:desk_recruitment_new | post |  | 302 404 404 200 404 200 200 404 404 404
placement:desk_recruitment | get | notice.pk | 302 404 404 200 200 200 404 404 404 404
placement:desk_recruitment_edit | get | notice.pk | 302 404 404 200 404 200 404 404 404 404
placement:desk_post_new | get | notice.pk | 302 404 404 200 404 200 404 404 404 404
placement:desk_recruitment_edit | post | notice.pk | 302 404 404 200 404 200 404 404 404 404
placement:desk_post_new | post | notice.pk | 302 404 404 200 404 200 404 404 404 404
placement:desk_post_remove | post | notice.pk,reserved.pk | 302 404 404 302 302 302 404 404 404 404
placement:desk_recruitment_act | post | notice.pk,publish | 302 404 404 302 302 302 404 404 404 404
placement:desk_wish | get | opening.pk | 302 404 404 200 200 200 200 404 404 404
placement:desk_recruitment_apply | get | notice_out.pk | 302 404 404 200 200 200 200 404 404 404
placement:desk_wish | post | opening.pk | 302 404 404 200 200 200 200 404 404 404
placement:desk_recruitment_apply | post | notice_out.pk | 302 404 404 200 200 200 200 404 404 404
placement:desk_applicant | get | applicant.pk | 302 404 404 200 200 200 404 404 404 404
placement:desk_applicant | post | applicant.pk | 302 404 404 404 404 404 404 404 404 404
placement:my_outreach | get |  | 302 200 200 404 404 404 404 404 404 404
placement:my_outreach_decline | post |  | 302 302 404 404 404 404 404 404 404 404
placement:my_outreach_again | post | refusal.pk | 302 302 404 404 404 404 404 404 404 404
placement:desk_outreach | get |  | 302 404 404 200 200 200 200 404 404 404
placement:desk_outreach_task | get | visit.pk | 302 404 404 200 200 200 404 404 404 404
placement:desk_outreach_act | post | visit.pk,finish | 302 404 404 200 200 200 404 404 404 404
placement:desk_outreach_rules | get |  | 302 404 404 200 200 200 200 404 404 404
placement:desk_outreach_rule_new | get |  | 302 404 404 404 404 200 404 404 404 404
placement:desk_outreach_rule_new | post |  | 302 404 404 404 404 200 404 404 404 404
placement:desk_outreach_rule | get | rule_version.rule_id | 302 404 404 200 200 200 200 404 404 404
placement:desk_outreach_draft | post | rule_version.rule_id | 302 404 404 404 404 302 404 404 404 404
placement:desk_outreach_version | get | rule_version.pk | 302 404 404 200 200 200 200 404 404 404
placement:desk_outreach_offer | get | rule_draft.pk | 302 404 404 404 404 200 404 404 404 404
placement:desk_outreach_offer | post | rule_draft.pk | 302 404 404 404 404 200 404 404 404 404
placement:desk_outreach_condition | get | rule_draft.pk | 302 404 404 404 404 200 404 404 404 404
placement:desk_outreach_condition | post | rule_draft.pk | 302 404 404 404 404 200 404 404 404 404
placement:desk_outreach_tree | post | rule_draft.pk | 302 404 404 404 404 404 404 404 404 404
placement:desk_outreach_case | get | rule_draft.pk | 302 404 404 404 404 200 404 404 404 404
placement:desk_outreach_case | post | rule_draft.pk | 302 404 404 404 404 200 404 404 404 404
placement:desk_outreach_case_remove | post | rule_draft.pk,golden.pk | 302 404 404 404 404 302 404 404 404 404
placement:desk_outreach_preview | get | rule_draft.pk | 302 404 404 404 404 200 404 404 404 404
placement:desk_outreach_decide | post | rule_draft.pk,publish | 302 404 404 302 302 302 302 404 404 404
placement:posts | get |  | 200 200 200 200 200 200 200 200 200 200
placement:score_notices | get |  | 200 200 200 200 200 200 200 200 200 200
placement:score_notice | get | shown.pk | 200 200 200 200 200 200 200 200 200 200
placement:score_notice | get | list.pk | 404 404 404 404 404 404 404 404 404 404
placement:my_placement | get |  | 302 200 200 404 404 404 404 404 404 404
placement:my_placement_act | post | wish | 302 200 404 404 404 404 404 404 404 404
placement:room_demand | get | employer.pk,2026 | 302 200 404 404 404 404 404 404 404 404
placement:room_demand | post | employer.pk,2026 | 302 200 404 404 404 404 404 404 404 404
placement:room_demand_back | post | employer.pk,2026 | 302 302 404 404 404 404 404 404 404 404
placement:cases | get |  | 302 404 404 200 200 200 200 404 404 404
placement:case_new | get |  | 302 404 404 404 404 200 404 404 404 404
placement:case_new | post |  | 302 404 404 404 404 200 404 404 404 404
placement:case_open | get | person.pk | 302 404 404 404 404 200 404 404 404 404
placement:case_open | post | person.pk | 302 404 404 404 404 200 404 404 404 404
placement:case | get | placing.number | 302 404 404 200 200 200 404 404 404 404
placement:case_act | post | placing.number,begin-check | 302 404 404 302 302 302 404 404 404 404
placement:evidence | get | placing.number,evidence.pk | 302 404 404 404 404 404 404 404 404 404
placement:evidence_remove | post | placing.number,evidence.pk | 302 404 404 302 302 302 404 404 404 404
placement:sheet | get | placing.number | 302 404 404 200 200 200 404 404 404 404
placement:sheet | post | placing.number | 302 404 404 302 302 302 404 404 404 404
placement:sheet_act | post | placing.number,check | 302 404 404 302 302 302 404 404 404 404
placement:line_remove | post | placing.number,line.pk | 302 404 404 302 302 302 404 404 404 404
placement:objections | get |  | 302 404 404 200 200 200 200 404 404 404
placement:objection | get | objection.pk | 302 404 404 200 200 200 404 404 404 404
placement:objection_act | post | objection.pk,dismiss | 302 404 404 200 200 200 404 404 404 404
placement:schemes | get |  | 302 404 404 200 200 200 200 404 404 404
placement:scheme_new | get |  | 302 404 404 404 404 200 404 404 404 404
placement:scheme_new | post |  | 302 404 404 404 404 200 404 404 404 404
placement:scheme | get | scheme.pk | 302 404 404 200 200 200 200 404 404 404
placement:scheme_act | post | scheme.pk,submit | 302 404 404 302 302 302 302 404 404 404
placement:rule_new | get | scheme.pk | 302 404 404 404 404 200 404 404 404 404
placement:rule_new | post | scheme.pk | 302 404 404 404 404 200 404 404 404 404
placement:rule | get | scheme.pk,points_rule.pk | 302 404 404 404 404 200 404 404 404 404
placement:rule | post | scheme.pk,points_rule.pk | 302 404 404 404 404 200 404 404 404 404
placement:rule_remove | post | scheme.pk,points_rule.pk | 302 404 404 302 302 302 302 404 404 404
placement:terms | get |  | 302 404 404 200 200 200 200 404 404 404
placement:terms | post |  | 302 404 404 404 404 200 404 404 404 404
placement:publications | get |  | 302 404 404 200 200 200 200 404 404 404
placement:publications | post |  | 302 404 404 404 404 200 404 404 404 404
placement:publication | get | list.pk | 302 404 404 200 200 200 404 404 404 404
placement:publication_act | post | list.pk,withdraw | 302 404 404 200 200 200 404 404 404 404
placement:demands | get |  | 302 404 404 200 200 200 200 404 404 404
placement:demands | post |  | 302 404 404 404 404 200 404 404 404 404
placement:call_close | get | call.pk | 302 404 404 200 404 200 404 404 404 404
placement:call_close | post | call.pk | 302 404 404 200 404 200 404 404 404 404
placement:demand | get | demand.pk | 302 404 404 200 200 200 404 404 404 404
placement:demand_act | post | demand.pk,accept | 302 404 404 302 302 302 404 404 404 404
placement:plans | get |  | 302 404 404 200 200 200 200 404 404 404
placement:plans | post |  | 302 404 404 404 404 200 404 404 404 404
placement:plan | get | plan.pk | 302 404 404 200 200 200 404 404 404 404
placement:plan_act | post | plan.pk,approve | 302 404 404 302 302 302 404 404 404 404
placement:plan_post | get | plan.pk,post.pk | 302 404 404 200 404 200 404 404 404 404
placement:plan_post | post | plan.pk,post.pk | 302 404 404 200 404 200 404 404 404 404
placement:my_loans | get |  | 302 200 200 404 404 404 404 404 404 404
placement:my_loan_new | get |  | 302 200 200 404 404 404 404 404 404 404
placement:my_loan_new | post |  | 302 200 200 404 404 404 404 404 404 404
placement:my_loan | get | loan.pk | 302 200 404 404 404 404 404 404 404 404
placement:my_loan | post | wish.pk | 302 200 404 404 404 404 404 404 404 404
placement:my_loan_edit | get | wish.pk | 302 200 404 404 404 404 404 404 404 404
placement:my_loan_edit | post | wish.pk | 302 200 404 404 404 404 404 404 404 404
placement:my_loan_give_up | post | wish.pk | 302 302 404 404 404 404 404 404 404 404
placement:partner_loans | get | partner.pk | 302 200 404 404 404 404 404 404 404 404
placement:partner_loan | get | partner.pk,loan.pk | 302 200 404 404 404 404 404 404 404 404
placement:partner_loan | post | partner.pk,loan.pk | 302 200 404 404 404 404 404 404 404 404
placement:partner_bank_returns | get | partner.pk | 302 200 404 404 404 404 404 404 404 404
placement:partner_bank_returns | post | partner.pk | 302 200 404 404 404 404 404 404 404 404
placement:partner_return_sheet | get | partner.pk | 302 404 404 404 404 404 404 404 404 404
placement:partner_bank_return | get | partner.pk,bank_return.pk | 302 200 404 404 404 404 404 404 404 404
placement:desk_loans | get |  | 302 404 404 200 200 200 200 404 404 404
placement:desk_loan_terms | get |  | 302 404 404 200 200 200 200 404 404 404
placement:desk_loan_terms | post |  | 302 404 404 404 404 200 404 404 404 404
placement:desk_loan_new | get | person.pk | 302 404 404 200 404 200 404 404 404 404
placement:desk_loan_new | post | person.pk | 302 404 404 200 404 200 404 404 404 404
placement:desk_loan | get | loan.pk | 302 404 404 200 200 200 404 404 404 404
placement:desk_loan_act | post | loan.pk,refuse | 302 404 404 200 200 200 404 404 404 404
placement:desk_bank_returns | get |  | 302 404 404 200 200 200 200 404 404 404
placement:desk_bank_return_new | get |  | 302 404 404 200 404 200 404 404 404 404
placement:desk_bank_return_new | post |  | 302 404 404 200 404 200 404 404 404 404
placement:desk_bank_return | get | bank_return.pk | 302 404 404 200 200 200 404 404 404 404
placement:desk_bank_return_file | get | bank_return.pk | 302 404 404 404 404 404 404 404 404 404
placement:desk_bank_line | post | bank_return.pk,bank_line.pk | 302 404 404 200 200 200 404 404 404 404
placement:desk_bank_return_act | post | bank_return.pk,send-back | 302 404 404 200 200 200 404 404 404 404
placement:enterprises | get |  | 200 200 200 200 200 200 200 200 200 200
placement:enterprise | get | enterprise.pk | 200 200 200 200 200 200 200 200 200 200
placement:my_startups | get |  | 302 200 200 404 404 404 404 404 404 404
placement:my_enterprise_new | get |  | 302 200 200 404 404 404 404 404 404 404
placement:my_enterprise_new | post |  | 302 200 200 404 404 404 404 404 404 404
placement:my_enterprise | get | enterprise.pk | 302 200 404 404 404 404 404 404 404 404
placement:my_enterprise | post | enterprise.pk | 302 200 404 404 404 404 404 404 404 404
placement:my_enterprise_act | post | enterprise.pk,renew | 302 302 404 404 404 404 404 404 404 404
placement:my_bundle_new | get |  | 302 200 200 404 404 404 404 404 404 404
placement:my_bundle_new | post |  | 302 200 200 404 404 404 404 404 404 404
placement:my_bundle | get | bundle.pk | 302 200 404 404 404 404 404 404 404 404
placement:my_bundle_withdraw | post | bundle.pk | 302 302 404 404 404 404 404 404 404 404
placement:desk_enterprises | get |  | 302 404 404 200 200 200 200 404 404 404
placement:desk_enterprise | get | enterprise.pk | 302 404 404 200 200 200 404 404 404 404
placement:desk_enterprise_act | post | enterprise.pk,refuse | 302 404 404 200 200 200 404 404 404 404
placement:desk_bundles | get |  | 302 404 404 200 200 200 200 404 404 404
placement:desk_bundle_kinds | get |  | 302 404 404 200 200 200 200 404 404 404
placement:desk_bundle_kinds | post |  | 302 404 404 404 404 200 404 404 404 404
placement:desk_bundle_kind | get | bundle_kind.pk | 302 404 404 404 404 200 404 404 404 404
placement:desk_bundle_kind | post | bundle_kind.pk | 302 404 404 404 404 200 404 404 404 404
placement:desk_bundle | get | bundle.pk | 302 404 404 200 200 200 404 404 404 404
placement:desk_bundle_item | post | bundle.pk,bundle_item.pk | 302 404 404 200 200 200 404 404 404 404
placement:selections | get |  | 200 200 200 200 200 200 200 200 200 200
placement:selection | get | selection.code | 200 200 200 200 200 200 200 200 200 200
placement:selection_now | get | selection.code | 200 200 200 200 200 200 200 200 200 200
placement:selection_result | get | selection.code | 200 200 200 200 200 200 200 200 200 200
placement:selection_record | get | selection.code | 404 404 404 404 404 404 404 404 404 404
placement:my_selections | get |  | 302 200 200 404 404 404 404 404 404 404
placement:my_turn | get | selection.code,turn.position | 302 200 404 404 404 404 404 404 404 404
placement:my_turn_tick | post | selection.code,turn.position | 302 200 404 404 404 404 404 404 404 404
placement:my_turn_pass | post | selection.code,turn.position | 302 302 404 404 404 404 404 404 404 404
placement:my_choice | get | selection.code,turn.position,choice_post.position | 302 302 404 404 404 404 404 404 404 404
placement:my_choice | post | selection.code,turn.position,choice_post.position | 302 302 404 404 404 404 404 404 404 404
placement:partner_letters | get | employer.pk | 302 200 404 404 404 404 404 404 404 404
placement:partner_letter | get | employer.pk,letter.pk | 302 200 404 404 404 404 404 404 404 404
placement:partner_letter | post | employer.pk,letter.pk | 302 200 404 404 404 404 404 404 404 404
placement:desk_selections | get |  | 302 404 404 200 200 200 200 404 404 404
placement:selection_rules | get |  | 302 404 404 200 200 200 200 404 404 404
placement:selection_rules | post |  | 302 404 404 404 404 200 404 404 404 404
placement:selection_new | get | open_plan.pk | 302 404 404 200 404 200 404 404 404 404
placement:selection_new | post | open_plan.pk | 302 404 404 200 404 200 404 404 404 404
placement:desk_selection | get | selection.code | 302 404 404 200 200 200 404 404 404 404
placement:desk_selection_tick | post | selection.code | 302 404 404 200 200 200 404 404 404 404
placement:desk_selection_choose | post | selection.code | 302 404 404 404 404 404 404 404 404 404
placement:desk_selection_turn | post | selection.code,turn.position,undo | 302 404 404 302 302 302 404 404 404 404
placement:desk_selection_undo | post | selection.code,undo.pk,confirm | 302 404 404 302 302 302 404 404 404 404
placement:desk_selection_act | post | selection.code,open | 302 404 404 302 302 302 404 404 404 404
placement:letters | get |  | 302 404 404 200 200 200 200 404 404 404
placement:living_allowance | get |  | 302 404 404 200 200 200 200 404 404 404
placement:letter | get | letter.pk | 302 404 404 200 200 200 404 404 404 404
placement:letter_act | post | letter.pk,seat | 302 404 404 200 200 200 404 404 404 404
work_api:loans | get |  | 401 401 401 401 401 401 401 401 401 401
work_api:loan | get | loan.number | 401 401 401 401 401 401 401 401 401 401
work_api:loan_answers | post | loan.number | 401 401 401 401 401 401 401 401 401 401
"""
