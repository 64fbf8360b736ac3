"""The hosts of a place on EC2: managers with fixed addresses that form a Swarm, and workers."""

import asyncio
from collections.abc import Sequence

import pulumi

from .. import aws
from ..component import Component
from ..inputs import json_text
from .arguments import DataVolume, SwarmHostsArgs, SwarmHostsSettings, Workers
from .data_volumes import SNAPSHOT_POLICY, snapshot_properties, volume_properties
from .engines import await_engines
from .machines import template_properties
from .roles import Policy, manager_policy, trust, worker_policy
from .ssh import parameters_of, swarm_docker_host, swarm_name, swarm_ssh_options
from .workers import group_properties, scaling_properties

DATA_DEVICE = "/dev/sdf"


class SwarmHosts(Component[SwarmHostsSettings]):
    """The hosts of a place: one or three managers at the addresses that the topology computes, which form a
    Swarm by themselves, and workers that Auto Scaling adds and takes away.

    No port is open for SSH: a deployment reaches any healthy manager through `bicoastal ssh-proxy`, given
    `swarm_ssh_options`. Join tokens are SSM parameters that the first manager writes. They are in no user
    data and in no state, and stay when the hosts are destroyed: a new first manager then asks for them to be
    deleted, and begins no second Swarm beside one that may live.

    A worker that goes leaves the Swarm's list of nodes after it was down for a day.

    A manager is never replaced by a newer image or user data. Replace one at a time, on purpose, with
    `pulumi up --replace`: the new one takes the old one's address, number, data volume and place in the
    Swarm, and the `up` waits until the Swarm reaches all its managers again. A data volume holds what
    containers write; replacing it loses all data of that host since the last snapshot, hence `protect`. The
    wait for the engines is a hook before `ready` is made or changed: an `up` that gave up waits again in the
    next. It runs neither in a preview nor in Pulumi's mocks.

    Raises `pulumi.InputPropertiesError` for any argument that breaks its rule, a number of managers other
    than 1 or 3, a host without a subnet, a balancer whose host lies in no public one, a data volume without
    a host, and user data over 16 KiB.
    """

    docker_host: pulumi.Output[str]
    """The engine of any manager: `ssh://...`. Known when the engines answer."""
    manager_addresses: pulumi.Output[list[str]]
    """The fixed private addresses, by the host's number."""
    balancer_addresses: pulumi.Output[list[str]]
    """The public IPs of the hosts with a balancer, by the host's number."""
    autoscaling_group_name: pulumi.Output[str]
    """The workers' group; empty where there is none."""

    def __init__(self, name: str, args: SwarmHostsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts, SwarmHostsSettings)
        settings = self.settings
        self._region = settings.place.region
        self._swarm = swarm_name(settings.stack, settings.place.name)
        if settings.existing is None:
            self._make_hosts()
        else:
            self.docker_host = pulumi.Output.from_input(settings.existing.docker_hosts[0])
            self.balancer_addresses = pulumi.Output.all(*settings.existing.balancer_addresses)
            self.autoscaling_group_name = pulumi.Output.from_input("")
        self.manager_addresses = pulumi.Output.from_input(settings.addresses)
        self.register_outputs(
            {
                "docker_host": self.docker_host,
                "manager_addresses": self.manager_addresses,
                "balancer_addresses": self.balancer_addresses,
                "autoscaling_group_name": self.autoscaling_group_name,
            }
        )

    @classmethod
    def children_of(cls, settings: SwarmHostsSettings) -> Sequence[str]:
        if settings.existing is not None:
            return ()
        keys = [*_role_keys("manager"), "ready"]
        for host in range(settings.manager_count):
            keys += [f"template-{host}", f"host-{host}"]
        for volume in settings.data_volumes:
            keys += [f"volume-{volume.host}", f"attachment-{volume.host}"]
        for host in range(settings.balancer_count):
            keys += [f"address-{host}", f"association-{host}"]
        if settings.data_volumes:
            keys += ["snapshot-role", "snapshot-permission", "snapshots"]
        if settings.group:
            keys += [*_role_keys("worker"), "worker-template", "workers", "worker-scaling"]
        return keys

    def _make_hosts(self) -> None:
        settings = self.settings
        profile, policy = self._role("manager", manager_policy(*self._policy_of()))
        volumes = {volume.host: volume for volume in settings.data_volumes}
        made: list[pulumi.Resource] = []
        hosts: list[pulumi.Output[str]] = []
        addresses: list[pulumi.Output[str]] = []
        for host in range(settings.manager_count):
            disk = self._volume(volumes[host]) if host in volumes else None
            instance = self._host(host, profile, policy, disk)
            made.append(instance)
            hosts.append(instance.id)
            if disk is not None:
                made.append(self._attachment(host, instance, disk))
            if host < settings.balancer_count:
                address = self._address(host, instance)
                made.append(address)
                addresses.append(address.public_ip)
        if volumes:
            self._snapshots()
        self.balancer_addresses = pulumi.Output.all(*addresses)
        self.autoscaling_group_name = pulumi.Output.from_input("")
        if settings.group:
            self.autoscaling_group_name = self._workers(settings.group)
        self.docker_host = self._ready(made, hosts)

    def _role(self, kind: str, policy: Policy) -> tuple[aws.iam.InstanceProfile, aws.iam.RolePolicy]:
        role_key, policy_key, profile_key = _role_keys(kind)
        role = aws.iam.Role(
            self.child_name(role_key),
            **self.customized(
                role_key,
                {
                    "assume_role_policy": json_text(trust("ec2.amazonaws.com")),
                    "tags": self.labels(Name=self.child_name(role_key)),
                },
            ),
            opts=self.child_opts(role_key),
        )
        permission = aws.iam.RolePolicy(
            self.child_name(policy_key),
            **self.customized(policy_key, {"role": role.name, "policy": json_text(policy)}),
            opts=self.child_opts(policy_key),
        )
        profile = aws.iam.InstanceProfile(
            self.child_name(profile_key),
            **self.customized(
                profile_key, {"role": role.name, "tags": self.labels(Name=self.child_name(profile_key))}
            ),
            opts=self.child_opts(profile_key),
        )
        return profile, permission

    def _policy_of(self) -> tuple[str, str, str, str | None]:
        settings = self.settings
        return settings.stack, settings.place.name, self._region, settings.kms_key_arn

    def _template(
        self, key: str, name: str, user_data: pulumi.Input[str], profile: aws.iam.InstanceProfile
    ) -> aws.ec2.LaunchTemplate:
        properties = template_properties(self.settings, user_data, profile, self.labels(Name=name))
        return aws.ec2.LaunchTemplate(
            self.child_name(key), **self.customized(key, properties), opts=self.child_opts(key)
        )

    def _host(
        self,
        host: int,
        profile: aws.iam.InstanceProfile,
        policy: aws.iam.RolePolicy,
        disk: aws.ebs.Volume | None,
    ) -> aws.ec2.Instance:
        settings, key, name = self.settings, f"host-{host}", f"{host}.{self._swarm}"
        user_data: pulumi.Input[str] = settings.user_data(host)
        if disk is not None:
            user_data = disk.id.apply(lambda volume: settings.user_data(host, volume))
        template = self._template(f"template-{host}", name, user_data, profile)
        properties = {
            "region": self._region,
            "launch_template": aws.ec2.InstanceLaunchTemplateArgs(id=template.id, version="$Latest"),
            "subnet_id": settings.subnet_of(host).subnet_id,
            "private_ip": settings.place.address(host),
            "vpc_security_group_ids": settings.groups_of(host),
            "tags": self.labels(Name=name),
        }
        options = self.child_opts(
            key,
            depends_on=[policy],
            # The address has one owner.
            delete_before_replace=True,
            # A refresh shows a newer version of the template as a change that replaces, for all at once.
            ignore_changes=["launch_template"],
        )
        return aws.ec2.Instance(self.child_name(key), **self.customized(key, properties), opts=options)

    def _volume(self, volume: DataVolume) -> aws.ebs.Volume:
        key = f"volume-{volume.host}"
        tags = self.labels(Name=f"{volume.host}.{self._swarm}")
        return aws.ebs.Volume(
            self.child_name(key),
            **self.customized(key, volume_properties(self.settings, volume, tags)),
            opts=self.child_opts(key, protect=self.settings.protect),
        )

    def _attachment(
        self, host: int, instance: aws.ec2.Instance, disk: aws.ebs.Volume
    ) -> aws.ec2.VolumeAttachment:
        key = f"attachment-{host}"
        properties = {
            "region": self._region,
            "device_name": DATA_DEVICE,
            "instance_id": instance.id,
            "volume_id": disk.id,
            # A database is stopped in order, and a mounted volume is not let go.
            "stop_instance_before_detaching": True,
        }
        return aws.ec2.VolumeAttachment(
            self.child_name(key),
            **self.customized(key, properties),
            opts=self.child_opts(key, delete_before_replace=True),
        )

    def _address(self, host: int, instance: aws.ec2.Instance) -> aws.ec2.EipAssociation:
        key, joint = f"address-{host}", f"association-{host}"
        properties = {
            "region": self._region,
            "domain": "vpc",
            "tags": self.labels(Name=f"{host}.{self._swarm}"),
        }
        address = aws.ec2.Eip(
            self.child_name(key), **self.customized(key, properties), opts=self.child_opts(key)
        )
        joined = {"region": self._region, "allocation_id": address.id, "instance_id": instance.id}
        return aws.ec2.EipAssociation(
            self.child_name(joint), **self.customized(joint, joined), opts=self.child_opts(joint)
        )

    def _snapshots(self) -> None:
        trusted = {
            "assume_role_policy": json_text(trust("dlm.amazonaws.com")),
            "tags": self.labels(Name=self.child_name("snapshot-role")),
        }
        role = aws.iam.Role(
            self.child_name("snapshot-role"),
            **self.customized("snapshot-role", trusted),
            opts=self.child_opts("snapshot-role"),
        )
        allowed = {"role": role.name, "policy_arn": aws.service_policy(self._region, SNAPSHOT_POLICY)}
        permission = aws.iam.RolePolicyAttachment(
            self.child_name("snapshot-permission"),
            **self.customized("snapshot-permission", allowed),
            opts=self.child_opts("snapshot-permission"),
        )
        properties = snapshot_properties(self.settings, role.arn, self.labels(Name=self._swarm))
        aws.dlm.LifecyclePolicy(
            self.child_name("snapshots"),
            **self.customized("snapshots", properties),
            opts=self.child_opts("snapshots", depends_on=[permission]),
        )

    def _workers(self, group: Workers) -> pulumi.Output[str]:
        settings = self.settings
        name = f"worker.{self._swarm}"
        profile, policy = self._role("worker", worker_policy(*self._policy_of()))
        key = "worker-template"
        properties = template_properties(settings, settings.user_data(None), profile, self.labels(Name=name))
        own = {
            "instance_type": group.instance_type or settings.instance_type,
            "vpc_security_group_ids": group.security_group_ids or settings.security_group_ids,
        }
        template = aws.ec2.LaunchTemplate(
            self.child_name(key), **self.customized(key, {**properties, **own}), opts=self.child_opts(key)
        )
        workers = aws.autoscaling.Group(
            self.child_name("workers"),
            **self.customized("workers", group_properties(settings, group, template, self.labels(Name=name))),
            # How many there are is the scaling's to say.
            opts=self.child_opts("workers", depends_on=[policy], ignore_changes=["desired_capacity"]),
        )
        aws.autoscaling.Policy(
            self.child_name("worker-scaling"),
            **self.customized("worker-scaling", scaling_properties(settings, group, workers)),
            opts=self.child_opts("worker-scaling"),
        )
        return workers.name

    def _ready(
        self, made: Sequence[pulumi.Resource], hosts: Sequence[pulumi.Output[str]]
    ) -> pulumi.Output[str]:
        """A parameter that names the engine, made when the engines answer: what needs the output waits. It
        names the machines, too: another one changes it, and that waits again."""
        settings = self.settings
        machines = pulumi.Output.all(*hosts).apply(", ".join)
        properties = {
            "region": self._region,
            "name": f"{parameters_of(settings.stack, settings.place.name)}/docker-host",
            "type": "String",
            "insecure_value": swarm_docker_host(settings.stack, settings.place.name),
            "description": pulumi.Output.concat("Through bicoastal ssh-proxy to the engine of ", machines),
            "tags": self.labels(Name=self._swarm),
        }
        ready = aws.ssm.Parameter(
            self.child_name("ready"),
            **self.customized("ready", properties),
            opts=self.child_opts("ready", depends_on=made, hooks=self._wait()),
        )
        return ready.insecure_value

    def _wait(self) -> pulumi.ResourceHookBinding | None:
        settings = self.settings
        if not settings.wait_s:
            return None
        options = swarm_ssh_options(settings.stack, settings.place.name, self._region)

        async def wait(_: pulumi.ResourceHookArgs) -> None:
            # In a thread: the program's own loop goes on registering meanwhile.
            count, limit = settings.manager_count, settings.wait_s
            await asyncio.to_thread(await_engines, self._swarm, options, count, limit, pulumi.log.info)

        hook = pulumi.ResourceHook(f"{self.child_name('ready')}-engines", wait)
        return pulumi.ResourceHookBinding(before_create=[hook], before_update=[hook])


def _role_keys(kind: str) -> tuple[str, str, str]:
    return f"{kind}-role", f"{kind}-policy", f"{kind}-profile"
