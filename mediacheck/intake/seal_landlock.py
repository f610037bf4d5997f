"""Landlock (Linux 5.13 and later): gives the whole file system and the network away.

The three system calls have no wrapper in libc; numbers and structures are those of the kernel's
``include/uapi/linux/landlock.h`` and the same on every architecture.
"""

from __future__ import annotations

import ctypes
import errno
import os

_CREATE_RULESET, _RESTRICT_SELF = 444, 446
_ASK_VERSION = 1

#: How many file rights each ABI version knows: all of them are handled, and none is granted.
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
_FILE_RIGHTS_SINCE_5 = 16
#: Since version 4 binding and connecting TCP; since 6 abstract sockets and signals to others.
_NETWORK_RIGHTS, _SCOPES = 0b11, 0b11


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("handled_access_fs", ctypes.c_uint64),
        ("handled_access_net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


def close_files() -> int:
    """Forbids this process every file and TCP port. Needs ``PR_SET_NO_NEW_PRIVS``.

    Returns:
        The kernel's Landlock version, 0 where it has none.

    Raises:
        OSError: the kernel has Landlock and refuses this ruleset.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    version = int(libc.syscall(_CREATE_RULESET, None, 0, _ASK_VERSION))
    if version < 1:
        if ctypes.get_errno() in (errno.ENOSYS, errno.EOPNOTSUPP):
            return 0
        raise OSError(ctypes.get_errno(), "landlock")
    ruleset = _Ruleset(
        handled_access_fs=(1 << _FILE_RIGHTS.get(version, _FILE_RIGHTS_SINCE_5)) - 1,
        handled_access_net=_NETWORK_RIGHTS if version >= 4 else 0,  # noqa: PLR2004 - ABI number
        scoped=_SCOPES if version >= 6 else 0,  # noqa: PLR2004 - ABI number
    )
    # An older kernel refuses a longer structure only if the part it does not know is not zero.
    handle = libc.syscall(_CREATE_RULESET, ctypes.byref(ruleset), ctypes.sizeof(ruleset), 0)
    if handle < 0:
        raise OSError(ctypes.get_errno(), "landlock_create_ruleset")
    if libc.syscall(_RESTRICT_SELF, handle, 0) != 0:
        raise OSError(ctypes.get_errno(), "landlock_restrict_self")
    os.close(handle)
    return version
