"""Turns itself into another program that cannot outlive the process which started it.

Run by path (``python -I -S launch.py PLAN -- PROGRAM ARGUMENT...``), so it imports
nothing but the standard library and is gone after a few milliseconds: ``exec``
replaces it. PLAN is a JSON object, see `LaunchPlan`.

Invariant: when PROGRAM begins, the kernel already knows which signal to send it at
the death of the parent (Linux; elsewhere a parent killed by ``kill -9`` leaves it
behind, and the next start clears it away).
"""

import ctypes
import json
import os
import struct
import sys
from typing import TypedDict

# Numbers from <linux/prctl.h>, <linux/securebits.h> and <linux/capability.h>.
_PR_SET_PDEATHSIG = 1
_PR_SET_KEEPCAPS = 8
_PR_SET_SECUREBITS = 28
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_SECBIT_NO_SETUID_FIXUP = 1 << 2
_CAP_DAC_OVERRIDE = 1
_CAPABILITY_VERSION_3 = 0x20080522

PARENT_GONE = 81
"""Exit status when the parent died before the program could begin."""
NOT_ALLOWED = 82
"""Exit status when the system refuses the change of account."""


class LaunchPlan(TypedDict):
    """What happens between ``fork`` and ``exec``."""

    parent_pid: int
    """The process whose death ends the program."""
    death_signal: int
    """The signal the program gets then."""
    user_id: int | None
    """Account to become, or None to stay who we are."""
    group_id: int | None
    reach_everywhere: bool
    """Keep the right to pass directories that the account alone could not enter."""


def main(arguments: list[str]) -> None:
    """Carry out the plan in ``arguments[0]`` and become ``arguments[2:]``."""
    plan: LaunchPlan = json.loads(arguments[0])
    program = arguments[2:]
    os.umask(0o077)
    if plan["user_id"] is not None and plan["group_id"] is not None:
        try:
            _become(plan["user_id"], plan["group_id"], plan["reach_everywhere"])
        except OSError as error:
            sys.stderr.write(f"cannot become user id {plan['user_id']}: {error}\n")
            sys.exit(NOT_ALLOWED)
    if sys.platform == "linux":
        # After the change of account: the kernel forgets the signal when it happens.
        _prctl(_PR_SET_PDEATHSIG, plan["death_signal"])
    if os.getppid() != plan["parent_pid"]:
        sys.exit(PARENT_GONE)
    os.execv(program[0], program)  # noqa: S606 - no shell is the point


def _become(user_id: int, group_id: int, reach_everywhere: bool) -> None:  # noqa: FBT001
    os.setgroups([])
    os.setgid(group_id)
    if not reach_everywhere:
        os.setuid(user_id)
        return
    _prctl(_PR_SET_SECUREBITS, _SECBIT_NO_SETUID_FIXUP)
    _prctl(_PR_SET_KEEPCAPS, 1)
    os.setuid(user_id)
    _keep_only(_CAP_DAC_OVERRIDE)


def _keep_only(capability: int) -> None:
    """Drop every capability but *capability*, and pass that one on over ``exec``."""
    bit = 1 << capability
    # struct __user_cap_header_struct, and two of __user_cap_data_struct (effective,
    # permitted, inheritable), of <linux/capability.h>.
    header = struct.pack("=Ii", _CAPABILITY_VERSION_3, 0)
    data = struct.pack("=6I", bit, bit, bit, 0, 0, 0)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.capset(ctypes.create_string_buffer(header), data) != 0:
        raise OSError(ctypes.get_errno(), "capset refused")
    _prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, capability)


def _prctl(option: int, first: int, second: int = 0) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    numbers = (ctypes.c_ulong(value) for value in (first, second, 0, 0))
    if libc.prctl(option, *numbers) != 0:
        raise OSError(ctypes.get_errno(), f"prctl({option}) refused")


if __name__ == "__main__":
    main(sys.argv[1:])
