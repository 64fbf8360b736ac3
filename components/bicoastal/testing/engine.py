"""The real engine on inline programs, with a backend and a home of its own and stand-ins for providers."""

import json
import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pulumi import automation
from pulumi.automation.events import EngineEvent

from ..plan.monitor import no_garbage_collection, settled
from .stand_ins import StandIn

PROJECT, STACK = "shop", "production"
QUIET = ("same", "read", "refresh")
"""Steps that change nothing."""


@dataclass(frozen=True)
class Step:
    """What the engine does, or would do, to one resource."""

    op: str
    """`same`, `create`, `update`, `replace`, `delete`..."""
    urn: str
    type: str
    name: str
    parent: str
    """The URN of what it belongs to."""
    changed: frozenset[str]
    """The properties that differ."""


@dataclass(frozen=True)
class Steps:
    """Everything that one run of the engine did, or would do."""

    all: tuple[Step, ...]

    @property
    def changes(self) -> dict[str, str]:
        """A resource's name to what is done to it, where that is anything; a replacement is said once."""
        found: dict[str, str] = {}
        for step in self.all:
            if step.op not in QUIET:
                parts = (
                    "create-replacement",
                    "delete-replaced",
                    "discard-replaced",
                    "remove-pending-replace",
                )
                found[step.name] = "replace" if step.op in parts else step.op
        return found

    @property
    def resources(self) -> set[tuple[str, str]]:
        """The type and name of each resource, apart from the stack itself and the engine's own providers."""
        return {
            (step.type, step.name)
            for step in self.all
            if step.type != "pulumi:pulumi:Stack" and not step.name.startswith("default_")
        }


@dataclass
class Engine:
    """One stack, from its first preview to its end."""

    folder: Path
    stand_ins: Mapping[str, StandIn]
    ports: Mapping[str, int]
    project: str = PROJECT
    name: str = STACK
    config: Mapping[str, Any] = field(default_factory=dict)
    """What stands in the stack's file."""
    secrets: Mapping[str, str] = field(default_factory=dict)
    """What is set beside it, encrypted."""
    _stack: automation.Stack | None = None

    def __post_init__(self) -> None:
        for name in ("home", "state"):
            (self.folder / name).mkdir(exist_ok=True)

    def preview(self, program: Callable[[], object], *, exclude: Sequence[str] = ()) -> Steps:
        """What would be done."""
        return self._watched(self.stack(program).preview, exclude=[*exclude])

    def up(
        self, program: Callable[[], object], *, exclude: Sequence[str] = (), replace: Sequence[str] = ()
    ) -> Steps:
        """Bring everything, or all that is not excluded, to what the program declares; some of it anew."""
        return self._watched(self.stack(program).up, exclude=[*exclude], replace=[*replace])

    def refresh(self) -> Steps:
        """Take what is there for what is known."""
        assert self._stack is not None
        return self._watched(self._stack.refresh, refreshes=True)

    def destroy(self) -> Steps:
        """Remove everything, protected or not."""
        self.run("state", "unprotect", "--all", "--yes")
        assert self._stack is not None
        return self._watched(self._stack.destroy)

    def forget_calls(self) -> list[tuple[str, str]]:
        """What the clouds were asked for, and of which resource, since this was last called."""
        calls = [(op, urn.rpartition("::")[2]) for it in self.stand_ins.values() for op, urn in it.calls]
        for stand_in in self.stand_ins.values():
            stand_in.calls.clear()
        return calls

    def state(self) -> dict[str, Any]:
        """The stack's resources as the backend has them, by URN."""
        deployment = json.loads(self.run("stack", "export"))["deployment"]
        return {resource["urn"]: resource for resource in deployment.get("resources", ())}

    def choose(self, path: str, value: str) -> None:
        """Set one of the configuration's values."""
        self.run("config", "set", "--path", path, value)

    def run(self, *words: str, of_stack: bool = True) -> str:
        """What the command says, about this stack or about none."""
        done = self._command(*words, of_stack=of_stack)
        assert done.returncode == 0, f"{done.stderr}{done.stdout}"
        return done.stdout

    def fails(self, *words: str) -> str:
        """What the command says when it fails, as it must."""
        done = self._command(*words)
        assert done.returncode != 0, done.stdout
        return f"{done.stderr}{done.stdout}"

    @property
    def environment(self) -> dict[str, str]:
        """What the engine is told: nothing of the user's, nothing from outside."""
        return {
            "PULUMI_HOME": str(self.folder / "home"),
            "PULUMI_BACKEND_URL": (self.folder / "state").as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "correct horse",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS": "true",
            # The state is written once per run and not at each step.
            "PULUMI_EXPERIMENTAL": "true",
            "PULUMI_SKIP_CHECKPOINTS": "true",
            "PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK": "true",
            "PULUMI_DEBUG_PROVIDERS": ",".join(f"{name}:{port}" for name, port in self.ports.items()),
        }

    def _command(self, *words: str, of_stack: bool = True) -> subprocess.CompletedProcess[str]:
        stack = ["--stack", self.name] if of_stack else []
        return subprocess.run(
            ["pulumi", *words, *stack, "--non-interactive"],
            cwd=self.folder,
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def stack(self, program: Callable[[], object]) -> automation.Stack:
        """The stack with this program, for what nothing else here does."""
        if self._stack is None:
            settings = yaml.safe_dump({"config": dict(self.config)})
            (self.folder / f"Pulumi.{self.name}.yaml").write_text(settings)
            self._stack = automation.create_stack(
                self.name,
                self.project,
                lambda: None,
                opts=automation.LocalWorkspaceOptions(
                    work_dir=str(self.folder),
                    pulumi_home=str(self.folder / "home"),
                    env_vars=self.environment,
                ),
            )
            hidden = {key: automation.ConfigValue(text, secret=True) for key, text in self.secrets.items()}
            self._stack.set_all_config(hidden)

        async def whole() -> None:
            program()
            await settled()

        self._stack.workspace.program = whole
        return self._stack

    def _watched(self, run: Callable[..., object], *, refreshes: bool = False, **own: Any) -> Steps:
        steps: list[Step] = []

        def take(event: EngineEvent) -> None:
            # What a refresh finds is told only when it is done; of the rest, what will be done is enough.
            before, after = event.resource_pre_event, event.res_outputs_event
            step = after.metadata if refreshes and after else before.metadata if before else None
            if step is not None and not (refreshes and step.op.value == "refresh"):
                changed = {*(step.diffs or ()), *(step.detailed_diff or ())}
                name = step.urn.rpartition("::")[2]
                state = step.new or step.old
                parent = state.parent if state is not None else ""
                steps.append(Step(step.op.value, step.urn, step.type, name, parent, frozenset(changed)))

        with no_garbage_collection():
            run(on_event=take, **own)
        return Steps(tuple(steps))
