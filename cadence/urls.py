from django.urls import path

from cadence.views import relationships, today

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
]
