"""What this machine takes for what no server can leave out; one line of JSON, in microseconds or calls a second.

Theory of operation: nothing of Faas is in here. A fresh process for each call is a fork(2), the pages of memory that its
child touches, and its end; a call that another process answers is a message to it and one back. Where these alone are
slower than a target, the target is out of reach on this machine, whoever tries. Each figure is a median. A page's is
less what a second pass over the same pages takes, which is the loop's own.
"""
import json
import mmap
import os
import signal
import time
from statistics import median

PAGE = mmap.PAGESIZE
PAGES = 2048
OF_NODE = 17 << 20
"""Bytes that the node zygote has written, and a fork of it shares."""
WRITTEN_BY_NODE = 160
"""Pages of them that the process of a call writes before it waits for its order."""
FORKS = 60
MESSAGES = 2000
SECONDS = 0.5
LONGEST = 30  # seconds

HELLO = compile("def main(event):\n  return 'hello ' + event['name']\n", 'hello.py', 'exec')


def micros(step):
    begun = time.perf_counter_ns()
    step()
    return (time.perf_counter_ns() - begun) / 1e3


def of_many(step, times):
    return median(micros(step) for _ in range(times))


def new_memory(size):
    return mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)


def write(memory, apart=PAGE):
    for at in range(0, len(memory), apart):
        memory[at] = 1


def read(memory):
    for at in range(0, len(memory), PAGE):
        memory[at]


def per_page(touch, memory):
    """What one page takes in the first pass and not in the second."""
    return max(0.0, (micros(lambda: touch(memory)) - micros(lambda: touch(memory))) / (len(memory) // PAGE))


def beside(live):
    """The number of a process that lives so, and not for long."""
    pid = os.fork()
    if pid == 0:
        signal.alarm(LONGEST)
        try:
            live()
        finally:
            os._exit(0)
    return pid


def told_by_fork(tell):
    """What a process of its own says, once that has ended."""
    read_end, write_end = os.pipe()
    pid = beside(lambda: os.write(write_end, json.dumps(tell()).encode()))
    os.close(write_end)
    with open(read_end, 'rb') as pipe:
        told = pipe.read()
    os.waitpid(pid, 0)
    return json.loads(told)


def pages():
    memory = new_memory(PAGES * PAGE)
    new = per_page(write, memory)
    return {
        'newPage': new,
        'sharedPageRead': median(told_by_fork(lambda: per_page(read, memory)) for _ in range(3)),
        'sharedPageWritten': median(told_by_fork(lambda: per_page(write, memory)) for _ in range(3)),
    }


def hello():
    """A call, as the fork of a bare Python has it."""
    space = {}
    exec(HELLO, space)
    return space['main'](json.loads('{"name": "x"}'))


def calls_a_second():
    """By a bare Python on each processor."""
    until = time.monotonic() + SECONDS
    read_end, write_end = os.pipe()

    def serve():
        count = 0
        while time.monotonic() < until:
            told_by_fork(hello)
            count += 1
        os.write(write_end, b'%d\n' % count)

    pids = [beside(serve) for _ in os.sched_getaffinity(0)]
    os.close(write_end)
    with open(read_end) as counts:
        total = sum(int(count) for count in counts)
    for pid in pids:
        os.waitpid(pid, 0)
    return total / SECONDS


def as_large_as_node():
    memory = new_memory(OF_NODE)
    write(memory)
    return of_many(lambda: told_by_fork(lambda: write(memory, OF_NODE // WRITTEN_BY_NODE)), FORKS)


def messages():
    """A byte there and back: to a process, and to one behind it."""
    (near, to_near), (from_near, near_back) = os.pipe(), os.pipe()
    (far, to_far), (from_far, far_back) = os.pipe(), os.pipe()

    def relay():
        while order := os.read(near, 1):
            if order == b'f':
                os.write(to_far, order)
                order = os.read(from_far, 1)
            os.write(near_back, order)

    def echo():
        while order := os.read(far, 1):
            os.write(far_back, order)

    pids = [beside(echo), beside(relay)]

    def send(order):
        os.write(to_near, order)
        os.read(from_near, 1)

    found = {
        'message': of_many(lambda: send(b'n'), MESSAGES),
        'relayedMessage': of_many(lambda: send(b'f'), MESSAGES),
    }
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    return found


def main():
    limits = {
        **pages(),
        'pythonFork': of_many(lambda: told_by_fork(hello), FORKS),
        'pythonForksASecond': calls_a_second(),
        'forkOfNodesSize': as_large_as_node(),
        **messages(),
    }
    print(json.dumps({name: round(value, 3) for name, value in limits.items()}))


if __name__ == '__main__':
    main()
