"""What a process takes from itself before it evaluates what others wrote: memory and network.

Linux seccomp filter (seccomp(2), linux/filter.h, linux/seccomp.h, linux/audit.h), installed by
prctl(2) through ctypes; the classic BPF program is small enough to be read here.
"""

import contextlib
import ctypes
import os
import platform
import resource
import signal
import struct
import sys

_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2
_RET_ALLOW = 0x7FFF0000
_RET_EACCES = 0x00050000 | 13
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_OFFSET_NUMBER, _OFFSET_ARCHITECTURE = 0, 4

# Audit architecture and the numbers of socket, connect, execve, execveat, io_uring_setup
# (arch/x86/entry/syscalls/syscall_64.tbl; include/uapi/asm-generic/unistd.h).
_ARCHITECTURES = {
    "x86_64": (0xC000003E, (41, 42, 59, 322, 425)),
    "aarch64": (0xC00000B7, (198, 203, 221, 281, 425)),
}
_X32 = 0x40000000
"""Numbers from here on are the x32 interface of x86-64, whose sockets have other numbers."""


def _instruction(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("HBBI", code, yes, no, value)


def _program(architecture: int, denied: tuple[int, ...]) -> bytes:
    """Deny these calls, and every call of another architecture; allow the others."""
    left = len(denied)
    steps = [
        _instruction(_LOAD, _OFFSET_ARCHITECTURE),
        _instruction(_EQUAL, architecture, 0, left + 3),
        _instruction(_LOAD, _OFFSET_NUMBER),
        _instruction(_AT_LEAST, _X32, left + 1, 0),
    ]
    steps += [_instruction(_EQUAL, call, left - at, 0) for at, call in enumerate(denied)]
    return b"".join([*steps, _instruction(_RETURN, _RET_ALLOW), _instruction(_RETURN, _RET_EACCES)])


class _Filter(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("program", ctypes.c_char_p)]


def forbid_network() -> bool:
    """Make socket, connect and exec fail in this process for ever; False where that cannot be."""
    known = _ARCHITECTURES.get(platform.machine())
    if not sys.platform.startswith("linux") or known is None:
        return False
    program = _program(*known)
    code = _Filter(len(program) // 8, program)
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl.argtypes = [ctypes.c_int, *[ctypes.c_void_p] * 4]
    if prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(code), 0, 0) == 0)


def limit_resources(memory: int, niceness: int) -> None:
    """Bound the address space, write no core file, stand back behind the web process."""
    with contextlib.suppress(ValueError, OSError):  # macOS has no RLIMIT_AS that can be set
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(niceness)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the web process to handle
