"""What every manifest must keep to, as rules: each takes all documents and yields a sentence for each that
does not."""

import re
from collections.abc import Callable, Iterator, Sequence

import kubernetes_validate

import services
from tests.deploy.manifests import Document, Pod, pods, selects

VERSION = "1.34"
ENGINES = ("kafka", "opensearch", "postgres")
PROBES = ("startupProbe", "livenessProbe", "readinessProbe")
NAME = "app.kubernetes.io/name"
Documents = Sequence[Document]
Policy = Callable[[Documents], Iterator[str]]


def every_document_fits_its_schema(documents: Documents) -> Iterator[str]:
    """Nothing is missing, misspelt or of another type for the API."""
    for one in documents:
        try:
            kubernetes_validate.validate(one, VERSION, strict=True)
        except kubernetes_validate.ValidationError as problem:
            yield f"{_title(one)}: {problem.message}"


def every_service_is_whole(documents: Documents) -> Iterator[str]:
    """Pages that scale, a worker whose name stays, a migration that ends."""
    found = {(pod.kind, pod.name) for pod in pods(documents)}
    for name in services.NAMES:
        parts = (("Deployment", "web"), ("StatefulSet", "worker"), ("Job", "migrate"))
        yield from (
            f"no {kind} {name}-{role}" for kind, role in parts if (kind, f"{name}-{role}") not in found
        )


def no_pod_can_do_more_than_it_needs(documents: Documents) -> Iterator[str]:
    """Not root, a root that cannot be written to, no capability, nothing of the node, no token of the API."""
    for pod in pods(documents):
        own = pod.spec.get("securityContext", {})
        if not own.get("runAsNonRoot") or not own.get("runAsUser"):
            yield f"{pod.name} may run as root"
        if own.get("seccompProfile") != {"type": "RuntimeDefault"}:
            yield f"{pod.name} makes any call of the kernel"
        if pod.spec.get("automountServiceAccountToken") is not False:
            yield f"{pod.name} has a token of the API"
        if {"hostNetwork", "hostPID", "hostIPC"} & set(pod.spec) or "hostPath" in str(pod.spec):
            yield f"{pod.name} reaches into its node"
        for one in pod.every_container:
            yield from _powers(pod, one.get("securityContext", {}))


def _powers(pod: Pod, context: Document) -> Iterator[str]:
    if not context.get("readOnlyRootFilesystem"):
        yield f"{pod.name} may write to its image"
    if context.get("allowPrivilegeEscalation") is not False or context.get("privileged"):
        yield f"{pod.name} may gain rights"
    if context.get("capabilities") != {"drop": ["ALL"]}:
        yield f"{pod.name} keeps capabilities"
    if {"runAsUser", "runAsNonRoot"} & set(context):
        yield f"{pod.name} changes its user in a container"


def every_container_has_limits_and_an_exact_image(documents: Documents) -> Iterator[str]:
    """For processor and memory; a version, never `latest`."""
    for pod in pods(documents):
        for one in pod.every_container:
            given = one.get("resources", {})
            if any(set(given.get(part, ())) != {"cpu", "memory"} for part in ("requests", "limits")):
                yield f"{pod.name} has no limits"
            if not re.search(r":\d[\w.]*$", one["image"]):
                yield f"{pod.name} runs any version of {one['image']}"


def every_pod_that_goes_on_is_probed_and_ends_in_time(documents: Documents) -> Iterator[str]:
    """At its start, while it lives, and before it is asked; the work in hand is finished."""
    for pod in pods(documents):
        if pod.kind == "Job":
            continue
        if pod.spec.get("terminationGracePeriodSeconds", 30) < 45:
            yield f"{pod.name} is killed too early"
        for one in pod.containers:
            yield from (f"{pod.name} has no {probe}" for probe in PROBES if probe not in one)


def pages_are_asked_on_their_own_address(documents: Documents) -> Iterator[str]:
    """Alive is not ready: without its database a page is not ready, and a restart would not help."""
    for pod in pods(documents):
        if pod.kind == "Deployment":
            name = pod.labels[NAME]
            asked = [one.get("httpGet", {}).get("path") for one in map(pod.containers[0].get, PROBES) if one]
            if asked != [f"/{name}/health", f"/{name}/health", f"/{name}/ready"]:
                yield f"{pod.name} is asked at {asked}"


