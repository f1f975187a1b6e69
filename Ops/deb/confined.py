# A process as systemd would start it by a unit: its user, limits, capabilities, read-only system and
# filter of system calls, for machines where no systemd runs. Linux, x86_64 and arm64; needs root.

import ctypes
import os
import resource
import socket
import subprocess

LIBC = ctypes.CDLL(None, use_errno=True)
PR_CAPBSET_DROP, PR_SET_KEEPCAPS, PR_SET_NO_NEW_PRIVS = 24, 8, 38
PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, PR_SET_MDWE = 47, 2, 65
CLONE_NEWNS, MS_RDONLY, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = (
    0x20000, 1, 32, 4096, 16384, 1 << 18)
CAPABILITIES = {"CAP_NET_BIND_SERVICE": 10}
LAST_CAPABILITY = 40
INFINITY = resource.RLIM_INFINITY


class Condition(ctypes.Structure):
    """A call's argument is to be equal to a value (scmp_arg_cmp of <seccomp.h>)."""
    _fields_ = [
        ("argument", ctypes.c_uint), ("operator", ctypes.c_int), ("value", ctypes.c_uint64),
        ("other", ctypes.c_uint64)]


def unit(path):
    """A unit's service section: a list of values by name, in their order."""
    values, section = {}, None
    with open(path, encoding="utf-8") as file:
        for line in file:
            line = line.strip()
            if line.startswith("["):
                section = line
            elif section == "[Service]" and "=" in line and not line.startswith("#"):
                name, value = line.split("=", 1)
                values.setdefault(name, []).append(value)
    return values


def system_calls(filters):
    """The names that a unit's filters leave, as systemd's own table has its groups."""
    allowed = set()
    for line in filters:
        words = line.lstrip("~").split()
        names = set()
        for word in words:
            names |= group(word) if word.startswith("@") else {word}
        if line.startswith("~"):
            allowed -= names
        else:
            # systemd lets what every process needs pass in any case.
            allowed |= names | group("@default")
    return sorted(allowed)


def group(name):
    """A group of system calls, groups in it resolved."""
    listing = subprocess.run(
        ["systemd-analyze", "syscall-filter", name], check=True, capture_output=True, text=True)
    names = set()
    for line in listing.stdout.split("\n")[1:]:
        word = line.strip()
        if word.startswith("@"):
            names |= group(word)
        elif word and not word.startswith("#"):
            names.add(word)
    return names


def families(service):
    """The families of sockets that a unit leaves."""
    return [int(getattr(socket, word)) for word in service["RestrictAddressFamilies"][0].split()]


def call(name, *arguments):
    """A function of the C library that returns 0 or fails."""
    if getattr(LIBC, name)(*arguments) < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")


def limit(text):
    return INFINITY if text == "infinity" else int(text)


class Confinement:
    """What a unit asks for, put into force in a child by `enter` right before it becomes a program."""

    def __init__(self, service, root):
        self.root = root
        user = service["User"][0]
        with open(f"{root}/etc/passwd", encoding="utf-8") as file:
            entry = next(line for line in file if line.startswith(user + ":")).split(":")
        self.uid, self.gid = int(entry[2]), int(entry[3])
        self.state = "/var/lib/" + service["StateDirectory"][0]
        self.umask = int(service["UMask"][0], 8)
        self.limits = [
            (getattr(resource, "RLIMIT_" + name.removeprefix("Limit")), limit(values[0]))
            for name, values in service.items() if name.startswith("Limit")]
        self.capabilities = [
            CAPABILITIES[word] for word in service.get("AmbientCapabilities", [""])[0].split()]
        self.is_write_execute_denied = service.get("MemoryDenyWriteExecute") == ["true"]
        self.calls = system_calls(service["SystemCallFilter"])
        self.families = families(service)
        self.seccomp = ctypes.CDLL("libseccomp.so.2", use_errno=True)
        self.seccomp.seccomp_init.restype = ctypes.c_void_p

    def enter(self):
        """To be called in the child, which says why where it can't."""
        try:
            self.confine()
        except Exception as error:
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
            raise

    def confine(self):
        self.protect_system()
        os.chroot(self.root)
        os.chdir("/")
        os.umask(self.umask)
        for which, value in self.limits:
            hard = resource.getrlimit(which)[1]
            try:
                resource.setrlimit(which, (value, value))
            except ValueError:
                # A container's root may not raise what it was given.
                resource.setrlimit(which, (hard, hard))
        self.become_user()
        if self.is_write_execute_denied:
            # Linux 6.3 and later; systemd does it by a filter before.
            LIBC.prctl(PR_SET_MDWE, 1, 0, 0, 0)
        self.filter_calls()

    def protect_system(self):
        """All of the root is read-only but the state folder, /tmp and what no disk is behind."""
        call("unshare", CLONE_NEWNS)
        call("mount", None, b"/", None, MS_REC | MS_PRIVATE, None)
        for writable in (self.state, "/tmp"):
            place = (self.root + writable).encode()
            call("mount", place, place, None, MS_BIND, None)
        flags = MS_REMOUNT | MS_BIND | MS_RDONLY
        call("mount", None, self.root.encode(), None, flags, None)

    def become_user(self):
        for capability in range(LAST_CAPABILITY + 1):
            if capability not in self.capabilities:
                # Kernels before the last capability don't know it.
                LIBC.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
        call("prctl", PR_SET_KEEPCAPS, 1, 0, 0, 0)
        os.setgroups([self.gid])
        os.setresgid(self.gid, self.gid, self.gid)
        os.setresuid(self.uid, self.uid, self.uid)
        mask = sum(1 << capability for capability in self.capabilities)
        header = (ctypes.c_uint32 * 2)(0x20080522, 0)
        # Effective, permitted, inheritable; the lower 32, then the upper.
        call("capset", header, (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0))
        for capability in self.capabilities:
            call("prctl", PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0)
        call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)

    def filter_calls(self):
        allow, refuse = 0x7FFF0000, 0x00050000 | 1
        context = ctypes.c_void_p(self.seccomp.seccomp_init(refuse))
        for name in self.calls:
            number = self.seccomp.seccomp_syscall_resolve_name(name.encode())
            # Some are another architecture's.
            if number < 0:
                continue
            conditions = [Condition(0, 4, one, 0) for one in self.families]
            for condition in conditions if name == "socket" else [None]:
                count = 0 if condition is None else 1
                self.seccomp.seccomp_rule_add_array(
                    context, allow, number, count,
                    None if condition is None else ctypes.byref(condition))
        # The rights to become a program are still asked for.
        if self.seccomp.seccomp_load(context) != 0:
            raise OSError("seccomp_load")

