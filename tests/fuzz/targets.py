"""What reads files that somebody else may have made, each with sound files to start from."""

from __future__ import annotations

from tests.fuzz.data_targets import DATA_TARGETS
from tests.fuzz.model_targets import MODEL_TARGETS
from tests.fuzz.run_targets import RUN_TARGETS
from tests.fuzz.target import Target

TARGETS: tuple[Target, ...] = (*DATA_TARGETS, *MODEL_TARGETS, *RUN_TARGETS)
