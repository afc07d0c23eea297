from django.urls import include, path

from accounts_app.forms.kinds import KINDS
from accounts_app.views import (
    account_choice,
    account_data,
    contact,
    contract,
    events,
    fact,
    hand_over,
    incident,
    incident_acts,
    incident_news,
    inquiry,
    interaction,
    interaction_change,
    interaction_log,
    order,
    promise,
    search,
    settings,
    survey,
)

app_name = "accounts"

urlpatterns = [
    path("accounts/<int:pk>/contacts/", contact.contact_list, name="contact_list"),
    path("accounts/<int:pk>/contacts/undo/<str:ticket>/", contact.contact_undo, name="contact_undo"),
    path("accounts/<int:pk>/interactions/", interaction.interaction_list, name="interaction_list"),
    path("accounts/<int:pk>/orders/", order.order_list, name="order_list"),
    path("accounts/<int:pk>/orders/<int:order_pk>/", order.order_detail, name="order_detail"),
    path("accounts/<int:pk>/incidents/", incident.incident_list, name="incident_list"),
    path("accounts/<int:pk>/inquiries/", inquiry.inquiry_list, name="inquiry_list"),
    path("accounts/<int:pk>/contracts/", contract.contract_list, name="contract_list"),
    path("accounts/<int:pk>/events/", events.event_list, name="event_list"),
    path("accounts/<int:pk>/loyalty/", survey.survey_list, name="survey_list"),
    path("accounts/<int:pk>/promises/", promise.promise_list, name="promise_list"),
    path("accounts/<int:pk>/promises/open/", promise.promise_card, name="promise_card"),
    path("accounts/<int:pk>/details/", account_data.account_details, name="account_details"),
    path("accounts/<int:pk>/details/edit/", account_data.account_edit, name="account_edit"),
    path("log/contact/", interaction_log.interaction_log, name="interaction_log"),
    path("accounts/<int:pk>/interactions/plan/", interaction_change.interaction_plan, name="interaction_plan"),
    path("interactions/<int:pk>/undo/", interaction_log.interaction_undo, name="interaction_undo"),
    path("interactions/<int:pk>/correct/", interaction_change.interaction_correct, name="interaction_correct"),
    path("interactions/<int:pk>/move/", interaction_change.interaction_move, name="interaction_move"),
    path("interactions/<int:pk>/void/", interaction_change.interaction_void, name="interaction_void"),
    path("search/", search.search, name="search"),
    path("search/palette/", search.palette, name="palette"),
    path("keys/", search.keys, name="keys"),
    path("log/accounts/", account_choice.account_choice, name="account_choice"),
    path("incidents/", incident.incident_board, name="incident_board"),
    path("incidents/state/", incident_news.incident_state, name="incident_state"),
    path("incidents/<int:pk>/", incident.incident_detail, name="incident_detail"),
    path("incidents/<int:pk>/acknowledge/", incident_acts.incident_acknowledge, name="incident_acknowledge"),
    path("incidents/<int:pk>/pause/", incident_acts.incident_pause, name="incident_pause"),
    path("incidents/<int:pk>/resume/", incident_acts.incident_resume, name="incident_resume"),
    path("incidents/<int:pk>/update/", incident_acts.incident_update, name="incident_update"),
    path("incidents/<int:pk>/resolve/", incident_acts.incident_resolve, name="incident_resolve"),
    path("incidents/<int:pk>/reopen/", incident_acts.incident_reopen, name="incident_reopen"),
    path("incidents/<int:pk>/undo/", incident_acts.incident_undo, name="incident_undo"),
    path("log/incident/", incident_acts.incident_log, name="incident_log"),
    path("data/", include("accounts_app.data_urls")),
    path("settings/", settings.settings, name="settings"),
    path("settings/users/", settings.user_list, name="user_list"),
    path("settings/users/add/", settings.user_add, name="user_add"),
    path("settings/users/<int:pk>/", settings.user_edit, name="user_edit"),
    path("settings/users/<int:pk>/invite/", settings.user_invite, name="user_invite"),
    path("settings/teams/", settings.team_list, name="team_list"),
    path("settings/teams/add/", settings.team_add, name="team_add"),
    path("settings/teams/<int:pk>/", settings.team_edit, name="team_edit"),
    path("settings/teams/<int:pk>/remove/", settings.team_remove, name="team_remove"),
    path("settings/tiers/", settings.tier_list, name="tier_list"),
    path("settings/tiers/<int:pk>/", settings.tier_edit, name="tier_edit"),
    path("settings/hand-over/", hand_over.hand_over, name="hand_over"),
    path("settings/hand-over/undo/<str:ticket>/", hand_over.hand_over_undo, name="hand_over_undo"),
]

# Every kind of fact is added, edited and removed in the same way.
for _kind in KINDS:
    _facts = f"accounts/<int:pk>/{_kind.segment}/"
    urlpatterns += [
        path(f"{_facts}add/", fact.fact_add, {"kind": _kind}, name=f"{_kind.noun}_add"),
        path(f"{_facts}<int:fact_pk>/edit/", fact.fact_edit, {"kind": _kind}, name=f"{_kind.noun}_edit"),
    ]
    if _kind.is_removable:
        urlpatterns += [
            path(f"{_facts}<int:fact_pk>/remove/", fact.fact_remove, {"kind": _kind}, name=f"{_kind.noun}_remove"),
        ]
