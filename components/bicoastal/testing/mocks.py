"""Running a Pulumi program on mocks, without leaving anything behind for the next test."""

from collections.abc import Callable, Collection, Mapping

from ..plan.record import Plan
from ..plan.recorder import record
from .realistic import Answers, Chosen


class PulumiMocks:
    """Runs programs against mocks that answer every computed property with a typed stand-in, so that every
    `apply` runs, and records each registration with its parent, provider and options."""

    def run(
        self,
        program: Callable[[], object],
        *,
        project: str = "project",
        stack: str = "stack",
        config: Mapping[str, str] | None = None,
        secret_keys: Collection[str] = (),
        realistic: bool = False,
        outputs: Mapping[str, Chosen] | None = None,
    ) -> Plan:
        """What `program` registers. An error in it, or in any `apply`, is raised here unchanged.

        A computed property is a stand-in that names where it comes from, such as `<shop-assets.arn>`. For a
        program that takes outputs apart, `realistic` gives what the table of the type knows in the form of
        the clouds, such as `arn:aws:s3:::shop-assets-1a2b3c4`. `outputs` chooses for a type what wins over
        both: a dictionary by camelCase name, `id` among them, or a function of the resource's name and its
        inputs that gives one.
        """
        answers = Answers(outputs or {}, realistic)
        return record(
            program,
            project=project,
            stack=stack,
            config=config or {},
            secret_keys=secret_keys,
            answers=answers,
        )
