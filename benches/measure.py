#!/usr/bin/env python3
"""measure.py RUNS LABEL COMMAND... : one row of a Markdown table with medians over RUNS runs (and
one more before them that is not counted): wall time with its range, CPU time, peak memory of the
largest process, exit codes. Output of the command is dropped."""
import os
import statistics
import subprocess
import sys
import time

runs, label, command = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
wall, cpu, peak, codes = [], [], [], set()
for run in range(runs + 1):
    start = time.perf_counter()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if run:
        wall.append(time.perf_counter() - start)
        cpu.append(usage.ru_utime + usage.ru_stime)
        peak.append(usage.ru_maxrss / 1024)
        codes.add(process.returncode)
print(
    f"| {label} | {statistics.median(wall):.4f} ({min(wall):.4f}-{max(wall):.4f}) | {statistics.median(cpu):.4f} "
    f"| {statistics.median(peak):.1f} | {runs} | {sorted(codes)} |",
    flush=True,
)
