"""The manifests of deploy/k8s as they would be applied keep to every policy; a fault planted in any of them
is told by the policy that it breaks."""

from copy import deepcopy
from typing import Any

import pytest

import services
from tests.deploy import policies
from tests.deploy.manifests import K8S, PLATFORM, Document, compose, pods, rendered
from tests.deploy.policies import POLICIES, Policy

FOLDERS = (*services.NAMES, PLATFORM)


def _documents() -> list[Document]:
    return [deepcopy(one) for folder in FOLDERS for one in rendered(folder)]


def test_there_is_a_folder_for_each_service():
    assert {path.name for path in K8S.iterdir()} == {*FOLDERS, "base"}


@pytest.mark.parametrize("name", services.NAMES)
def test_the_folder_of_a_service_is_small(name: str):
    assert len((K8S / name / "kustomization.yaml").read_text(encoding="utf-8").splitlines()) <= 20


@pytest.mark.containers
@pytest.mark.parametrize("policy", POLICIES, ids=lambda one: one.__name__)
def test_the_manifests_keep_to_it(policy: Policy):
    assert not list(policy(_documents()))


@pytest.mark.containers
def test_the_trial_cluster_has_the_engines_of_the_compose_file():
    images = {
        one["image"]
        for pod in pods(rendered(PLATFORM))
        if pod.kind == "StatefulSet"
        for one in pod.every_container
    }
    assert images == {compose()["services"][name]["image"] for name in policies.ENGINES}


POD = "spec.template.spec"
BOX = f"{POD}.containers.0"
GONE = object()
# For each policy: the document a fault is planted in, where, what stands there then, and words that are said.
FAULTS: dict[Policy, list[tuple[str, str, Any, str]]] = {
    policies.every_document_fits_its_schema: [
        ("Deployment intake-web", "spec.replicaz", 2, "replicaz"),
        ("Job begin", f"{BOX}.name", GONE, "'name' is a required"),
        ("Service kafka", "spec.ports.0.port", "many", "Service kafka"),
    ],
    policies.every_service_is_whole: [
        ("StatefulSet search-worker", "kind", "Deployment", "no StatefulSet search-worker"),
    ],
    policies.no_pod_can_do_more_than_it_needs: [
        ("Job begin", f"{POD}.securityContext.runAsNonRoot", False, "may run as root"),
        ("Job begin", f"{POD}.securityContext.runAsUser", 0, "may run as root"),
        ("Job begin", f"{POD}.securityContext.seccompProfile", GONE, "makes any call"),
        ("Deployment search-web", f"{POD}.automountServiceAccountToken", GONE, "has a token"),
        ("Deployment search-web", f"{POD}.hostNetwork", True, "reaches into its node"),
        (
            "StatefulSet kafka",
            f"{BOX}.securityContext.readOnlyRootFilesystem",
            GONE,
            "may write to its image",
        ),
        ("StatefulSet kafka", f"{BOX}.securityContext.privileged", True, "may gain rights"),
        ("StatefulSet kafka", f"{BOX}.securityContext.capabilities", GONE, "keeps capabilities"),
        ("StatefulSet kafka", f"{BOX}.securityContext.runAsUser", 0, "changes its user"),
    ],
    policies.every_container_has_limits_and_an_exact_image: [
        ("StatefulSet opensearch", f"{POD}.initContainers.0.resources.limits.memory", GONE, "has no limits"),
        ("StatefulSet postgres", f"{BOX}.image", "postgres:latest", "any version"),
    ],
    policies.every_pod_that_goes_on_is_probed_and_ends_in_time: [
        ("StatefulSet casework-worker", f"{BOX}.livenessProbe", GONE, "no livenessProbe"),
        ("Deployment casework-web", f"{POD}.terminationGracePeriodSeconds", GONE, "killed too early"),
    ],
    policies.pages_are_asked_on_their_own_address: [
        ("Deployment casework-web", f"{BOX}.livenessProbe.httpGet.path", "/casework/ready", "is asked at"),
    ],
    policies.workers_are_one_with_a_lasting_name: [
        ("StatefulSet intake-worker", "spec.replicas", 2, "is not one worker"),
        ("StatefulSet intake-worker", f"{BOX}.env.1.name", "NAME", "is not one worker"),
    ],
    policies.jobs_end: [("Job intake-migrate", "spec.activeDeadlineSeconds", GONE, "for ever")],
    policies.pages_are_scaled_by_load_alone: [
        ("Deployment reporting-web", "spec.replicas", 3, "a fixed number"),
    ],
    policies.a_budget_holds_for_every_pod_that_goes_on: [
        ("PodDisruptionBudget reporting-web", "spec.selector.matchLabels.x", "y", "0 budgets"),
        ("PodDisruptionBudget reporting-web", "spec.minAvailable", 2, "never be moved"),
    ],
    policies.nothing_is_reached_that_no_policy_opens: [
        ("NetworkPolicy nothing-by-default", "spec.policyTypes", ["Ingress"], "is open"),
        ("NetworkPolicy kafka", "spec.ingress.0.ports", GONE, "at every port"),
        ("NetworkPolicy casework-needs", "spec.egress.0.to", GONE, "to everybody"),
    ],
    policies.each_pod_reaches_what_it_needs_and_nothing_else: [
        ("NetworkPolicy casework-needs", "spec.egress.1", GONE, "casework-web does not reach kafka"),
        ("NetworkPolicy kafka", "spec.ingress.0.ports.0.port", 9093, "casework-web does not reach kafka"),
    ],
    policies.secrets_are_files: [
        ("ConfigMap heed-settings", "data.HEED_MAIL_URL", "smtps://me:word@mail.example", "holds a secret"),
        ("ConfigMap heed-settings", "kind", "Secret", "stands among"),
        ("Deployment intake-web", f"{BOX}.envFrom.0.secretRef", {"name": "heed"}, "in a variable"),
    ],
    policies.only_migrations_and_the_server_know_the_owner: [
        ("Deployment intake-web", f"{POD}.volumes.0.secret.secretName", "heed-owner", "intake-web knows"),
        ("Job begin", f"{POD}.volumes", [], "begin does not know"),
    ],
    policies.the_address_of_each_service_leads_to_its_pages: [
        ("Ingress heed", "spec.tls", GONE, "in the clear"),
        ("Ingress heed", "spec.rules.0.http.paths.0.path", "/cases", "leads elsewhere"),
    ],
    policies.whatever_is_named_is_there: [
        ("StatefulSet search-worker", "spec.serviceName", "worker", "has no Service"),
        ("Service search-web", "spec.selector.x", "y", "leads to no pod"),
        ("PersistentVolumeClaim heed-mail", "metadata.name", "mail", "claims heed-mail"),
        ("Job begin", f"{BOX}.volumeMounts.0.name", "other", "mounts other"),
        ("ConfigMap heed-settings", "metadata.name", "other", "settings that are not there"),
    ],
}


