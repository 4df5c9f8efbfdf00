/// Every key that a service may have, and what becomes of those that are not translated.
///
/// The names are those of docker/cli's schema 3.14 and of the Compose specification's (compose-go, schema/compose-spec.json).
enum ServiceKeys {
    static let all = obeyed + ignored.keys + refused.keys + silent

    private static let obeyed = [
        "cap_add", "cap_drop", "command", "configs", "deploy", "dns", "dns_search", "entrypoint", "env_file", "environment", "extra_hosts",
        "group_add", "healthcheck", "hostname", "image", "init", "labels", "logging", "networks", "ports", "read_only", "restart", "secrets",
        "stop_grace_period", "stop_signal", "sysctls", "tty", "user", "volumes", "working_dir",
    ]

    /// Without effect on a stack, and nobody misses one: services of a network reach each other on every port.
    private static let silent = ["attach", "expose"]

    /// Left out with a sentence. The first group Docker leaves out too (compose/types/types.go, UnsupportedProperties and what has
    /// come to the specification since).
    static let ignored = [
        "annotations": "a stack's tasks have labels only",
        "blkio_config": "a stack sets no limits of disks",
        "build": "the image has to exist already",
        "cgroup": "its tasks stay in the engine's own control group",
        "cgroup_parent": "its tasks stay in the engine's own control group",
        "cgroupns_mode": "its tasks have what the engine gives them",
        "container_name": "the swarm names the tasks itself",
        "depends_on": "all services start at once; it has to wait by itself for what it needs",
        "develop": "that is for work on one machine",
        "device_cgroup_rules": "a stack hands no devices to tasks",
        "devices": "a stack hands no devices to tasks",
        "domainname": "write the whole name into hostname",
        "external_links": "services of one network find each other by name",
        "gpus": "reserve generic resources that the nodes advertise instead",
        "ipc": "its tasks have a namespace of their own",
        "label_file": "write the labels into the file",
        "links": "services of one network find each other by name",
        "mac_address": "the swarm chooses addresses",
        "mem_swappiness": "a stack does not set it",
        "models": "a stack has none",
        "network_mode": "a stack's tasks join networks; for the node's own, declare an external network named host",
        "oom_kill_disable": "a stack does not set it",
        "pid": "its tasks have a namespace of their own",
        "platform": "the swarm takes nodes that the image fits",
        "post_start": "a stack has no hooks",
        "pre_stop": "a stack has no hooks",
        "privileged": "a stack's tasks never are; add single capabilities with cap_add",
        "profiles": "the service is deployed whatever the profile",
        "provider": "a stack asks no programs on this machine",
        "pull_policy": "nodes pull what they do not have",
        "pull_refresh_after": "nodes pull what they do not have",
        "runtime": "its tasks use the nodes' default",
        "scale": "write deploy.replicas",
        "security_opt": "its tasks have the engine's own profiles",
        "shm_size": "it stays as the engine makes it; mount a tmpfs at /dev/shm instead",
        "storage_opt": "a stack does not set it",
        "tmpfs": "write it under volumes, with type: tmpfs",
        "use_api_socket": "mount the socket as a volume",
        "userns_mode": "its tasks have what the engine gives them",
        "uts": "its tasks have a namespace of their own",
        // Docker sets these, and we have no place for them yet.
        "credential_spec": notOurs,
        "dns_opt": notOurs,
        "isolation": notOurs,
        "oom_score_adj": notOurs,
        "stdin_open": notOurs,
        "ulimits": notOurs,
    ]

    static let notOurs = "not set from here; docker stack deploy does"

    /// What would come out as a different service if it were left out; with what to write instead. Docker refuses them as well
    /// (ForbiddenProperties, or as unknown).
    static let refused = [
        "cpu_count": limit("cpus"), "cpu_percent": limit("cpus"), "cpu_period": limit("cpus"), "cpu_quota": limit("cpus"),
        "cpu_rt_period": limit("cpus"), "cpu_rt_runtime": limit("cpus"), "cpu_shares": "write deploy.resources.reservations.cpus",
        "cpus": limit("cpus"), "cpuset": limit("cpus"),
        "mem_limit": limit("memory"), "memswap_limit": limit("memory"), "mem_reservation": "write deploy.resources.reservations.memory",
        "pids_limit": limit("pids"),
        "extends": "put what they share under an x- key with an anchor, and merge it with <<",
        "volume_driver": "declare the volume under the top-level volumes, with its driver",
        "volumes_from": "declare the volume under the top-level volumes, and mount it in both services",
    ]

    private static func limit(_ what: String) -> String { "write deploy.resources.limits.\(what)" }
}
