"""Where a fact came from, in words, and whether it may be changed here."""

from django import template
from django.utils.translation import gettext as _

from accounts_app.models import BEGINNING, OWN_FEED, Fact
from accounts_app.templatetags.formats import day_text

register = template.Library()


@register.filter
def provenance(fact: Fact) -> str:
    """Write `entered 3 Mar` or `from CRM, known since 3 Mar`; what is known from the beginning says no day."""
    if is_own(fact):
        return _("entered {day}").format(day=day_text(fact.known_on))
    if fact.known_on == BEGINNING:
        return _("from {feed}").format(feed=fact.feed)
    return _("from {feed}, known since {day}").format(feed=fact.feed, day=day_text(fact.known_on))


@register.filter
def is_own(fact: Fact) -> bool:
    """Whether people typed it in, so that no file overwrites what they change."""
    return fact.feed.name == OWN_FEED
