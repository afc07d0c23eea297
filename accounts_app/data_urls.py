from django.urls import path

from accounts_app.views import data, data_feed, data_import, data_rows, data_upload

urlpatterns = [
    path("", data.data, name="data"),
    path("feeds/new/", data_feed.feed_new, name="feed_new"),
    path("feeds/<int:pk>/", data_feed.feed, name="feed"),
    path("feeds/<int:pk>/edit/", data_feed.feed_edit, name="feed_edit"),
    path("upload/", data_upload.upload_new, name="upload_new"),
    path("uploads/<int:pk>/", data_upload.upload, name="upload"),
    path("uploads/<int:pk>/say/", data_upload.upload_say, name="upload_say"),
    path("uploads/<int:pk>/import/", data_upload.upload_import, name="upload_import"),
    path("uploads/<int:pk>/cancel/", data_upload.upload_cancel, name="upload_cancel"),
    path("uploads/<int:pk>/discard/", data_upload.upload_discard, name="upload_discard"),
    path("imports/", data.import_list, name="import_list"),
    path("imports/<int:pk>/", data_import.import_page, name="import"),
    path("imports/<int:pk>/rejected.csv", data_import.import_rejects, name="import_rejects"),
    path("imports/<int:pk>/created/", data_rows.import_rows, {"outcome": "created"}, name="import_created"),
    path("imports/<int:pk>/updated/", data_rows.import_rows, {"outcome": "updated"}, name="import_updated"),
]
