"""Every kind of file is whole: declared, loaded, and of a source that feeds can deliver."""

import pytest

from accounts_app.importing.fields import Is, Kind
from accounts_app.importing.loaders import LATEST, LOADERS
from accounts_app.importing.schema import KINDS
from accounts_app.models import FeedSource


def test_every_kind_has_a_loader_and_every_loader_a_kind() -> None:
    names = [kind.name for kind in KINDS]
    assert sorted(LOADERS) == sorted(names) == sorted(set(names))
    assert set(LATEST) <= set(names)


def test_kinds_bring_every_source_a_feed_can_deliver() -> None:
    assert {kind.source for kind in KINDS} == set(FeedSource.values)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_declaration_is_consistent(kind: Kind) -> None:
    names = [field.name for field in kind.fields]
    assert len(names) == len(set(names))
    assert {name for group in kind.one_of for name in group} <= set(names)
    assert {field.stand_in for field in kind.fields} - {""} <= set(names)
    assert all(bool(field.vocabulary) == (field.is_ is Is.WORD) for field in kind.fields)
    assert all(field.is_ is Is.DAY for field in kind.fields if field.ahead or field.endless)
