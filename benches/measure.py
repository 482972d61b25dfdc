#!/usr/bin/env python3
"""Runs commands by turns and prints the CPU seconds and peak KiB of each run.

    python3 -I -S benches/measure.py RUNS < commands > results

A line of the input is a command, its arguments separated by tabs; a line of the output is a turn,
with two numbers for each command. This is a program of its own, and a small one, because a process
starts with the peak memory of the one that spawned it: nothing below the size of this interpreter
(about 9 MiB) can be told.
"""

import os
import sys


def run(command):
    null = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    child = os.posix_spawn(command[0], command, os.environ, file_actions=null)
    _, status, usage = os.wait4(child, 0)
    if status:
        sys.exit("failed with %d: %s" % (os.waitstatus_to_exitcode(status), " ".join(command)))
    return "%r %d" % (usage.ru_utime + usage.ru_stime, usage.ru_maxrss)


commands = [line.rstrip("\n").split("\t") for line in sys.stdin]
# A first turn warms the page cache.
for command in commands:
    run(command)
for _ in range(int(sys.argv[1])):
    print(*map(run, commands), flush=True)
