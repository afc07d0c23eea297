"""The judgement: recomputable from the facts alone."""

from signals.models.alert import Alert, AlertAction
from signals.models.reading import Reading
from signals.models.risk_day import RiskDay
from signals.models.rule_set import RuleSet
from signals.models.run import Run, RunChunk
from signals.models.standing import Band, Standing

__all__ = ["Alert", "AlertAction", "Band", "Reading", "RiskDay", "RuleSet", "Run", "RunChunk", "Standing"]
