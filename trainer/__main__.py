"""The trainer's command line: ``python -m trainer COMMAND …``.

Nothing heavy is imported here: a command imports what it needs when it runs, and the worker
processes of a training import this module again.
"""

from __future__ import annotations

import argparse
import atexit
import errno
import gc
import importlib
import io
import json
import os
import sys
from collections.abc import Sequence

from trainer.errors import TrainerError
from trainer.files.paths import PROFILE_VARIABLE
from trainer.files.profiles import locate_profile
from trainer.files.records import encode
from trainer.processes.completion import SHELLS, completion
from trainer.processes.launch import BEFORE_HINT, JSON_VARIABLE

_LONGEST_PATH = 200
"""Characters of a path that a sentence shows."""

COMMANDS = {
    "recognize": "recognise characters in pictures and inks",
    "train": "train a recogniser",
    "lr-find": "train at rising learning rates, and suggest one",
    "hand": "learn a person's handwriting beside a recogniser, without a training",
    "finetune": "go on training a recogniser with a person's own samples",
    "presets": "list the models that can be trained",
    "serve": "run a recogniser as a server on standard input and output",
    "evaluate": "evaluate a recogniser on a dataset",
    "robustness": "evaluate recognisers on corrupted images",
    "layers": "show the feature maps of a network",
    "compare": "compare runs: leaderboard, McNemar's test",
    "search": "search for the best settings",
    "crossvalidate": "k-fold cross-validation",
    "learningcurve": "accuracy against the number of training samples",
    "reproduce": "reproduce the experiments of a course project",
    "script": "show the code of a training, as a script or a notebook",
    "export": "export a trained model or a report, or import a bundle",
    "datasets": "list, fetch, import, show and remove datasets",
    "matlab": "convert EMNIST's MATLAB file to NumPy arrays",
    "pdf-page": "draw a page of a PDF as a picture",
    "check": "check whether LiteRT can run a network",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return its exit status.

    0 for success, 1 for an error, which is printed on standard error, 2 for wrong usage,
    130 for an interruption.
    """
    _prepare_process(ends_with_command=arguments is None)
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    options, name = _options(arguments)
    try:
        profile = locate_profile(name=name)
    except TrainerError as error:
        return _failed(error)
    os.environ[PROFILE_VARIABLE] = str(profile.root)  # for the command and its children
    profile.keep_private(make=False)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # half characters in a file are printed as codes
            stream.reconfigure(errors="backslashreplace")
    try:
        status = int(options.run(options))
        sys.stdout.flush()
    except TrainerError as error:
        return _failed(error)
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except OSError as error:
        return _failed(_explained(error))
    finally:
        profile.keep_private(make=False)  # the command may have made it
    return status


def _options(arguments: Sequence[str]) -> tuple[argparse.Namespace, str]:
    """Return the options of a command, and the name of the profile if one is given."""
    completes = arguments[:1] == ["--print-completion"]
    parser = argparse.ArgumentParser(
        prog="emnist-trainer" if completes else "trainer",
        description="EMNIST Desktop without a window: train, evaluate, recognise.",
    )
    parser.add_argument("--version", action=_ShowVersion, help="print the version and exit")
    parser.add_argument("--profile", metavar="NAME", help="use the profile of this name")
    parser.add_argument(
        "--print-completion",
        action=_PrintCompletion,
        choices=SHELLS,
        help="print the script with which a shell completes emnist-trainer",
    )
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    of_all = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    of_all.add_argument("--profile", default="")
    given, arguments = of_all.parse_known_args(arguments)
    of_command = parser
    for name, summary in COMMANDS.items():
        subparser = subparsers.add_parser(
            name, help=summary, description=f"{summary[0].upper()}{summary[1:]}."
        )
        if completes or arguments[:1] == [name]:
            module = importlib.import_module(f"trainer.commands.{name.replace('-', '_')}")
            module.add_arguments(subparser)
            subparser.set_defaults(run=module.run)
            of_command = subparser
    options, unknown = parser.parse_known_args(arguments)
    if unknown:
        of_command.error(f"unrecognized arguments: {' '.join(unknown)} (see --help)")
    return options, given.profile


def _prepare_process(*, ends_with_command: bool) -> None:
    # numpy's products here are too small for several threads, which would wait for one another.
    # Workers inherit this. It must be set before numpy is loaded.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # xgboost's threads occupy a core while they wait for one another: beside another program that
    # cost a factor of a hundred and more.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    if ends_with_command:
        # Python would look for garbage among all that TensorFlow has loaded: most of a second.
        atexit.register(gc.freeze)


def _failed(error: TrainerError) -> int:
    print(f"{error.message}", file=sys.stderr)
    if error.hint:
        print(f"{BEFORE_HINT}{error.hint}", file=sys.stderr)
    if JSON_VARIABLE in os.environ:
        print(json.dumps(encode({"error": error.message, "hint": error.hint})), file=sys.stderr)
    return 1


def _explained(error: OSError) -> TrainerError:
    """Return what the system refused as a sentence."""
    reason = error.strerror or str(error)
    if error.filename is None and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
        with open(os.devnull, "w") as nothing:  # noqa: PTH123 - what is left is not tried again
            os.dup2(nothing.fileno(), sys.stdout.fileno())
        return TrainerError(
            "The output cannot be written: {reason}.", "Free some space, or write it elsewhere."
        ).format(reason=reason)
    path = str(error.filename or ".")
    shown = path if len(path) <= _LONGEST_PATH else f"…{path[-_LONGEST_PATH:]}"
    return TrainerError(
        "{path} cannot be used: {reason}.", "Check the path and its permissions."
    ).format(path=shown, reason=reason)


class _ShowVersion(argparse.Action):
    """Prints the version, which is looked up only when it is requested."""

    def __init__(self, option_strings: Sequence[str], dest: str, help: str) -> None:  # noqa: A002
        super().__init__(option_strings, dest, nargs=0, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import PackageNotFoundError, version

        try:
            print(f"emnist-desktop {version('emnist-desktop')}")
        except PackageNotFoundError:
            print("emnist-desktop (version unknown)")
        parser.exit()


class _PrintCompletion(argparse.Action):
    """Prints the script that a shell needs; a command need not be given."""

    def __call__(
        self, parser: argparse.ArgumentParser, _: object, shell: object, *__: object
    ) -> None:
        print(completion(parser, str(shell)))
        parser.exit()


if __name__ == "__main__":
    sys.exit(main())