def _plant(one: Any, path: str, value: Any) -> None:
    *way, last = [int(step) if step.isdecimal() else step for step in path.split(".")]
    for step in way:
        one = one[step]
    if value is GONE:
        del one[last]
    else:
        one[last] = value


def _named(documents: list[Document], title: str) -> Document:
    (found,) = [one for one in documents if f"{one['kind']} {one['metadata']['name']}" == title]
    return found


@pytest.mark.containers
@pytest.mark.parametrize(
    ("policy", "place", "path", "value", "words"),
    [
        pytest.param(policy, *fault, id=f"{fault[0]} {fault[1]}")
        for policy, faults in FAULTS.items()
        for fault in faults
    ],
)
def test_a_planted_fault_is_told(policy: Policy, place: str, path: str, value: Any, words: str):
    documents = _documents()
    _plant(_named(documents, place), path, value)
    assert [said for said in policy(documents) if words in said]


@pytest.mark.containers
def test_one_slip_opens_no_way_and_two_are_told():
    documents, policy = _documents(), policies.each_pod_reaches_what_it_needs_and_nothing_else
    everybody = {"app.kubernetes.io/part-of": "heed"}
    _plant(
        _named(documents, "NetworkPolicy opensearch"),
        "spec.ingress.0.from.0.podSelector.matchLabels",
        everybody,
    )
    assert not list(policy(documents))
    _plant(_named(documents, "NetworkPolicy search-needs"), "spec.podSelector.matchLabels", everybody)
    assert "casework-web reaches opensearch" in list(policy(documents))


def test_every_policy_has_a_fault_that_it_tells():
    assert set(FAULTS) == set(POLICIES)
