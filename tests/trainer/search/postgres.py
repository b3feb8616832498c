"""The real PostgreSQL, with a database of one's own, on a socket in a temporary folder."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

DEADLINE = 60


def programs() -> Path | None:
    """Return the folder of the server's programs, which Debian keeps off the path."""
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return folders[-1] if folders else None


def _account() -> dict[str, Any]:
    """Return who starts the server: it refuses root."""
    if os.geteuid() != 0:
        return {}
    account = pwd.getpwnam("postgres")
    return {"user": account.pw_uid, "group": account.pw_gid}


@contextmanager
def server() -> Iterator[str]:
    """Start a server, yield the address of its database, and stop it."""
    folder = programs()
    assert folder is not None
    account = _account()
    # Not in the folder of a test: the path of a socket has to be short.
    with tempfile.TemporaryDirectory(prefix="pg-", dir="/tmp") as place:
        if account:
            os.chown(place, account["user"], account["group"])

        def call(program: str, *arguments: str) -> None:
            with Path(place, f"{program}.txt").open("w+") as output:  # the server inherits it
                done = subprocess.run(
                    [folder / program, "-D", f"{place}/data", *arguments],
                    check=False,
                    cwd="/",
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    timeout=DEADLINE,
                    **account,
                )
                output.seek(0)
                assert done.returncode == 0, output.read()

        call("initdb", "-U", "tester", "--auth=trust", "--no-sync")
        options = f"-c listen_addresses= -c unix_socket_directories={place} -c fsync=off"
        call("pg_ctl", "-w", "-o", options, "start")
        try:
            yield f"postgresql+psycopg://tester@/postgres?host={place}"
        finally:
            call("pg_ctl", "-w", "-m", "immediate", "stop")
