"""The judgement: recomputable from the facts alone."""

from signals.models.alarm_budget import AlarmBudget
from signals.models.alert import Alert, AlertAction
from signals.models.backtest import BacktestAccount, BacktestFigures, BacktestResult
from signals.models.bulk_act import BulkAct
from signals.models.fact_block import FactBlock, FactChange, FactPart
from signals.models.manual_judgement import ManualJudgement
from signals.models.playbook import Playbook, PlaybookTick
from signals.models.post_mortem import LossAlarm, PostMortem
from signals.models.reading import Reading
from signals.models.risk_day import RiskDay
from signals.models.rule_set import RuleSet
from signals.models.run import Run, RunChunk
from signals.models.saved_view import SavedView, StartView
from signals.models.standing import Band, Standing
from signals.models.visit import AccountVisit, BandChange, PortfolioVisit

__all__ = [
    "AccountVisit",
    "AlarmBudget",
    "Alert",
    "AlertAction",
    "BacktestAccount",
    "BacktestFigures",
    "BacktestResult",
    "Band",
    "BandChange",
    "BulkAct",
    "FactBlock",
    "FactChange",
    "FactPart",
    "LossAlarm",
    "ManualJudgement",
    "Playbook",
    "PlaybookTick",
    "PortfolioVisit",
    "PostMortem",
    "Reading",
    "RiskDay",
    "RuleSet",
    "Run",
    "RunChunk",
    "SavedView",
    "Standing",
    "StartView",
]
