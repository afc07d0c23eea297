from django.urls import path

from cadence.views import account_value, cadence, calendar, invitation, me, outbox, plan, relationships, today, values

app_name = "cadence"

urlpatterns = [
    path("today/", today.today, name="today"),
    path("today/<int:pk>/", today.today_line, name="today_line"),
    path("today/<int:pk>/done/", today.today_done, name="today_done"),
    path("today/<int:pk>/hand-over/", today.today_hand_over, name="today_hand_over"),
    path("today/<int:pk>/hand-over/<int:plan_pk>/undo/", today.today_hand_over_undo, name="today_hand_over_undo"),
    path("accounts/<int:pk>/relationships/", relationships.relationships, name="relationships"),
    path("accounts/<int:pk>/relationships/links/add/", relationships.link_add, name="link_add"),
    path("accounts/<int:pk>/relationships/links/<int:link_pk>/edit/", relationships.link_edit, name="link_edit"),
    path("accounts/<int:pk>/relationships/links/<int:link_pk>/remove/", relationships.link_remove, name="link_remove"),
    path("accounts/<int:pk>/value/", account_value.account_value, name="account_value"),
    path("cadence/plan/", plan.plan, name="plan"),
    path("cadence/", cadence.cadence, name="cadence"),
    path("cadence/csv/", cadence.cadence_csv, name="cadence_csv"),
    path("cadence/xlsx/", cadence.cadence_xlsx, name="cadence_xlsx"),
    path("values/", values.value_list, name="value_list"),
    path("values/add/", values.value_add, name="value_add"),
    path("values/<int:pk>/", values.value_item, name="value_item"),
    path("values/<int:pk>/edit/", values.value_edit, name="value_edit"),
    path("values/<int:pk>/file/", values.value_file, name="value_file"),
    path("values/<int:pk>/confirm/", values.value_confirm, name="value_confirm"),
    path("values/<int:pk>/retire/", values.value_retire, name="value_retire"),
    path("values/<int:pk>/restore/", values.value_restore, name="value_restore"),
    path("me/", me.me, name="me"),
    path("me/digests/", me.digest_choose, name="digest_choose"),
    path("me/digest/", me.digest_preview, name="digest_preview"),
    path("me/calendar/renew/", me.calendar_renew, name="calendar_renew"),
    path("me/calendar/revoke/", me.calendar_revoke, name="calendar_revoke"),
    path("calendar/<str:token>.ics", calendar.calendar_feed, name="calendar_feed"),
    path("unsubscribe/<str:token>/", me.unsubscribe, name="unsubscribe"),
    path("interactions/<int:pk>/invite/", invitation.invitation, name="invitation"),
    path("interactions/<int:pk>/invite/file/", invitation.invitation_file, name="invitation_file"),
    path("settings/mail/", outbox.mail_list, name="mail_list"),
    path("settings/mail/<int:pk>/again/", outbox.mail_again, name="mail_again"),
]
