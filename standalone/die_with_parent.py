"""Runs a command that ends when the process that started it ends, even by `kill -9`.

It is a script between `Popen` and the command, because `preexec_fn` may deadlock in a process with threads.
The kernel ties the command to the *thread* that started it, so that thread must live as long as the command.
Only Linux knows this tie; elsewhere a child can outlive a killed parent.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> None:
    """Become a command, as a user, to be sent a signal when its parent is gone.

    `arguments`: the parent's process id, the signal, user id, group id, then the command itself.
    """
    parent, stop_signal, uid, gid = map(int, arguments[:4])
    command = arguments[4:]
    if uid != os.geteuid():
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    os.umask(0o077)  # What the servers write is personal data, and root's folders must be passable for others.
    if sys.platform == "linux":  # The tie comes after the change of user, which would undo it.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, stop_signal, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit("The process that asked for this one is already gone.")
    os.execv(command[0], command)  # noqa: S606 - No shell is wanted.


if __name__ == "__main__":
    main(sys.argv[1:])
