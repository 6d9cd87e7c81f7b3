"""The manifests are what Kubernetes knows, say what the code says, and run nothing as root."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from kubernetes_validate import ValidationError, validate

from bot.__main__ import ROLES
from bot.settings import Settings
from bot.store.embedded import redis_options
from tests.processes import REPOSITORY

FOLDER = REPOSITORY / "deploy" / "kubernetes"
VERSIONS = ("1.29", "1.33")
"""An old one that is still around, and a newer one."""


def documents() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(FOLDER.glob("*.yaml")):
        if path.name == "kustomization.yaml":
            continue
        for document in yaml.safe_load_all(path.read_text()):
            yield path.name, document


def of_kind(kind: str) -> dict[str, dict[str, Any]]:
    return {doc["metadata"]["name"]: doc for _name, doc in documents() if doc["kind"] == kind}


def container(workload: dict[str, Any]) -> dict[str, Any]:
    (only,) = workload["spec"]["template"]["spec"]["containers"]
    return dict(only)


def complaint(document: dict[str, Any], version: str) -> str | None:
    """What Kubernetes of this version would say against a document."""
    try:
        validate(document, version, strict=True)
    except ValidationError as invalid:
        return str(invalid.message)
    return None


@pytest.mark.parametrize("version", VERSIONS)
def test_every_manifest_fits_kubernetes_own_schema(version: str) -> None:
    for name, document in documents():
        problem = complaint(document, version)
        assert problem is None, f"{name}: {problem}"


def test_a_slip_of_the_pen_would_be_found() -> None:
    deployment = of_kind("Deployment")["sender"]
    deployment["spec"]["template"]["spec"]["terminationGracePeriod"] = 15
    assert complaint(deployment, VERSIONS[0]) is not None


def test_kustomize_takes_every_file_and_nothing_that_is_not_there() -> None:
    listed = yaml.safe_load((FOLDER / "kustomization.yaml").read_text())["resources"]
    here = {path.name for path in FOLDER.glob("*.yaml")} - {"kustomization.yaml", "secret.yaml"}
    assert {"secret.example.yaml" if name == "secret.yaml" else name for name in listed} == here


def test_each_role_has_a_deployment_that_runs_it() -> None:
    deployments = of_kind("Deployment")
    assert deployments.keys() == set(ROLES)
    for role, deployment in deployments.items():
        assert container(deployment)["args"] == [role]
        assert deployment["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] > 10


def test_probes_ask_what_they_should() -> None:
    for deployment in of_kind("Deployment").values():
        asked = {
            probe: container(deployment)[probe]["httpGet"]["path"]
            for probe in ("startupProbe", "livenessProbe", "readinessProbe")
        }
        assert asked == {"startupProbe": "/healthz", "livenessProbe": "/healthz", "readinessProbe": "/readyz"}
        alive = container(deployment)["livenessProbe"]
        assert alive["periodSeconds"] * alive["failureThreshold"] > 30, "a loop may lag, but not for so long"


def test_nothing_runs_as_root_or_writes_to_its_root_file_system() -> None:
    for workload in (*of_kind("Deployment").values(), *of_kind("StatefulSet").values()):
        pod, one = workload["spec"]["template"]["spec"], container(workload)
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["automountServiceAccountToken"] is False
        assert one["securityContext"]["readOnlyRootFilesystem"] is True
        assert one["securityContext"]["allowPrivilegeEscalation"] is False
        assert one["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert one["resources"]["limits"]["memory"]


def test_selectors_find_their_pods() -> None:
    pods = {name: d["spec"]["template"]["metadata"]["labels"] for name, d in of_kind("Deployment").items()}
    pods |= {name: d["spec"]["template"]["metadata"]["labels"] for name, d in of_kind("StatefulSet").items()}
    for name, service in of_kind("Service").items():
        assert service["spec"]["selector"].items() <= pods[name].items()
    for name, budget in of_kind("PodDisruptionBudget").items():
        assert budget["spec"]["selector"]["matchLabels"].items() <= pods[name].items()
    for name, workload in (of_kind("Deployment") | of_kind("StatefulSet")).items():
        assert workload["spec"]["selector"]["matchLabels"].items() <= pods[name].items()


def test_the_autoscaler_owns_the_number_of_senders() -> None:
    (scaler,) = of_kind("HorizontalPodAutoscaler").values()
    assert scaler["spec"]["scaleTargetRef"]["name"] == "sender"
    assert "replicas" not in of_kind("Deployment")["sender"]["spec"], "or each apply would scale it back"


def test_only_variables_that_exist_are_set() -> None:
    variables = {name.upper() for name in Settings.model_fields}
    assert of_kind("ConfigMap")["briefing-bot"]["data"].keys() <= variables
    assert of_kind("Secret")["briefing-bot"]["stringData"].keys() <= variables
    assert not of_kind("ConfigMap")["briefing-bot"]["data"].keys() & {"BOT_TOKEN", "REDIS_URL"}


def test_the_world_sees_the_webhook_and_nothing_else() -> None:
    (ingress,) = of_kind("Ingress").values()
    (rule,) = ingress["spec"]["rules"]
    (path,) = rule["http"]["paths"]
    assert (path["path"], path["pathType"]) == ("/telegram", "Exact")


def test_redis_keeps_data_as_the_embedded_one_does() -> None:
    words = container(of_kind("StatefulSet")["redis"])["args"]
    here = dict(zip((word.removeprefix("--") for word in words[::2]), words[1::2], strict=True))
    where = {"port", "unixsocket", "unixsocketperm", "dir"}
    embedded = redis_options(Path("data"), Path("data/s"))
    assert here == {name: value for name, value in embedded.items() if name not in where}
