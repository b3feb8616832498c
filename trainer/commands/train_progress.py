"""What a person at a terminal sees of a training."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from trainer.runs import events


class TrainingProgressLines:
    """Prints a line an epoch, and on a terminal one that moves."""

    def __init__(self) -> None:
        self._moving = sys.stdout.isatty()

    def __call__(self, event: events.Event) -> None:
        """Print what a person wants to see of an event."""
        if self._moving and (text := _moving_text(event)):
            print(f"\r\x1b[K{text}", end="", flush=True)
        for line in _lines(event):
            print(f"\r\x1b[K{line}" if self._moving else line, flush=True)


def _moving_text(event: events.Event) -> str:
    match event:
        case events.Batch():
            return (
                f"epoch {event.epoch}  batch {event.batch}/{event.batches}  "
                f"loss {event.loss:.3f}  accuracy {event.accuracy:.1%}  "
                f"{event.images_per_second:,.0f} images/s  {_duration(event.seconds_left)} left"
            )
        case events.Progress():
            left = _duration(event.seconds_left)
            return f"{event.done}/{event.total} {event.unit}  {left} left"
        case _:
            return ""


def _lines(event: events.Event) -> Iterator[str]:
    match event:
        case events.Started():
            size = f"{event.parameters:,} parameters, " if event.parameters else ""
            yield (
                f"{event.preset}: {size}{event.n_train:,} samples "
                f"to train on, {event.n_validation:,} to choose by, on {event.device}"
            )
            if event.device_reason:
                yield event.device_reason
            if not event.reports_progress:
                yield "no intermediate results"
        case events.Epoch():
            yield (
                f"epoch {event.epoch}  loss {event.loss:.3f}  accuracy {event.accuracy:.1%}  "
                f"validation {event.validation_accuracy:.2%} "
                f"(merged {event.merged_accuracy:.2%}), {event.seconds:.0f} s"
                + ("  best" if event.best else "")
            )
        case events.Screened():
            yield f"{event.set_aside:,} of {event.of:,} samples set aside"
        case events.Warned():
            yield f"{event.message} {event.hint}"
        case events.Finished():
            yield (
                f"finished: epoch {event.best_epoch} is best, "
                f"validation {event.validation_accuracy:.2%} (merged {event.merged_accuracy:.2%})"
            )
        case events.Cancelled():
            yield "cancelled"
        case _:
            return


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{round(seconds)} s" if seconds < 90 else f"{minutes // 60}:{minutes % 60:02d} h"