def workers_are_one_with_a_lasting_name(documents: Documents) -> Iterator[str]:
    """The pod's name is its member name in the group of the bus."""
    for one in _of(documents, "StatefulSet"):
        if "worker" in one["metadata"]["name"]:
            container = one["spec"]["template"]["spec"]["containers"][0]
            named = [given for given in container["env"] if given["name"] == "MEMBER"]
            if one["spec"].get("replicas") != 1 or "metadata.name" not in str(named):
                yield f"{_title(one)} is not one worker with the name of its pod"


def jobs_end(documents: Documents) -> Iterator[str]:
    """After a number of tries, and after a time."""
    for one in _of(documents, "Job"):
        if not {"backoffLimit", "activeDeadlineSeconds"} <= set(one["spec"]):
            yield f"{_title(one)} may go on for ever"


def pages_are_scaled_by_load_alone(documents: Documents) -> Iterator[str]:
    """A fixed number would be set again at each rollout."""
    scaled = {one["spec"]["scaleTargetRef"]["name"] for one in _of(documents, "HorizontalPodAutoscaler")}
    for one in _of(documents, "Deployment"):
        if one["metadata"]["name"] not in scaled or "replicas" in one["spec"]:
            yield f"{_title(one)} has a fixed number"


def a_budget_holds_for_every_pod_that_goes_on(documents: Documents) -> Iterator[str]:
    """One, and one that lets a node be drained: of two pages one, of one worker that one."""
    budgets = [one["spec"] for one in _of(documents, "PodDisruptionBudget")]
    least = {
        one["spec"]["scaleTargetRef"]["name"]: one["spec"].get("minReplicas", 1)
        for one in _of(documents, "HorizontalPodAutoscaler")
    }
    for pod in pods(documents):
        if pod.kind == "Job":
            continue
        own = [one for one in budgets if selects(one["selector"], pod.labels)]
        if len(own) != 1:
            yield f"{pod.name} has {len(own)} budgets"
        elif own[0].get("minAvailable", 0) >= least.get(pod.name, 1) or own[0].get("maxUnavailable") == 0:
            yield f"{pod.name} can never be moved"


def nothing_is_reached_that_no_policy_opens(documents: Documents) -> Iterator[str]:
    """Both ways, for every pod."""
    closed = [
        one
        for one in _policies(documents)
        if one["podSelector"] == {} and not {"ingress", "egress"} & set(one)
    ]
    if not any(set(one["policyTypes"]) == {"Ingress", "Egress"} for one in closed):
        yield "whatever no policy names is open"
    for one in _of(documents, "NetworkPolicy"):
        for way, side in (("ingress", "from"), ("egress", "to")):
            for edge in one["spec"].get(way, []):
                peers = edge.get(side, [{}])
                if not edge.get("ports") or any(peer in ({}, {"podSelector": {}}) for peer in peers):
                    yield f"{_title(one)} opens it to everybody, or at every port"


def each_pod_reaches_what_it_needs_and_nothing_else(documents: Documents) -> Iterator[str]:
    """The database and the bus, search the index too; no service another one."""
    found = list(pods(documents))
    engines = [one for one in found if one.labels[NAME] in ENGINES]
    for pod in [one for one in found if one.labels[NAME] in services.NAMES]:
        reached = {one.name for one in found if one is not pod and _joined(documents, pod, one)}
        needed = {one.name for one in engines if one.name != "opensearch" or pod.labels[NAME] == "search"}
        yield from (f"{pod.name} does not reach {name}" for name in sorted(needed - reached))
        yield from (f"{pod.name} reaches {name}" for name in sorted(reached - needed))


def _joined(documents: Documents, source: Pod, target: Pod) -> bool:
    """Whether one policy lets the first out to the second and another lets it in, at the same port."""
    out, into = (
        _ports(documents, source, target, "egress", "to"),
        _ports(documents, target, source, "ingress", "from"),
    )
    return bool(out & into)


def _ports(documents: Documents, here: Pod, there: Pod, way: str, side: str) -> set[int]:
    return {
        port["port"]
        for policy in _policies(documents)
        if selects(policy["podSelector"], here.labels)
        for edge in policy.get(way, [])
        if side not in edge or any(_is_meant(peer, there) for peer in edge[side])
        for port in edge.get("ports", [{"port": 0}])
    }


def _is_meant(peer: Document, pod: Pod) -> bool:
    return "namespaceSelector" not in peer and selects(peer.get("podSelector", {}), pod.labels)


