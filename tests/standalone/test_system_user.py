"""PostgreSQL's system user is one user, however many make it at once."""

import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest

from standalone.system_user import is_root

MAKER = """
import sys
from pathlib import Path
from standalone import system_user
system_user._USER = sys.argv[1]
print("ready", flush=True)
sys.stdin.readline()
system_user.give_to_system_user(Path(sys.argv[2]))
"""
AT_ONCE = 6


@pytest.mark.skipif(not is_root(), reason="only root makes system users")
def test_those_who_make_the_user_at_once_give_to_the_same_user(tmp_path: Path) -> None:
    user = f"fodslag{os.getpid()}"
    folders = [tmp_path / str(number) for number in range(AT_ONCE)]
    for folder in folders:
        folder.mkdir()
    makers = [
        subprocess.Popen(
            [sys.executable, "-c", MAKER, user, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for folder in folders
    ]
    try:
        for maker in makers:
            assert maker.stdout is not None
            assert maker.stdout.readline() == "ready\n"
        for maker in makers:
            assert maker.stdin is not None
            maker.stdin.write("\n")
            maker.stdin.flush()
        for maker in makers:
            maker.communicate()

        assert {folder.stat().st_uid for folder in folders} == {pwd.getpwnam(user).pw_uid}
    finally:
        subprocess.run(["/usr/sbin/userdel", user], check=True)
