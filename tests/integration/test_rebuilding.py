"""Rebuilds as the role that a service signs in with, on the real log."""

from collections.abc import Sequence
from typing import Any

import pytest

import services.appeals.app
import services.moderation.app
import services.notification.app
import services.operations.app
import services.review.app
import services.submission.app
import services.viva.app
from services.appeals import read_models as appeals
from services.moderation import read_models as moderation
from services.notification import read_models as notification
from services.operations.read_models import timeline
from services.review import read_models as review
from services.submission import read_models as submission
from services.viva import read_models as viva
from shared.database import SERVICE_ROLES, open_pool
from shared.eventlog import Codec, open_log
from shared.projector import Projector, ReadModel
from tests.support.embedded import FreshDatabase

Models = tuple[Codec, Sequence[ReadModel[Any]]]

MODELS: dict[str, Models] = {
    "submission": (services.submission.app.CODEC, submission.ALL),
    "review": (services.review.app.CODEC, review.ALL),
    "moderation": (services.moderation.app.CODEC, moderation.ALL),
    "notification": (services.notification.app.CODEC, notification.ALL),
    "viva": (services.viva.app.CODEC, viva.ALL),
    "appeals": (services.appeals.app.CODEC, appeals.ALL),
    "operations": (
        services.operations.app.CODEC,
        (timeline(services.operations.app.CODEC),),
    ),
}


class TestServiceRole:
    @pytest.mark.parametrize("role", SERVICE_ROLES)
    async def test_may_rebuild_and_compare_its_own_read_models(
        self, role: str, migrated_database: FreshDatabase
    ) -> None:
        codec, models = MODELS[role]
        url = migrated_database.url_for(role)
        async with open_log(url) as log, open_pool(url, schema=role) as pool:
            projector = Projector(
                service=role, log=log, codec=codec, pool=pool, models=models
            )
            assert await projector.rebuild() == 0
            differences = await projector.differences()
        assert set(differences) == {model.table for model in models}
        assert not any(differences.values())
