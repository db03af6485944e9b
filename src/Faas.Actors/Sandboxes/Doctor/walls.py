# Tries the walls from inside. WallProbe runs this script in a sandbox like any other, and WallRules judges what it returns.
import ctypes, errno, math, os, socket, time, _thread

if 'hog' in event:
    return len(b'x' * event['hog'])


def error_of(attempt):
    try:
        attempt()
    except OSError as error:
        return errno.errorcode.get(error.errno, str(error.errno))
    return None


def read(path):
    with open(path) as file:
        return file.read()


def environment_names():
    names = set(os.environ)
    for pid in filter(str.isdigit, os.listdir('/proc')):
        try:
            names.update(entry.partition('=')[0] for entry in read(f'/proc/{pid}/environ').split('\0') if entry)
        except OSError:
            pass  # another process's environment that this script may not read, as it should be
    return sorted(names)


def writable():
    made = [f'{folder}/faas-wall' for folder in ('', '/usr', '/etc', '/dev', '/faas')]
    there = ['/proc/sys/kernel/core_pattern', '/proc/sys/vm/overcommit_memory', '/proc/sysrq-trigger']
    return ([path for path in made if error_of(lambda: os.close(os.open(path, os.O_WRONLY | os.O_CREAT))) is None]
            + [path for path in there if error_of(lambda: os.close(os.open(path, os.O_WRONLY))) is None])


def reaches():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        return error_of(lambda: probe.connect(('192.0.2.1', 9)))  # an address for documentation (RFC 5737), which has no host


def processors_of_the_machine():
    """How many processors the kernel would let this process have. os.sched_getaffinity tells those of the sandbox."""
    with open('/proc/self/status', encoding='ascii') as status:
        masks = next(line for line in status if line.startswith('Cpus_allowed:'))
    return bin(int(masks.split()[1].replace(',', ''), 16)).count('1')


def processors_used(wanted):
    """How many processor seconds a second one process more than the limit allows get together, over a fifth of a second."""
    spinners = math.ceil(wanted) + 1
    if spinners > 8 or processors_of_the_machine() < spinners:
        return None
    before, start = os.times(), time.monotonic()
    for _ in range(spinners):
        if os.fork() == 0:
            while time.monotonic() < start + 0.2:
                pass
            os._exit(0)
    for _ in range(spinners):
        os.wait()
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return spent / (time.monotonic() - start)


def threads_until_refused(limit):
    if limit > 512:
        return None
    lock = _thread.allocate_lock()
    lock.acquire()
    started = 0
    try:
        while started <= limit:
            _thread.start_new_thread(lock.acquire, ())
            started += 1
    except RuntimeError:
        pass
    return started


def size_of(path):
    found = os.statvfs(path)
    return found.f_blocks * found.f_frsize


status = dict(line.split(':\t', 1) for line in read('/proc/self/status').splitlines() if ':\t' in line)
libc = ctypes.CDLL(None, use_errno=True)
return {
    'pid': os.getpid(),
    'capabilities': [status['CapEff'], status['CapPrm'], status['CapBnd'], status['CapAmb']],
    'noNewPrivileges': status['NoNewPrivs'] == '1',
    'seccomp': int(status['Seccomp']),
    'newNamespace': libc.unshare(0x10000000) == 0,
    'interfaces': [line.partition(':')[0].strip() for line in read('/proc/net/dev').splitlines()[2:]],
    'reaches': reaches(),
    'writable': writable(),
    'environment': environment_names(),
    'processors': processors_used(event['cpus']),
    'threads': threads_until_refused(event['pids']),
    'tmpBytes': size_of('/tmp'),
}
