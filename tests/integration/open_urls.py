"""An address that does not say who may call it."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def left_open(request: HttpRequest) -> HttpResponse:
    return HttpResponse("anybody")


urlpatterns = [path("left-open/", left_open)]
