"""One operation at a time."""

import signal
import subprocess
import sys
import threading

import pytest

from bicoastal.operations.lock import exclusively, exclusively_with_parts
from bicoastal.operations.refusal import Refused

HOLDER = """
import sys, time
from pathlib import Path
from bicoastal.operations.lock import exclusively
with exclusively(Path(sys.argv[1]), "deploy"):
    print("held", flush=True)
    time.sleep(60)
"""


def holder(folder):
    process = subprocess.Popen([sys.executable, "-c", HOLDER, str(folder)], stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"held\n"
    return process


def test_a_second_operation_is_refused_with_owner_and_time(tmp_path):
    with holder(tmp_path) as process:
        told = rf"scale: another operation is under way; given: deploy of process {process.pid} since 20\d\d-"
        with pytest.raises(Refused, match=told), exclusively(tmp_path, "scale"):
            pytest.fail("two at once")
        process.kill()


def test_the_lock_of_a_dead_process_stands_in_nobodys_way(tmp_path):
    with holder(tmp_path) as process:
        process.send_signal(signal.SIGKILL)
    with exclusively(tmp_path, "scale"):
        pass


def test_an_operation_that_ended_badly_leaves_no_lock(tmp_path):
    with pytest.raises(ZeroDivisionError), exclusively(tmp_path, "scale"):
        raise ZeroDivisionError
    with exclusively(tmp_path, "scale"):
        pass


def test_what_is_made_of_operations_passes_its_own_and_nobody_elses(tmp_path):
    elsewhere = []

    def in_another_thread():
        try:
            with exclusively(tmp_path, "up"):
                elsewhere.append("let through")
        except Refused as refused:
            elsewhere.append(str(refused))

    with exclusively_with_parts(tmp_path, "drill deploy-good"):
        with exclusively(tmp_path, "deploy"):
            pass
        other = threading.Thread(target=in_another_thread)
        other.start()
        other.join()
        told = subprocess.run(
            [sys.executable, "-c", HOLDER, str(tmp_path)], stderr=subprocess.PIPE, text=True, timeout=60
        ).stderr
    assert "given: drill deploy-good of process" in elsewhere[0]
    assert "given: drill deploy-good of process" in told
    with holder(tmp_path) as process:
        with pytest.raises(Refused), exclusively_with_parts(tmp_path, "drill deploy-good"):
            pytest.fail("two at once")
        process.kill()


def test_what_is_made_of_operations_and_ended_badly_lets_nobody_through(tmp_path):
    with pytest.raises(ZeroDivisionError), exclusively_with_parts(tmp_path, "drill deploy-good"):
        raise ZeroDivisionError
    with holder(tmp_path) as process:
        with pytest.raises(Refused), exclusively(tmp_path, "deploy"):
            pytest.fail("two at once")
        process.kill()
