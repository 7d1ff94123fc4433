"""Which address answers whom with what: one line per named address and method.

A line: name of the address | method | its arguments out of the world | the answers in the order of
`access_world.VIEWERS`. Outsiders get 404; 302 leads a stranger to sign in, or an entitled person on;
403 says that a page one may see is not one's to change; 200 or 422 to an empty POST is the form again.
"""

from tests.guards.access_table_work import WORK

TABLE = (
    """
healthz | get |  | 200 200 200 200 200 200 200 200 200 200
readyz | get |  | 200 200 200 200 200 200 200 200 200 200
account_login | get |  | 200 302 302 302 302 302 302 302 302 302
account_login | post |  | 200 302 302 302 302 302 302 302 302 302
account_confirm_login_code | get |  | 302 302 302 302 302 302 302 302 302 302
account_confirm_login_code | post |  | 302 302 302 302 302 302 302 302 302 302
account_resend_code | post |  | 302 302 302 302 302 302 302 302 302 302
account_signup | get |  | 200 302 302 302 302 302 302 302 302 302
account_signup | post |  | 200 302 302 302 302 302 302 302 302 302
account_logout | get |  | 302 200 200 200 200 200 200 200 200 200
account_logout | post |  | 302 302 302 302 302 302 302 302 302 302
account_change_password | get |  | 302 200 200 200 200 200 200 200 200 200
account_change_password | post |  | 302 200 200 200 200 200 200 200 200 200
accounts:display | post |  | 302 302 302 302 302 302 302 302 302 302
accounts:extend | get |  | 302 204 204 204 204 204 204 204 204 204
accounts:welcome | get |  | 302 200 200 200 200 200 200 200 200 200
accounts:security | get |  | 302 200 200 200 200 200 200 200 200 200
accounts:end_others | post |  | 302 302 302 302 302 302 302 302 302 302
accounts:new_phone | get |  | 302 200 200 404 404 404 404 404 404 404
accounts:new_phone | post |  | 302 200 200 404 404 404 404 404 404 404
accounts:confirm_new_phone | get |  | 302 302 302 404 404 404 404 404 404 404
accounts:confirm_new_phone | post |  | 302 302 302 404 404 404 404 404 404 404
accounts:staff | get |  | 302 404 404 404 404 404 404 200 404 404
accounts:new_account | get |  | 302 404 404 404 404 404 404 200 404 404
accounts:new_account | post |  | 302 404 404 404 404 404 404 200 404 404
accounts:account | get | security.pk | 302 404 404 404 404 404 404 200 404 404
accounts:account | post | security.pk | 302 404 404 404 404 404 404 200 404 404
accounts:account_reset | post | clerk.pk | 302 404 404 404 404 404 404 200 404 404
accounts:account_switch | post | clerk.pk,off | 302 404 404 404 404 404 404 302 404 404
accounts:locks | get |  | 302 404 404 404 404 404 404 404 200 404
accounts:locks | post |  | 302 404 404 404 404 404 404 404 200 404
accounts:unlock | post | lock.pk | 302 404 404 404 404 404 404 404 302 404
accounts:inbox | get |  | 302 200 200 200 200 200 200 200 200 200
accounts:inbox_read_all | post |  | 302 302 302 302 302 302 302 302 302 302
accounts:inbox_read | post | message.pk | 302 302 404 404 404 404 404 404 404 404
accounts:my_data | get |  | 302 200 200 404 404 404 404 404 404 404
accounts:my_data_download | post |  | 302 200 200 404 404 404 404 404 404 404
accounts:consent_withdraw | post | consent.pk | 302 302 404 404 404 404 404 404 404 404
accounts:job | get | job.pk | 302 404 404 200 404 404 404 404 404 404
accounts:job_retry | post | job.pk | 302 404 404 302 404 404 404 404 404 404
accounts:job_file | get | job.pk | 302 404 404 404 404 404 404 404 404 404
accounts:outbox | get |  | 404 404 404 404 404 404 404 404 404 404
accounts:audit | get |  | 302 404 404 404 404 404 404 404 404 200
accounts:audit_export | post |  | 302 404 404 404 404 404 404 404 404 302
accounts:audit_entry | get | entry.pk | 302 404 404 404 404 404 404 404 404 200
home | get |  | 200 200 200 200 200 200 200 200 200 200
work | get |  | 200 200 200 200 200 200 200 200 200 200
benefits | get |  | 200 200 200 200 200 200 200 200 200 200
remembrance | get |  | 200 200 200 200 200 200 200 200 200 200
privacy | get |  | 200 200 200 200 200 200 200 200 200 200
accessibility | get |  | 200 200 200 200 200 200 200 200 200 200
site_map | get |  | 200 200 200 200 200 200 200 200 200 200
figures | get |  | 200 200 200 200 200 200 200 200 200 200
services:stations | get |  | 200 200 200 200 200 200 200 200 200 200
services:station_map | get |  | 200 200 200 200 200 200 200 200 200 200
services:my_station | get |  | 200 200 200 200 200 200 200 200 200 200
services:my_station | post |  | 200 200 200 200 200 200 200 200 200 200
services:station | get | station.code | 200 200 200 200 200 200 200 200 200 200
services:station_paper | get | station.code | 200 200 200 200 200 200 200 200 200 200
services:help_me | get |  | 200 200 200 200 200 200 200 200 200 200
services:help_me | post |  | 200 200 200 200 200 200 200 200 200 200
services:desk_station | get | station.code | 302 404 404 200 200 200 404 404 404 404
services:desk_station_edit | get | station.code | 302 404 404 200 404 200 404 404 404 404
services:desk_station_edit | post | station.code | 302 404 404 200 404 200 404 404 404 404
services:desk_window | get | station.code,window.pk | 302 404 404 200 404 200 404 404 404 404
services:desk_window | post | station.code,window.pk | 302 404 404 200 404 200 404 404 404 404
services:desk_window_remove | post | station.code,window.pk | 302 404 404 302 404 302 404 404 404 404
services:desk_station_close | post | station.code | 302 404 404 404 302 302 404 404 404 404
services:desk_station_reopen | post | station.code | 302 404 404 404 302 302 404 404 404 404
services:desk_own_hours | get |  | 302 404 404 302 302 302 302 404 404 404
services:desk_hours | get | station.code | 302 404 404 200 200 200 404 404 404 404
services:desk_hours_edit | get | station.code | 302 404 404 200 404 200 404 404 404 404
services:desk_hours_edit | post | station.code | 302 404 404 200 404 200 404 404 404 404
services:desk_close | get | station.code,closure | 302 404 404 200 404 200 404 404 404 404
services:desk_close | post | station.code,absence | 302 404 404 200 404 200 404 404 404 404
services:desk_closure_lift | post | closure.pk | 302 404 404 302 404 302 404 404 404 404
services:desk_hall | get |  | 302 404 404 200 200 200 200 404 404 404
services:desk_hall | post |  | 302 404 404 404 404 404 404 404 404 404
services:desk_hall_window | get | window.pk | 302 404 404 200 200 200 404 404 404 404
services:desk_hall_line | get | window.pk | 302 404 404 200 200 200 404 404 404 404
services:desk_hall_call | post | window.pk | 302 404 404 302 302 302 404 404 404 404
services:desk_arrival | get | arrival.pk | 302 404 404 200 200 200 404 404 404 404
services:desk_arrival_ticket | get | arrival.pk | 302 404 404 200 200 200 404 404 404 404
services:desk_arrival_act | post | arrival.pk,back | 302 404 404 302 302 302 404 404 404 404
services:desk_reception | get | station.code | 302 404 404 200 200 200 404 404 404 404
services:desk_reception | post | station.code | 302 404 404 404 404 404 404 404 404 404
services:desk_hall_day | get | station.code | 302 404 404 200 200 200 404 404 404 404
services:board | get | station.code | 200 200 200 200 200 200 200 200 200 200
services:board_now | get | station.code | 200 200 200 200 200 200 200 200 200 200
services:family | get |  | 302 200 200 404 404 404 404 404 404 404
services:family_ask | get |  | 302 200 200 404 404 404 404 404 404 404
services:family_ask | post |  | 302 200 200 404 404 404 404 404 404 404
services:family_end | post | proxy.pk | 302 302 404 404 404 404 404 404 404 404
services:partner_rooms | get |  | 302 200 200 404 404 404 404 404 404 404
services:partner_apply | get |  | 302 200 200 404 404 404 404 404 404 404
services:partner_apply | post |  | 302 200 200 404 404 404 404 404 404 404
services:partner_mend | get | refused.pk | 302 200 404 404 404 404 404 404 404 404
services:partner_mend | post | refused.pk | 302 200 404 404 404 404 404 404 404 404
services:partner_room | get | partner.pk | 302 200 404 404 404 404 404 404 404 404
services:partner_members | get | partner.pk | 302 200 404 404 404 404 404 404 404 404
services:partner_members | post | partner.pk | 302 200 404 404 404 404 404 404 404 404
services:partner_member_end | post | partner.pk,member.pk | 302 302 404 404 404 404 404 404 404 404
services:partner_keys | get | partner.pk | 302 200 404 404 404 404 404 404 404 404
services:partner_keys | post | partner.pk | 302 200 404 404 404 404 404 404 404 404
services:partner_key_revoke | post | partner.pk,key.pk | 302 302 404 404 404 404 404 404 404 404
services:desk_partners | get |  | 302 404 404 200 200 200 200 404 404 404
services:desk_partner_new | get |  | 302 404 404 404 404 200 404 404 404 404
services:desk_partner_new | post |  | 302 404 404 404 404 200 404 404 404 404
services:desk_partner | get | partner.pk | 302 404 404 200 200 200 404 404 404 404
services:desk_partner_licence | get | partner.pk | 302 404 404 404 404 404 404 404 404 404
services:desk_partner_member_add | post | partner.pk | 302 404 404 200 200 200 404 404 404 404
services:desk_partner_member_end | post | partner.pk,member.pk | 302 404 404 302 302 302 404 404 404 404
services:desk_partner_act | post | applied.pk,refuse | 302 404 404 200 200 200 404 404 404 404
services:desk_proxies | get |  | 302 404 404 200 200 200 200 404 404 404
services:desk_proxy | get | proxy.pk | 302 404 404 200 200 200 404 404 404 404
services:desk_proxy_proof | get | proxy.pk | 302 404 404 404 404 404 404 404 404 404
services:desk_proxy_act | post | proxy.pk,refuse | 302 404 404 200 200 200 404 404 404 404
services:desk_proxy_record | get | person.pk | 302 404 404 200 404 200 404 404 404 404
services:desk_proxy_record | post | person.pk | 302 404 404 200 404 200 404 404 404 404
services:desk_transfers | get |  | 302 404 404 200 200 200 200 404 404 404
services:desk_transfer_ask | get |  | 302 404 404 200 200 200 200 404 404 404
services:desk_transfer_ask | post |  | 302 404 404 200 200 200 200 404 404 404
services:desk_transfer_from | get | person.pk | 302 404 404 200 200 200 404 404 404 404
services:desk_transfer_from | post | person.pk | 302 404 404 200 200 200 404 404 404 404
services:desk_transfer | get | transfer.pk | 302 404 404 200 200 200 404 404 404 404
services:desk_transfer_act | post | transfer.pk,refuse | 302 404 404 302 200 200 404 404 404 404
services:my_transfer | get |  | 302 200 404 404 404 404 404 404 404 404
services:my_transfer | post |  | 302 200 404 404 404 404 404 404 404 404
services:my_transfer_withdraw | post |  | 302 404 404 404 404 404 404 404 404 404
services:desk_duplicates | get |  | 302 404 404 200 200 200 200 404 404 404
services:desk_duplicate | get | pair.pk | 302 404 404 200 200 200 404 404 404 404
services:desk_duplicate_act | post | pair.pk,merge | 302 404 404 200 200 200 404 404 404 404
services:desk_find_duplicates | post | person.pk | 302 404 404 302 302 302 404 404 404 404
services:desk_matters | get |  | 302 404 404 200 200 200 200 404 404 404
services:desk_matter | get | asked.number | 302 404 404 200 200 200 404 404 404 404
services:desk_matter_act | post | asked.number,refuse | 302 404 404 200 200 200 404 404 404 404
services:desk_matter_new | get |  | 302 404 404 200 404 200 200 404 404 404
services:desk_matter_new | post |  | 302 404 404 200 404 200 200 404 404 404
services:rate | get | invitation.code | 200 200 200 200 200 200 200 200 200 200
services:rate | post | invitation.code | 200 200 200 200 200 200 200 200 200 200
services:rate_screen | get | screen.token | 200 200 200 200 200 200 200 200 200 200
services:rate_screen_back | get | screen.token | 200 200 200 200 200 200 200 200 200 200
services:desk_ratings | get |  | 302 404 404 200 200 200 200 404 404 404
services:desk_rating_phone | get |  | 302 404 404 200 200 200 200 404 404 404
services:desk_rating_phone | post |  | 302 404 404 200 200 200 200 404 404 404
services:desk_rating_screens | get |  | 302 404 404 200 200 200 200 404 404 404
services:desk_rectification | get | rectification.pk | 302 404 404 200 200 200 404 404 404 404
services:desk_rectification_act | post | rectification.pk,call | 302 404 404 200 200 200 404 404 404 404
services:coverage | get |  | 302 404 404 200 200 200 200 404 404 404
services:desk_station_open | post | station.division_id | 302 404 404 404 404 404 404 404 404 404
services:me | get |  | 302 200 200 404 404 404 404 404 404 404
services:my_file | get |  | 302 200 200 404 404 404 404 404 404 404
services:my_id_number | post |  | 302 200 404 404 404 404 404 404 404 404
services:register_where | get | 320281000000 | 302 302 200 404 404 404 404 404 404 404
services:register | get | station.code | 302 302 200 404 404 404 404 404 404 404
services:register | post | station.code | 302 302 200 404 404 404 404 404 404 404
services:request_withdraw | post |  | 302 404 404 404 404 404 404 404 404 404
services:my_change | get |  | 302 200 302 404 404 404 404 404 404 404
services:my_change | post |  | 302 200 302 404 404 404 404 404 404 404
services:my_change_withdraw | post |  | 302 302 404 404 404 404 404 404 404 404
services:desk_search | get |  | 302 404 404 200 200 200 200 404 404 404
services:desk_search | post |  | 302 404 404 200 200 200 200 404 404 404
services:desk_collect | get |  | 302 404 404 200 200 200 200 404 404 404
services:desk_collect | post |  | 302 404 404 200 200 200 200 404 404 404
services:desk_person | get | person.pk | 302 404 404 200 200 200 404 404 404 404
services:desk_unmask | post | person.pk | 302 404 404 200 200 200 404 404 404 404
services:desk_person_edit | get | person.pk | 302 404 404 200 404 200 404 404 404 404
services:desk_person_edit | post | person.pk | 302 404 404 200 404 200 404 404 404 404
services:desk_person_act | get | person.pk,close | 302 404 404 200 200 200 404 404 404 404
services:desk_person_act | post | person.pk,close | 302 404 404 200 200 200 404 404 404 404
services:desk_identity_act | get | identity.pk,end | 302 404 404 200 200 200 404 404 404 404
services:desk_identity_act | post | identity.pk,end | 302 404 404 200 200 200 404 404 404 404
services:desk_change_act | get | change.pk,approve | 302 404 404 404 404 404 404 404 404 404
services:desk_change_act | post | change.pk,approve | 302 404 404 404 404 404 404 404 404 404
services:desk_requests | get |  | 302 404 404 200 200 200 200 404 404 404
services:desk_request | get | request.pk | 302 404 404 200 200 200 404 404 404 404
services:desk_request_act | post | request.pk,confirm | 302 404 404 302 302 302 404 404 404 404
services:book_slots | get | offering.pk | 200 200 200 200 200 200 200 200 200 200
services:book | get | later.pk | 302 200 200 302 302 302 302 403 403 403
services:book | post | later.pk | 302 200 200 302 302 302 302 403 403 403
services:booking | get | booking.code | 302 200 404 302 302 302 302 404 404 404
services:booking_paper | get | booking.code | 302 200 404 404 404 404 404 404 404 404
services:booking_qr | get | booking.code | 302 200 404 404 404 404 404 404 404 404
services:booking_calendar | get | booking.code | 302 200 404 404 404 404 404 404 404 404
services:my_bookings | get |  | 302 200 200 404 404 404 404 404 404 404
services:booking_cancel | get | booking.code | 302 200 404 404 404 404 404 404 404 404
services:booking_cancel | post | booking.code | 302 200 404 404 404 404 404 404 404 404
services:booking_change | get | booking.code,later.pk | 302 200 404 404 404 404 404 404 404 404
services:booking_change | post | booking.code,later.pk | 302 302 404 404 404 404 404 404 404 404
services:waiting_join | get | offering.pk,slot.day | 302 200 200 404 404 404 404 404 404 404
services:waiting_join | post | offering.pk,slot.day | 302 200 200 404 404 404 404 404 404 404
services:waiting_leave | post | waiting.pk | 302 302 404 404 404 404 404 404 404 404
services:booking_take | post | held.code | 302 302 404 404 404 404 404 404 404 404
services:booking_let_go | post | held.code | 302 302 404 404 404 404 404 404 404 404
services:desk_waiting | get |  | 302 404 404 200 200 200 200 404 404 404
services:desk_waiting_day | get | offering.pk,slot.day | 302 404 404 200 200 200 404 404 404 404
services:desk_waiting_new | get | offering.pk,slot.day | 302 404 404 200 200 200 404 404 404 404
services:desk_waiting_new | post | offering.pk,slot.day | 302 404 404 200 200 200 404 404 404 404
services:desk_waiting_act | post | waiting.pk,leave | 302 404 404 302 302 302 404 404 404 404
services:desk_rosters | get |  | 302 404 404 200 200 200 200 404 404 404
services:desk_rosters | post |  | 302 404 404 200 200 200 200 404 404 404
services:desk_roster_template | get |  | 302 404 404 200 200 200 200 404 404 404
services:desk_roster | get | roster.pk | 302 404 404 200 200 200 404 404 404 404
services:desk_roster_let_in | post | roster.pk | 302 404 404 302 302 302 404 404 404 404
services:desk_roster_marked | get | roster.pk | 302 404 404 404 404 404 404 404 404 404
services:desk_bookings | get |  | 302 404 404 200 200 200 200 404 404 404
services:desk_bookings_paper | get |  | 302 404 404 200 200 200 200 404 404 404
services:desk_booking | get | booking.code | 302 404 404 200 200 200 404 404 404 404
services:desk_booking_act | post | booking.code,check_in | 302 404 404 404 404 404 404 404 404 404
services:desk_checkin | get |  | 302 404 404 200 200 200 200 404 404 404
services:desk_checkin | post |  | 302 404 404 200 200 200 200 404 404 404
services:desk_book | get |  | 302 404 404 200 200 200 200 404 404 404
services:desk_book | post |  | 302 404 404 200 200 200 200 404 404 404
services:desk_offerings | get |  | 302 404 404 200 200 200 200 404 404 404
services:desk_offering_new | get |  | 302 404 404 200 404 200 200 404 404 404
services:desk_offering_new | post |  | 302 404 404 200 404 200 200 404 404 404
services:desk_offering | get | offering.pk | 302 404 404 200 200 200 404 404 404 404
services:desk_offering_edit | get | offering.pk | 302 404 404 200 404 200 404 404 404 404
services:desk_offering_edit | post | offering.pk | 302 404 404 200 404 200 404 404 404 404
services:desk_close_day | post | offering.pk | 302 404 404 302 404 302 404 404 404 404
services:desk_close_slot | post | slot.pk | 302 404 404 302 404 302 404 404 404 404
services:desk_reopen_slot | post | slot.pk | 302 404 404 302 404 302 404 404 404 404
api:bookings | get |  | 403 200 200 200 200 200 200 200 200 200
api:bookings | post |  | 403 415 415 415 415 415 415 415 415 415
api:booking | get | booking.code | 403 200 404 200 200 200 404 404 404 404
api:booking_cancel | get | booking.code | 403 405 405 405 405 405 405 405 405 405
api:booking_cancel | post | booking.code | 403 415 415 415 415 415 415 415 415 415
api:stations | get |  | 200 200 200 200 200 200 200 200 200 200
api:slots | get | offering.pk | 200 200 200 200 200 200 200 200 200 200
api:schema | get |  | 403 403 403 200 200 200 200 200 200 200
services:desk | get |  | 302 404 404 200 200 200 200 404 404 404
services:desk_staffing | get |  | 302 404 404 404 404 404 404 404 200 404
services:desk_staffing_person | get | clerk.pk | 302 404 404 404 404 404 404 404 200 404
services:desk_staffing_person | post | clerk.pk | 302 404 404 404 404 404 404 404 200 404
services:desk_staffing_confirm | post | clerk.pk | 302 404 404 404 404 404 404 404 302 404
services:desk_end_admin_role | post | auditor.pk | 302 404 404 404 404 404 404 404 302 404
services:desk_posting_end | post | posting.pk | 302 404 404 404 404 404 404 404 302 404
services:guides | get |  | 200 200 200 200 200 200 200 200 200 200
services:guide | get | kind.code | 200 200 200 200 200 200 200 200 200 200
services:guide_paper | get | kind.code | 200 200 200 200 200 200 200 200 200 200
services:my_matters | get |  | 302 200 200 404 404 404 404 404 404 404
services:matter_new | get | kind.code | 302 200 200 404 404 404 404 404 404 404
services:matter_new | post | kind.code | 302 200 200 404 404 404 404 404 404 404
services:matter | get | asked.number | 302 200 404 302 302 302 302 404 404 404
services:matter_edit | get | draft.number | 302 200 404 404 404 404 404 404 404 404
services:matter_edit | post | draft.number | 302 200 404 404 404 404 404 404 404 404
services:matter_papers | get | draft.number | 302 200 404 404 404 404 404 404 404 404
services:matter_check | get | draft.number | 302 200 404 404 404 404 404 404 404 404
services:matter_check | post | draft.number | 302 302 404 404 404 404 404 404 404 404
services:matter_supplement | post | asked.number | 302 302 404 404 404 404 404 404 404 404
services:matter_withdraw | get | asked.number | 302 200 404 404 404 404 404 404 404 404
services:matter_withdraw | post | asked.number | 302 200 404 404 404 404 404 404 404 404
services:matter_paper | get | asked.number | 302 200 404 404 404 404 404 404 404 404
services:desk_guides | get |  | 302 404 404 200 200 200 200 404 404 404
services:desk_guide | get | kind.code | 302 404 404 404 404 200 404 404 404 404
services:desk_guide | post | kind.code | 302 404 404 404 404 200 404 404 404 404
services:matter_file_add | post | asked.number | 302 200 404 200 200 200 404 404 404 404
services:matter_photo_take | post | asked.number | 302 404 404 404 404 404 404 404 404 404
services:matter_photo | get | asked.number,token | 302 404 404 404 404 404 404 404 404 404
services:matter_file | get | paper.pk | 302 404 404 404 404 404 404 404 404 404
services:matter_file_remove | post | paper.pk | 302 302 404 302 302 302 404 404 404 404
services:document_pdf | get | document.code | 302 200 404 200 200 200 404 404 404 404
services:desk_document_revoke | get | document.code | 302 404 404 200 200 200 404 404 404 404
services:desk_document_revoke | post | document.code | 302 404 404 200 200 200 404 404 404 404
services:verify | get |  | 200 200 200 200 200 200 200 200 200 200
services:verify | post |  | 200 200 200 200 200 200 200 200 200 200
services:verify_code | get | document.code | 200 200 200 200 200 200 200 200 200 200
services:my_card | get |  | 302 200 200 404 404 404 404 404 404 404
services:my_card_release | post | card.pk | 302 302 404 404 404 404 404 404 404 404
services:desk_cards | get |  | 302 404 404 200 200 200 200 404 404 404
services:desk_cards_step | post |  | 302 404 404 302 302 302 302 404 404 404
services:desk_card | get | card.pk | 302 404 404 200 200 200 404 404 404 404
services:desk_card | post | card.pk | 302 404 404 200 200 200 404 404 404 404
services:desk_card_photo | get | card.pk | 302 404 404 404 404 404 404 404 404 404
reports:returns | get |  | 302 404 404 200 200 200 200 404 404 404
reports:accept_many | post |  | 302 404 404 302 302 302 302 404 404 404
reports:close | post | return_.period_id | 302 404 404 403 403 302 403 404 404 404
reports:return | get | return_.pk | 302 404 404 200 200 200 404 404 404 404
reports:return | post | return_.pk | 302 404 404 422 403 403 404 404 404 404
reports:review | post | return_.pk | 302 404 404 403 422 422 404 404 404 404
reports:versions | get | return_.pk | 302 404 404 200 200 200 404 404 404 404
reports:paper | get | return_.pk | 302 404 404 200 200 200 404 404 404 404
reports:workbook | get | return_.pk | 302 404 404 200 200 200 404 404 404 404
reports:upload | get | return_.pk | 302 404 404 200 403 403 404 404 404 404
reports:upload | post | return_.pk | 302 404 404 422 403 403 404 404 404 404
reports:corrections | post | return_.pk | 302 404 404 302 403 403 404 404 404 404
reports:rollup | get |  | 302 404 404 200 200 200 200 404 404 404
reports:records | get | SVC-04 | 302 404 404 200 200 200 200 404 404 404
reports:consolidated | get |  | 302 404 404 200 200 200 200 404 404 404
reports:consolidated | post |  | 302 404 404 302 302 302 302 404 404 404
reports:consolidated_file | get | job.pk,excel | 302 404 404 404 404 404 404 404 404 404
placement:courses | get |  | 200 200 200 200 200 200 200 200 200 200
placement:course | get | course.pk | 200 200 200 200 200 200 200 200 200 200
placement:my_training | get |  | 302 200 200 404 404 404 404 404 404 404
placement:enrolment | get | enrolment.pk | 302 200 404 404 404 404 404 404 404 404
placement:enrolment | post | enrolment.pk | 302 200 404 404 404 404 404 404 404 404
placement:enrol | get | run.pk | 302 200 200 404 404 404 404 404 404 404
placement:enrol | post | run.pk | 302 200 200 404 404 404 404 404 404 404
placement:exemption | get | duty.pk | 302 200 404 404 404 404 404 404 404 404
placement:exemption | post | duty.pk | 302 200 404 404 404 404 404 404 404 404
placement:partner_courses | get | trainer.pk | 302 200 404 404 404 404 404 404 404 404
placement:desk_courses | get |  | 302 404 404 200 200 200 200 404 404 404
placement:desk_course_new | get |  | 302 404 404 200 404 200 200 404 404 404
placement:desk_course_new | post |  | 302 404 404 200 404 200 200 404 404 404
placement:desk_course | get | course.pk | 302 404 404 200 200 200 404 404 404 404
placement:desk_course_edit | get | course_draft.pk | 302 404 404 200 404 200 404 404 404 404
placement:desk_course_edit | post | course_draft.pk | 302 404 404 200 404 200 404 404 404 404
placement:desk_run_new | get | course.pk | 302 404 404 200 404 200 404 404 404 404
placement:desk_run_new | post | course.pk | 302 404 404 200 404 200 404 404 404 404
placement:desk_course_act | post | course_draft.pk,open | 302 404 404 302 302 302 404 404 404 404
placement:desk_run | get | run.pk | 302 404 404 200 200 200 404 404 404 404
placement:desk_run_enrol | post | run.pk | 302 404 404 200 404 200 404 404 404 404
placement:desk_run_close | get | run_over.pk | 302 404 404 200 404 200 404 404 404 404
placement:desk_run_close | post | run_over.pk | 302 404 404 302 404 302 404 404 404 404
placement:desk_run_cancel | post | run.pk | 302 404 404 200 200 200 404 404 404 404
placement:desk_run_sign_in | post | run.pk,enrolment.pk,lesson.pk | 302 404 404 302 302 302 404 404 404 404
placement:desk_duties | get |  | 302 404 404 200 200 200 200 404 404 404
placement:desk_duty | get | duty.pk | 302 404 404 200 200 200 404 404 404 404
placement:desk_duty_act | post | duty.pk,refuse | 302 404 404 200 200 200 404 404 404 404
"""
    + WORK
)
