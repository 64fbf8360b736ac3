"""A disk fills up."""

from functools import partial

from ...twin import Twin
from ..alarms import Scenario, ticketed
from ..stage import DrillImpossible, Stage

LEFT_PERCENT = 12
"""Of the disk, once it is filled; the alert is on less than 15."""
LEFT_BYTES = 8 * 2**30
"""What must be left at least: places, and whoever else is on this machine, go on writing."""
_LEFT = "df --block-size=1 --output=avail,size /var/lib/docker | tail -n 1"


def strike(stage: Stage) -> None:
    """Set aside most of what is free on the disk under the home place, which is this machine's own and every
    place's: nothing is written, and nobody else can have it."""
    twin, file = stage.twin, f"/var/lib/docker/{stage.run}"
    free, size = map(int, _in_place(twin, stage.home, _LEFT).split())
    left = size * LEFT_PERCENT // 100
    if left < LEFT_BYTES:
        raise DrillImpossible(
            f"{LEFT_PERCENT} % of the disk are {left} bytes, and at least {LEFT_BYTES} must be left"
        )
    taken = max(free - left, 1)
    stage.strike(
        f"{taken / 2**30:.1f} GiB of the disk taken",
        partial(_in_place, twin, stage.home, f"fallocate --length {taken} {file}"),
        repair=partial(_in_place, twin, stage.home, f"rm --force {file}"),
    )


def _in_place(twin: Twin, place: str, command: str) -> str:
    container = twin.client.containers.get(twin.layout.place(place).container)
    code, output = container.exec_run(["sh", "-ec", command])
    assert isinstance(output, bytes)
    said = output.decode(errors="replace").strip()
    if code:
        raise DrillImpossible(f"{command} in {place}: {said}")
    return said


SCENARIO = Scenario(
    name="disk-filling",
    summary="Fill the disk to 88 %: a ticket tells of each host on it once that has held for 10 min.",
    strike=strike,
    lasts_s=690,
    must=ticketed("HostDiskAlmostFull"),
)
DRILL = SCENARIO.drill
