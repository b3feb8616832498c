"""The trainer's command line: ``python -m trainer COMMAND …``.

Nothing heavy is imported here: a command imports what it needs when it runs, and the workers
that a training starts import this module again.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from trainer.errors import TrainerError

COMMANDS = {
    "recognize": "read characters in pictures and inks",
    "train": "train a recogniser",
    "presets": "list the models that can be trained",
    "serve": "answer for a recogniser over standard input and output",
    "evaluate": "measure a recogniser on a dataset",
    "datasets": "list, fetch, import, show and remove datasets",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status.

    0 for success, 1 for an error that is explained on standard error, 2 for wrong usage,
    130 for an interruption.
    """
    parser = argparse.ArgumentParser(
        prog="trainer", description="EMNIST Desktop without a window: train, measure, recognise."
    )
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    given = list(sys.argv[1:] if arguments is None else arguments)
    # numpy's products here are far too small to share among threads, which then wait for one
    # another; workers inherit this. It works as long as numpy is not loaded yet.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    for name, summary in COMMANDS.items():
        subparser = subparsers.add_parser(
            name, help=summary, description=summary.capitalize() + "."
        )
        if given[:1] == [name]:
            module = importlib.import_module(f"trainer.commands.{name}")
            module.add_arguments(subparser)
            subparser.set_defaults(run=module.run)
    options = parser.parse_args(given)
    try:
        return int(options.run(options))
    except TrainerError as error:
        print(f"{error.message}", file=sys.stderr)
        if error.hint:
            print(f"Hint: {error.hint}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 1


if __name__ == "__main__":
    sys.exit(main())
