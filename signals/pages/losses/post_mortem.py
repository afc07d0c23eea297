"""What the page of a loss says: in sentences first, then signal by signal, alert by alert, contact by contact."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts_app.models import Interaction, Loss, Ownership, User
from accounts_app.templatetags.formats import day_text
from signals.compute.post_mortem import Rise
from signals.models import Alert, AlertAction
from signals.pages.losses.list import YEAR, before_text, title_of, watched_since
from signals.pages.losses.replay import Replay

PERCENT = 100


@dataclass(frozen=True)
class RiseRow:
    """One signal in the year before: when it crossed its line, for how long, and the alert it opened."""

    key: str
    title: str
    day: dt.date | None
    until: dt.date | None
    before: str
    leads: bool
    from_start: bool
    highest: int
    alert: Alert | None


@dataclass(frozen=True)
class AlertStory:
    """An alert of the year before, and what people did with it."""

    alert: Alert
    title: str
    before: str
    actions: list[AlertAction]
    ended: str


@dataclass(frozen=True)
class Contacts:
    """Of the year before, what was done."""

    count: int
    proactive: int
    last_on: dt.date | None
    last_proactive_on: dt.date | None


@dataclass(frozen=True)
class Story:
    """All that the page tells beside the figure."""

    sentences: list[str]
    rises: list[RiseRow]
    alerts: list[AlertStory]
    contacts: Contacts
    owners: list[str]

    @property
    def reached(self) -> list[RiseRow]:
        return [one for one in self.rises if one.day]

    @property
    def never_reached(self) -> list[RiseRow]:
        return [one for one in self.rises if not one.day]


def tell(loss: Loss, replay: Replay, user: User) -> Story:
    alerts = _alerts(loss, user)
    rises = _rises(loss, replay, alerts)
    contacts, owners = _contacts(loss, user), _owners(loss, user)
    sentences = [
        *_rise_sentences(replay, rises),
        _alert_sentence(loss, alerts),
        _contact_sentence(loss, contacts),
        *owners[-1:],
    ]
    return Story(sentences, rises, alerts, contacts, owners)


def _rises(loss: Loss, replay: Replay, alerts: list[AlertStory]) -> list[RiseRow]:
    first_alert: dict[str, Alert] = {}
    for story in alerts:
        first_alert.setdefault(story.alert.signal, story.alert)
    return [_rise(loss, rise, first_alert.get(rise.key)) for rise in replay.rises]


def _rise(loss: Loss, rise: Rise, alert: Alert | None) -> RiseRow:
    before = before_text(loss, rise.day) if rise.day else ""
    return RiseRow(
        key=rise.key,
        title=title_of(rise.key),
        day=rise.day,
        until=rise.until,
        before=before,
        leads=rise.leads,
        from_start=rise.from_start,
        highest=int(rise.highest * PERCENT),  # never rounded up to a line that was not reached
        alert=alert,
    )


def _rise_sentences(replay: Replay, rises: list[RiseRow]) -> list[str]:
    """What rose first and what followed; nothing where no day was judged."""
    if not replay.weeks:
        return []
    first = next((one for one in rises if replay.first and one.key == replay.first.key), None)
    later = [one for one in rises if one.leads and one is not first]
    words = _("{title} followed, {before}.")
    followed = [words.format(title=one.title, before=one.before) for one in later[:1]]
    return [_first_sentence(replay, first), *followed]


def _first_sentence(replay: Replay, first: RiseRow | None) -> str:
    if first is None and replay.is_whole:
        return _("No signal rose in the year before the loss: by what was recorded, nothing told of it.")
    if first is None:
        return _("No signal rose in the weeks that were judged.")
    if first.day is None:
        words = _("No signal was above its line in the quarter before the loss; {title} rose most.")
        return words.format(title=first.title)
    if first.from_start:
        return _("{title} was above its line from the first day on which it is known, {before} the loss.").format(
            title=first.title, before=first.before
        )
    return _("{title} rose first, {before} the loss.").format(title=first.title, before=first.before)


def _alerts(loss: Loss, user: User) -> list[AlertStory]:
    span = (loss.lost_on - YEAR, loss.lost_on)
    alerts = Alert.objects.visible_to(user).filter(account=loss.account_id, opened_on__range=span)
    rows = alerts.order_by("opened_on", "pk").prefetch_related("actions__by")
    return [_story(loss, alert) for alert in rows]


def _story(loss: Loss, alert: Alert) -> AlertStory:
    done = [one for one in alert.actions.all() if not one.undone and one.kind != AlertAction.Kind.UNDO]
    return AlertStory(
        alert=alert,
        title=title_of(alert.signal),
        before=before_text(loss, alert.opened_on),
        actions=sorted(done, key=lambda action: action.at),
        ended=_ended(alert),
    )


def _ended(alert: Alert) -> str:
    if alert.released_on is None:
        return _("waited beyond the week's budget: nobody was shown it")
    if alert.state == Alert.State.FADED and alert.closed_on:
        return _("closed by itself on {day}").format(day=day_text(alert.closed_on))
    return ""


def _alert_sentence(loss: Loss, alerts: list[AlertStory]) -> str:
    shown = [story for story in alerts if story.alert.released_on]
    watched = watched_since()
    if not shown and (watched is None or loss.lost_on < watched):
        return _("Nobody could be alerted: Vigil did not watch yet.")
    if not shown:
        return _("Nobody was alerted in the year before.")
    first = shown[0]
    words = _("The first alert came on {day}, {before}: {title}.")
    said = words.format(day=day_text(first.alert.opened_on), before=first.before, title=first.title)
    acted = [action for story in shown for action in story.actions]
    if not acted:
        return f"{said} " + _("Nobody did anything with it.")
    action = min(acted, key=lambda one: one.at)
    did = _("{kind} by {who} on {day}.").format(
        kind=action.get_kind_display(), who=action.by.get_short_name(), day=day_text(action.at.date())
    )
    return f"{said} {did}"


def _contacts(loss: Loss, user: User) -> Contacts:
    within = Q(happened_on__gt=loss.lost_on - YEAR)
    proactive = Q(initiator=Interaction.Initiator.US, purpose__in=Interaction.PROACTIVE_PURPOSES)
    done = Interaction.objects.visible_to(user).done().filter(account=loss.account_id, happened_on__lte=loss.lost_on)
    found = done.order_by().aggregate(
        count=Count("pk", filter=within),
        proactive=Count("pk", filter=within & proactive),
        last_on=Max("happened_on"),
        last_proactive_on=Max("happened_on", filter=proactive),
    )
    return Contacts(**found)


def _contact_sentence(loss: Loss, contacts: Contacts) -> str:
    if contacts.last_on is None:
        return _("No contact is recorded before the loss.")
    counted = ngettext(
        "{n} contact in the year before, {proactive} of them proactive.",
        "{n} contacts in the year before, {proactive} of them proactive.",
        contacts.count,
    ).format(n=contacts.count, proactive=contacts.proactive)
    if contacts.last_proactive_on is None:
        return f"{counted} " + _("We never came by ourselves.")
    return f"{counted} " + _("We last came by ourselves {before}.").format(
        before=before_text(loss, contacts.last_proactive_on)
    )


def _owners(loss: Loss, user: User) -> list[str]:
    """Who answered for the account in the year before, the earliest first."""
    over = Q(until_day=None) | Q(until_day__gt=loss.lost_on - YEAR)
    records = Ownership.objects.visible_to(user).filter(
        over, account=loss.account_id, duty=Ownership.Duty.OWNER, from_day__lte=loss.lost_on
    )
    said = [_owner(loss, record) for record in records.select_related("user").order_by("from_day")]
    return said or [_("Who answered for the account then is not on record.")]


def _owner(loss: Loss, record: Ownership) -> str:
    who, since = record.user.name, day_text(record.from_day)
    if record.until_day is None or record.until_day > loss.lost_on:
        return _("{who} answered for it since {since}.").format(who=who, since=since)
    until = day_text(record.until_day)
    return _("{who} answered for it from {since} until {until}; then it changed.").format(
        who=who, since=since, until=until
    )
