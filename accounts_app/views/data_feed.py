"""One feed: how far each kind of fact has come in, what is expected of it, its imports."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts_app.access import Request, access
from accounts_app.context import company_of
from accounts_app.forms.feed import AddKindForm, FeedForm, FeedKindFormSet, NewFeedForm
from accounts_app.models import OWN_FEED, Feed
from accounts_app.services.feeds import change_feed
from accounts_app.views.data import ADMINISTRATORS, batch_rows, feed_rows, imports
from accounts_app.views.fragments import page_or_fragment
from accounts_app.views.listing import page_of


def _feed(pk: int) -> Feed:
    """A feed of files; what people enter in Vigil itself is nobody's to change."""
    return get_object_or_404(Feed.objects.exclude(name=OWN_FEED), pk=pk)


@access(ADMINISTRATORS)
def feed(request: Request, pk: int) -> HttpResponse:
    the_feed = _feed(pk)
    today = company_of(request).day_of(timezone.now())
    page = page_of(request, imports().filter(feed=the_feed))
    context = {
        **page,
        "feed": the_feed,
        "row": feed_rows(Feed.objects.filter(pk=pk), today)[0],
        "batches": batch_rows(page["page_obj"]),
    }
    return page_or_fragment(request, "accounts_app/data_feed.html", context)


@access(ADMINISTRATORS, methods=("GET", "POST"))
def feed_new(request: Request) -> HttpResponse:
    form = NewFeedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = form.save()
        messages.success(request, _("%(feed)s is there. Upload its first file.") % {"feed": made})
        return redirect("accounts:feed", made.pk)
    status = 422 if request.method == "POST" else 200
    return TemplateResponse(request, "accounts_app/data_feed_new.html", {"form": form}, status=status)


@access(ADMINISTRATORS, methods=("GET", "POST"))
def feed_edit(request: Request, pk: int) -> HttpResponse:
    the_feed = _feed(pk)
    said = request.POST or None
    forms: dict[str, Any] = {
        "form": FeedForm(said, instance=the_feed),
        "kinds": FeedKindFormSet(said, queryset=the_feed.kinds.all(), prefix="kinds"),
        "add": AddKindForm(the_feed, said),
    }
    if request.method == "POST" and not [one for one in forms.values() if not one.is_valid()]:  # each shows its faults
        _save(the_feed, forms)
        messages.success(request, _("Saved."))
        return redirect("accounts:feed", pk)
    status = 422 if request.method == "POST" else 200
    return TemplateResponse(request, "accounts_app/data_feed_edit.html", {"feed": the_feed, **forms}, status=status)


def _save(the_feed: Feed, forms: dict[str, Any]) -> None:
    forms["form"].save(commit=False)
    kinds = forms["kinds"].save(commit=False)
    change_feed(feed=the_feed, kinds=kinds, added=forms["add"].cleaned_data["source"])
