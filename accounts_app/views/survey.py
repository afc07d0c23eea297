"""Whether people at the account would recommend us, and who did not answer."""

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts_app.access import EXCEPT_OPERATIONS, Request, access
from accounts_app.forms.kinds import SURVEY_ANSWER
from accounts_app.models import SurveyAnswer
from accounts_app.views.account_frame import visible_account
from accounts_app.views.evidence import evidence_of
from accounts_app.views.fact_table import Words, fact_table, facts_page
from accounts_app.views.listing import Column, page_of, sorting

COLUMNS = (
    Column("asked", _("Asked"), "asked_on", descending_first=True),
    Column("contact", _("Who"), "contact__name"),
    Column("score", _("Would recommend us"), "score", descending_first=True),
    Column("comment", _("In their words")),
    Column("source", _("Source")),
)
WORDS = Words(
    title=_("Loyalty"),
    caption=_("Whom we asked whether they would recommend us, and what they said"),
    empty_title=_("Nobody was asked yet"),
    empty_text=_(
        "Here stands, by person, whether they would recommend us, from 0 to 10, and who did not answer: silence after "
        "a question is an answer too."
    ),
    row="survey_row.html",
)


@access(EXCEPT_OPERATIONS)
def survey_list(request: Request, pk: int) -> HttpResponse:
    account = visible_account(request.user, pk)
    order = sorting(request, COLUMNS, default="-asked")
    evidence = evidence_of(request)
    wanted = evidence.condition("asked_on", "known_on")
    shown = SurveyAnswer.objects.visible_to(request.user).filter(wanted, account=account)
    page = page_of(request, shown.select_related("contact", "feed").order_by(*order.ordering))
    table = fact_table(account, SURVEY_ANSWER, WORDS, order.headers, page["page_obj"])
    return facts_page(request, account, "loyalty", [table], evidence, **page)
