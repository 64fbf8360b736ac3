"""A container service with safe defaults over `docker.Service`."""

import asyncio
from collections.abc import Sequence

import pulumi
import pulumi_docker as docker

from ..checks import services as checks
from ..checks.resources.mounts import ENGINE_SOCKET_LABEL
from ..component import Component
from ..engine_api import EngineApi
from ..settings import refuse
from .config import LONGEST_PREFIX, add_config
from .durations import duration
from .every_host import await_every_host
from .secret import add_secret
from .service_args import ContainerServiceArgs, ContainerSettings, File, HostPath, Made, SecretFile

LOG_OPTIONS = {"max-size": "10m", "max-file": "3"}
RESTART_DELAY_S = 1.0
"""Short, so that a killed database member is back before its lease ends and no failover is needed."""
UPDATE_MONITOR_S = 15.0
"""How long a new task is watched; Docker's five seconds miss what dies a little later."""


class ContainerService(Component[ContainerSettings]):
    """A Swarm service: read-only root, no capabilities but those given back, a user that is not root, a
    health check, limits, rotated logs, and a rollback when an update fails. Endpoints are `dnsrr` and ports
    are the host's own: HAProxy balances, and a virtual IP would hide dead tasks from it.

    `no-new-privileges` cannot be set on a Swarm service through Pulumi: the engine's `daemon.json` sets it.
    Replacing the service keeps its volumes, which live on the host.

    With `every_host` the wait for healthy tasks is a hook after a creation or an update, for the provider
    itself waits for counted tasks alone. A failed one is not tried again by an `up` that changes nothing: to
    Pulumi the service is made. It runs neither in a preview nor in Pulumi's mocks.

    Raises `pulumi.InputPropertiesError` for any argument that breaks its rule.
    """

    service_id: pulumi.Output[str]
    """The service's id."""
    service_name: pulumi.Output[str]
    """The service's name in Swarm."""

    def __init__(
        self, name: str, args: ContainerServiceArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, args, opts, ContainerSettings)
        named = self.settings.service_name
        self._swarm_name = named or f"{pulumi.get_stack()}_{name}"
        self._alias = (named.partition("_")[2] or named) if named else name
        service = docker.Service(
            self.child_name("service"),
            **self.customized("service", self._properties()),
            opts=self.child_opts(
                "service",
                # The provider would replace the service for another label of its containers.
                ignore_changes=["taskSpec.containerSpec.labels"],
                # It would ask for another mode in place, which the engine refuses. The name has one owner.
                replace_on_changes=["mode.global"],
                delete_before_replace=True,
                hooks=self._wait(),
            ),
        )
        self.service_id = service.id
        self.service_name = service.name
        self.register_outputs({"service_id": self.service_id, "service_name": self.service_name})

    @classmethod
    def children_of(cls, settings: ContainerSettings) -> Sequence[str]:
        return (
            "service",
            *(f"file-{file.name}" for file in settings.files if file.made is None),
            *(f"secret-{secret.name}" for secret in settings.secrets if secret.made is None),
        )

    def _properties(self) -> dict[str, object]:
        labels = sorted(self._labels().items())
        return {
            "name": self._swarm_name,
            "labels": [docker.ServiceLabelArgs(label=key, value=value) for key, value in labels],
            **self._mode(),
            "endpoint_spec": docker.ServiceEndpointSpecArgs(mode="dnsrr", ports=self._ports()),
            "task_spec": docker.ServiceTaskSpecArgs(
                container_spec=self._container(labels),
                networks_advanceds=self._networks(),
                placement=docker.ServiceTaskSpecPlacementArgs(constraints=self.settings.constraints),
                resources=docker.ServiceTaskSpecResourcesArgs(
                    limits=docker.ServiceTaskSpecResourcesLimitsArgs(
                        memory_bytes=self.settings.limits.memory_mb * 1024 * 1024,
                        nano_cpus=round(self.settings.limits.cpus * 1_000_000_000),
                    )
                ),
                restart_policy=docker.ServiceTaskSpecRestartPolicyArgs(
                    # The engine reports both of the latter, whether or not they are given.
                    condition="any",
                    delay=duration(RESTART_DELAY_S),
                    max_attempts=0,
                    window=duration(0),
                ),
                log_driver=docker.ServiceTaskSpecLogDriverArgs(name="json-file", options=LOG_OPTIONS),
            ),
            "update_config": docker.ServiceUpdateConfigArgs(
                parallelism=1,
                order=self._order(),
                failure_action="rollback",
                monitor=duration(UPDATE_MONITOR_S),
                max_failure_ratio="0.0",
            ),
            "rollback_config": docker.ServiceRollbackConfigArgs(
                parallelism=1,
                order=self._order(),
                failure_action="pause",
                monitor=duration(UPDATE_MONITOR_S),
                max_failure_ratio="0.0",
            ),
        }

    def _labels(self) -> dict[str, str]:
        socket = self.settings.engine_socket
        return self.labels(**({ENGINE_SOCKET_LABEL: socket.reason} if socket else {}))

    def _mode(self) -> dict[str, object]:
        """How tasks are counted. The provider refuses to converge what runs on every host."""
        if self.settings.every_host is not None:
            return {"mode": docker.ServiceModeArgs(global_=True)}
        replicas = 1 if self.settings.replicas is None else self.settings.replicas
        return {
            "mode": docker.ServiceModeArgs(replicated=docker.ServiceModeReplicatedArgs(replicas=replicas)),
            "converge_config": docker.ServiceConvergeConfigArgs(
                delay=duration(1), timeout=duration(self.settings.converge_timeout_s)
            ),
        }

    def _wait(self) -> pulumi.ResourceHookBinding | None:
        every_host, limit_s = self.settings.every_host, self.settings.converge_timeout_s
        if every_host is None:
            return None
        engine = EngineApi(every_host.docker_host, every_host.ssh_options)

        async def wait(_: pulumi.ResourceHookArgs) -> None:
            # In a thread: the program's own loop goes on registering meanwhile.
            await asyncio.to_thread(await_every_host, engine, self._swarm_name, limit_s, pulumi.log.info)

        hook = pulumi.ResourceHook(f"{self.child_name('service')}-every-host", wait)
        return pulumi.ResourceHookBinding(after_create=[hook], after_update=[hook])

    def _container(self, labels: Sequence[tuple[str, str]]) -> docker.ServiceTaskSpecContainerSpecArgs:
        settings, health = self.settings, self.settings.health
        return docker.ServiceTaskSpecContainerSpecArgs(
            image=settings.image,
            commands=settings.command,
            args=settings.arguments,
            env=settings.environment or None,
            user=settings.user,
            read_only=True,
            init=False,  # said, since what is left out would be the engine's choice
            cap_drops=["ALL"],
            cap_adds=settings.capabilities or None,
            mounts=self._mounts(),
            configs=self._configs(),
            secrets=self._secrets(),
            healthcheck=docker.ServiceTaskSpecContainerSpecHealthcheckArgs(
                tests=["CMD", *health.command],
                interval=duration(health.interval_s),
                timeout=duration(health.timeout_s),
                start_period=duration(health.start_period_s),
                retries=health.retries,
            ),
            stop_grace_period=duration(settings.stop_grace_s),
            labels=[
                docker.ServiceTaskSpecContainerSpecLabelArgs(label=key, value=value) for key, value in labels
            ],
        )

    def _order(self) -> str:
        """A second task can start beside the first only where nothing on the host has one owner."""
        return "stop-first" if self.settings.ports or self.settings.volumes else "start-first"

    def _ports(self) -> list[docker.ServiceEndpointSpecPortArgs]:
        return [
            docker.ServiceEndpointSpecPortArgs(
                published_port=port.published,
                target_port=port.target or port.published,
                protocol="tcp",
                publish_mode="host",
            )
            for port in self.settings.ports
        ]

    def _networks(self) -> list[docker.ServiceTaskSpecNetworksAdvancedArgs] | None:
        if self.settings.network_id is None:
            return None
        aliases = self.settings.aliases or [self._alias]
        return [docker.ServiceTaskSpecNetworksAdvancedArgs(id=self.settings.network_id, aliases=aliases)]

    def _mounts(self) -> list[docker.ServiceTaskSpecContainerSpecMountArgs]:
        volumes = [
            docker.ServiceTaskSpecContainerSpecMountArgs(
                type="volume", source=volume.name, target=volume.path
            )
            for volume in self.settings.volumes
        ]
        host = [
            docker.ServiceTaskSpecContainerSpecMountArgs(
                type="bind", source=path.source, target=path.path, read_only=True
            )
            for path in (*self.settings.host_paths, *self._socket())
        ]
        folders = [
            docker.ServiceTaskSpecContainerSpecMountArgs(
                type="tmpfs",
                target=tmpfs.path,
                tmpfs_options=docker.ServiceTaskSpecContainerSpecMountTmpfsOptionsArgs(
                    size_bytes=tmpfs.size_mb * 1024 * 1024
                ),
            )
            for tmpfs in self.settings.tmpfs
        ]
        return volumes + host + folders

    def _socket(self) -> list[HostPath]:
        socket = self.settings.engine_socket
        return [HostPath(source=socket.path, path=socket.path, reason=socket.reason)] if socket else []

    def _configs(self) -> list[docker.ServiceTaskSpecContainerSpecConfigArgs]:
        references = []
        for file in self.settings.files:
            config = self._config(file)
            references.append(
                docker.ServiceTaskSpecContainerSpecConfigArgs(
                    config_id=config.id,
                    config_name=config.name,
                    file_name=file.path,
                    file_mode=0o444,
                )
            )
        return references

    def _secrets(self) -> list[docker.ServiceTaskSpecContainerSpecSecretArgs]:
        references = []
        uid, _, gid = self.settings.user.partition(":")
        for file in self.settings.secrets:
            secret = self._secret(file)
            references.append(
                docker.ServiceTaskSpecContainerSpecSecretArgs(
                    secret_id=secret.id,
                    secret_name=secret.name,
                    file_name=file.name,
                    file_uid=uid,
                    file_gid=gid or uid,
                    file_mode=0o400,
                )
            )
        return references

    def _config(self, file: File) -> Made | docker.ServiceConfig:
        if file.made is not None:
            return file.made
        assert file.content is not None, "the settings have checked it"
        return add_config(self, f"file-{file.name}", self._prefix(file.name), file.content)

    def _secret(self, file: SecretFile) -> Made | docker.Secret:
        if file.made is not None:
            return file.made
        key = self.settings.rotation_key
        assert file.value is not None, "the settings have checked it"
        assert key is not None, "the settings have checked it"
        return add_secret(self, f"secret-{file.name}", self._prefix(file.name), file.value, key)

    def _prefix(self, file: str) -> str:
        """What the name of a file's config or secret begins with in Swarm."""
        too_long = checks.names_leave_room(self._swarm_name, [file], LONGEST_PREFIX)
        refuse(f"ContainerService {self._logical_name!r}", list(too_long))
        return f"{self._swarm_name}-{file}"