def secrets_are_files(documents: Documents) -> Iterator[str]:
    """In no document, no setting and no variable."""
    for one in documents:
        if one["kind"] == "Secret":
            yield f"{_title(one)} stands among the manifests"
        if one["kind"] == "ConfigMap" and re.search(
            r"(?i)password|://[^/\s]*:[^/\s]*@|secret_keys:", str(one["data"])
        ):
            yield f"{_title(one)} holds a secret"
    for pod in pods(documents):
        if "secretKeyRef" in str(pod.spec) or "secretRef" in str(pod.spec):
            yield f"{pod.name} has a secret in a variable"


def only_migrations_and_the_server_know_the_owner(documents: Documents) -> Iterator[str]:
    """Pages and workers could undo every wall with it."""
    allowed = {"begin", "postgres", *(f"{name}-migrate" for name in services.NAMES)}
    for pod in pods(documents):
        if ("heed-owner" in str(pod.spec.get("volumes", ""))) != (pod.name in allowed):
            yield f"{pod.name} {'does not know' if pod.name in allowed else 'knows'} the owner"


def the_address_of_each_service_leads_to_its_pages(documents: Documents) -> Iterator[str]:
    """The first part of a path names it; the rest is intake's."""
    wanted = {"/": "intake-web"} | {f"/{one}": f"{one}-web" for one in services.NAMES if one != "intake"}
    for one in _of(documents, "Ingress"):
        paths = {
            path["path"]: path["backend"]["service"]["name"]
            for rule in one["spec"]["rules"]
            for path in rule["http"]["paths"]
        }
        if paths != wanted or not one["spec"].get("tls"):
            yield f"{_title(one)} leads elsewhere, or in the clear"


def whatever_is_named_is_there(documents: Documents) -> Iterator[str]:
    """What an API server would only say when a pod does not start."""
    known = {(one["kind"], one["metadata"]["name"]) for one in documents}
    for one in _of(documents, "StatefulSet"):
        if ("Service", one["spec"]["serviceName"]) not in known:
            yield f"{_title(one)} has no Service"
    labels = [pod.labels for pod in pods(documents)]
    for one in _of(documents, "Service"):
        if not any(selects({"matchLabels": one["spec"]["selector"]}, given) for given in labels):
            yield f"{_title(one)} leads to no pod"
    for pod in pods(documents):
        yield from _missing(pod, known)


def _missing(pod: Pod, known: set[tuple[str, str]]) -> Iterator[str]:
    volumes = {one["name"]: one for one in pod.spec.get("volumes", [])}
    for one in volumes.values():
        claim = one.get("persistentVolumeClaim", {}).get("claimName")
        if claim and ("PersistentVolumeClaim", claim) not in known:
            yield f"{pod.name} claims {claim}, which is not there"
    for container in pod.every_container:
        for mount in container.get("volumeMounts", []):
            if mount["name"] not in volumes and not (pod.kind == "StatefulSet" and mount["name"] == "data"):
                yield f"{pod.name} mounts {mount['name']}, which is not there"
        for source in container.get("envFrom", []):
            if ("ConfigMap", source["configMapRef"]["name"]) not in known:
                yield f"{pod.name} reads settings that are not there"


POLICIES: tuple[Policy, ...] = (
    every_document_fits_its_schema,
    every_service_is_whole,
    no_pod_can_do_more_than_it_needs,
    every_container_has_limits_and_an_exact_image,
    every_pod_that_goes_on_is_probed_and_ends_in_time,
    pages_are_asked_on_their_own_address,
    workers_are_one_with_a_lasting_name,
    jobs_end,
    pages_are_scaled_by_load_alone,
    a_budget_holds_for_every_pod_that_goes_on,
    nothing_is_reached_that_no_policy_opens,
    each_pod_reaches_what_it_needs_and_nothing_else,
    secrets_are_files,
    only_migrations_and_the_server_know_the_owner,
    the_address_of_each_service_leads_to_its_pages,
    whatever_is_named_is_there,
)


def _of(documents: Documents, kind: str) -> Iterator[Document]:
    return (one for one in documents if one["kind"] == kind)


def _policies(documents: Documents) -> list[Document]:
    return [one["spec"] for one in _of(documents, "NetworkPolicy")]


def _title(one: Document) -> str:
    return f"{one['kind']} {one['metadata']['name']}"
