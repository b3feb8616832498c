"""``python -m trainer script``: show the code of a training, without this program."""

from __future__ import annotations

import argparse
from pathlib import Path

from trainer.commands.options.progress import ProgressLines, add_progress_argument
from trainer.commands.options.training_options import add_setting_arguments, explicit_settings
from trainer.config.training_config import TrainingConfig
from trainer.errors import ConfigError, RunError
from trainer.files.paths import replacing
from trainer.files.records import json_text
from trainer.processes.launch import missing_hint
from trainer.runs.folder import RunFolder

NOTEBOOK = ".ipynb"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options: where the settings come from, and where the code goes."""
    parser.add_argument("--run", type=Path, dest="root", metavar="FOLDER", help="folder of a run")
    parser.add_argument("--to", type=Path, metavar="FILE", help="file to write (default: print it)")
    parser.add_argument(
        "--notebook",
        action="store_true",
        help=f"write a Jupyter notebook (default: if --to ends in {NOTEBOOK})",
    )
    parser.add_argument(
        "--with-data",
        action="store_true",
        help="write the data beside the script, even those that could be fetched",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    add_progress_argument(parser)
    add_setting_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Write or print the code; return 0."""
    config = _config(options)
    if options.with_data and options.to is None:
        raise ConfigError(
            "Expected a file to write the data beside. Received: none.",
            "Name it with --to.",
            field="to",
        )
    progress = ProgressLines(options.progress)
    try:
        from trainer.exporting.script.script import make_script
        from trainer.exporting.script.script_data import write_script_data

        made = make_script(config, with_data=options.with_data)
    except ImportError as error:
        raise RunError(
            "The code needs a package that is not installed: {package}.", missing_hint("train")
        ).format(package=error.name) from error
    files: list[Path] = []
    is_notebook = options.notebook or (options.to and options.to.suffix == NOTEBOOK)
    text = made.notebook if is_notebook else made.script
    if options.to is not None:
        with replacing(options.to) as temporary:
            temporary.write_text(text, encoding="utf-8")
        files.append(options.to)
        if options.with_data:
            folder = options.to.parent
            files += write_script_data(config, made.data, folder, lambda n: progress(0, 0, n))
    if options.json:
        record = {"script": made.script, "notebook": made.notebook, "data": made.data.exported}
        print(json_text({**record, "files": [str(file) for file in files]}))
    elif options.to is None:
        print(text, end="")
    else:
        print("\n".join(map(str, files)))
    return 0


def _config(options: argparse.Namespace) -> TrainingConfig:
    if options.root is None:
        return TrainingConfig.from_record(explicit_settings(options))
    if explicit_settings(options):
        raise ConfigError(
            "A run has its settings: others mean nothing with --run.",
            "Leave them out, or leave --run out.",
            field="root",
        )
    return RunFolder(options.root).config()
