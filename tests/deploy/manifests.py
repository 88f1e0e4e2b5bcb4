"""What the files of `deploy` say, read as data."""

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
import yaml

from tests.architecture.source import ROOT

K8S = ROOT / "deploy" / "k8s"
PLATFORM = "platform"
Document = dict[str, Any]


@cache
def compose() -> Document:
    """docker-compose.yml."""
    found: Document = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    return found


@cache
def rendered(folder: str) -> tuple[Document, ...]:
    """What would be applied for a folder of deploy/k8s; skips where nothing can render it."""
    command = next(
        (
            [*words, str(K8S / folder)]
            for words in (["kustomize", "build"], ["kubectl", "kustomize"])
            if shutil.which(words[0])
        ),
        None,
    )
    if command is None:
        pytest.skip("no kubectl and no kustomize on this machine")
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return tuple(one for one in yaml.safe_load_all(done.stdout) if one)


@dataclass(frozen=True)
class Pod:
    """The template of a workload's pods."""

    name: str
    kind: str
    labels: dict[str, str]
    spec: Document

    @property
    def containers(self) -> list[Document]:
        """Those that go on running."""
        return list(self.spec["containers"])

    @property
    def every_container(self) -> list[Document]:
        """Those that only begin things too."""
        return [*self.containers, *self.spec.get("initContainers", [])]


def pods(documents: Sequence[Document]) -> Iterator[Pod]:
    """The pods that these documents start."""
    for one in documents:
        if one["kind"] in {"Deployment", "StatefulSet", "Job"}:
            template = one["spec"]["template"]
            labels = template["metadata"]["labels"]
            yield Pod(one["metadata"]["name"], one["kind"], labels, template["spec"])


def selects(selector: Document, labels: dict[str, str]) -> bool:
    """Whether a label selector takes something in with these labels; an empty one takes in all."""
    wanted = selector.get("matchLabels", {}).items()
    among = selector.get("matchExpressions", [])
    return all(labels.get(key) == value for key, value in wanted) and all(
        labels.get(one["key"]) in one["values"] for one in among
    )
