"""Services of a place that are down and stay down."""

from collections.abc import Mapping
from contextlib import closing

from ..project import ENVIRONMENT
from ..twin import Twin


class Held:
    """Every service of the place whose name begins with `prefix`, such as `api` or `postgres-1`.

    Made while they run, so that `let_up` knows how many tasks each had.
    """

    def __init__(self, twin: Twin, place: str, prefix: str) -> None:
        self._twin, self._place = twin, place
        with closing(twin.places.engine(place)) as engine:
            self._replicas: Mapping[str, int] = {
                service.name: service.attrs["Spec"]["Mode"]["Replicated"]["Replicas"]
                for service in engine.services.list()
                if service.name.startswith(f"{ENVIRONMENT}_{prefix}")
            }
        if not self._replicas:
            raise RuntimeError(f"{place} has no service {prefix}")

    def hold(self) -> None:
        """SIGKILL for everything in their containers, and no new ones.

        The kill comes first: scaled down, a service is asked to stop, and a primary would hand its lease
        over. Swarm waits a second before it makes a new task, and by then is told not to.
        """
        with closing(self._twin.places.engine(self._place)) as engine:
            for name in self._replicas:
                for container in engine.containers.list(filters={"label": task_label(name)}):
                    container.kill()
                engine.services.get(name).scale(0)

    def let_up(self) -> None:
        """Let them run again, as many tasks of each as before."""
        with closing(self._twin.places.engine(self._place)) as engine:
            for name, replicas in self._replicas.items():
                engine.services.get(name).scale(replicas)


def task_label(service: str) -> str:
    """What marks the containers of a service, as its engine filters them."""
    return f"com.docker.swarm.service.name={service}"
