#!/usr/bin/env python3
"""Stands in for `pulumi`: notes how it was called, and answers as the file `answers.json` beside it says."""

import json
import os
import signal
import sys
import time
from pathlib import Path

here = Path(sys.argv[0]).parent
answers = json.loads((here / "answers.json").read_text())
call = {"words": sys.argv[1:], "folder": str(Path.cwd()), "environment": dict(os.environ)}
with (here / "calls").open("a") as calls:
    calls.write(json.dumps(call) + "\n")
if sys.argv[1] == "up":
    for event in answers.get("events", []):
        sys.stdout.write(json.dumps(event) + "\n")
        sys.stdout.flush()
    if answers.get("ignores_interrupts"):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        sys.stdout.write("deaf\n")
        sys.stdout.flush()
        time.sleep(60)
    sys.exit(answers.get("code", 0))
if sys.argv[1:3] == ["stack", "init"]:
    (here / "made").touch()
if sys.argv[1:3] == ["stack", "export"]:
    if not (here / "made").exists():
        sys.exit("error: no stack named 'local' found")
    sys.stdout.write(json.dumps({"deployment": answers.get("deployment", {})}))
