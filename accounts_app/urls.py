from django.urls import path

from accounts_app.views import account_choice, contact, incident, interaction, order

app_name = "accounts"

urlpatterns = [
    path("accounts/<int:pk>/contacts/", contact.contact_list, name="contact_list"),
    path("accounts/<int:pk>/interactions/", interaction.interaction_list, name="interaction_list"),
    path("accounts/<int:pk>/orders/", order.order_list, name="order_list"),
    path("accounts/<int:pk>/orders/<int:order_pk>/", order.order_detail, name="order_detail"),
    path("accounts/<int:pk>/incidents/", incident.incident_list, name="incident_list"),
    path("log/accounts/", account_choice.account_choice, name="account_choice"),
    path("incidents/", incident.incident_board, name="incident_board"),
]
