//! Claims, volumes and quotas.

use super::*;

#[test]
fn a_claim_says_what_it_waits_for() {
    let none = || Value::Null;
    let pending = || phase("Pending");
    let first = "waiting for first consumer to be created before binding";
    let external = "Waiting for a volume to be created either by the external provisioner 'x' or manually";
    let missing = "storageclass.storage.k8s.io \"fast\" not found";
    let no_class = "no persistent volumes available for this claim and no storage class is set";
    let failed = "failed to provision volume with StorageClass \"fast\": rpc error: code = Internal desc = disk full";
    hold(
        "PersistentVolumeClaim",
        vec![
            ("bound", none(), phase("Bound"), Ready, None),
            ("not reported", none(), Report::default(), Unknown, None),
            ("nothing is known yet", none(), pending(), Progressing, None),
            (
                "waits for a pod",
                none(),
                pending().noted("WaitForFirstConsumer", first, 0),
                Progressing,
                Some(Code::ClaimAwaitsPod),
            ),
            (
                "its pod waits for a node",
                none(),
                pending().noted("WaitForFirstConsumer", first, 0).noted(
                    "WaitForPodScheduled",
                    "waiting for pod a to be scheduled",
                    9,
                ),
                Progressing,
                Some(Code::ClaimAwaitsNode),
            ),
            (
                "no such class",
                none(),
                pending().noted("ProvisioningFailed", missing, 0),
                Progressing,
                Some(Code::StorageClassNotFound),
            ),
            (
                "no class and no volume",
                none(),
                pending().noted("FailedBinding", no_class, 0),
                Progressing,
                Some(Code::ClaimNotBound),
            ),
            (
                "another volume than it wants",
                none(),
                pending().noted("VolumeMismatch", "Cannot bind to requested volume \"v\": too small", 0),
                Progressing,
                Some(Code::ClaimNotBound),
            ),
            (
                "its provisioner was asked",
                none(),
                pending().noted("WaitForFirstConsumer", first, 0).noted("ExternalProvisioning", external, 9),
                Progressing,
                Some(Code::ClaimAwaitsProvisioner),
            ),
            (
                "its provisioner fails",
                none(),
                pending().noted("ProvisioningFailed", failed, 5).noted("ExternalProvisioning", external, 9),
                Progressing,
                Some(Code::VolumeNotProvisioned),
            ),
            (
                "a pod is needed after all",
                none(),
                pending().noted("ProvisioningFailed", missing, 5).noted("WaitForFirstConsumer", first, 9),
                Progressing,
                Some(Code::ClaimAwaitsPod),
            ),
            ("bound after a failure", none(), phase("Bound").noted("ProvisioningFailed", failed, 5), Ready, None),
            (
                "its volume is gone",
                json!({"spec": {"volumeName": "pv-1"}}),
                phase("Lost"),
                Failed,
                Some(Code::ClaimLost),
            ),
            (
                "it grows",
                none(),
                phase("Bound").with("Resizing", Truth::True, ""),
                Progressing,
                Some(Code::VolumeResizing),
            ),
            (
                "its file system grows",
                none(),
                phase("Bound").with("FileSystemResizePending", Truth::True, ""),
                Progressing,
                Some(Code::FileSystemResizePending),
            ),
            (
                "it cannot grow",
                none(),
                phase("Bound").with("ControllerResizeError", Truth::True, "").with("Resizing", Truth::True, ""),
                Degraded,
                Some(Code::VolumeNotResized),
            ),
            (
                "a pod uses it",
                none(),
                phase("Bound").deleted(&["kubernetes.io/pvc-protection"]),
                Deleting,
                Some(Code::FinalizersBlock),
            ),
        ],
    );
}

#[test]
fn a_volume_is_what_its_phase_says() {
    let kept = json!({"spec": {"claimRef": {"namespace": "team", "name": "data"}}});
    let deleted = || json!({"spec": {"persistentVolumeReclaimPolicy": "Delete"}});
    let refused = || phase("Released").noted("VolumeFailedDelete", "it is in use", 0);
    hold(
        "PersistentVolume",
        vec![
            ("free", Value::Null, phase("Available"), Ready, None),
            ("bound", Value::Null, phase("Bound"), Ready, None),
            ("pending", Value::Null, phase("Pending"), Progressing, None),
            ("released", kept.clone(), phase("Released"), Inactive, Some(Code::VolumeReleased)),
            ("deleted", deleted(), phase("Released"), Progressing, Some(Code::VolumeReclaiming)),
            ("not deleted", deleted(), refused(), Degraded, Some(Code::VolumeNotReclaimed)),
            ("kept after all", kept.clone(), refused(), Inactive, Some(Code::VolumeReleased)),
            ("failed", Value::Null, phase("Failed"), Failed, Some(Code::VolumeNotReclaimed)),
        ],
    );
    let released = told("PersistentVolume", &kept, &phase("Released"), None);
    assert_eq!(released.cause.expect("a cause").message.text("claim"), Some("team/data"));
}

#[test]
fn a_quota_is_full_when_nothing_more_fits() {
    let quota = |hard: Value, used: Value| status(json!({"hard": hard, "used": used}));
    let full = quota(
        json!({"pods": "10", "requests.cpu": "2", "limits.memory": "1Gi", "services.nodeports": "0"}),
        json!({"pods": "10", "requests.cpu": "2500m", "limits.memory": "512Mi", "services.nodeports": "0"}),
    );
    hold(
        "ResourceQuota",
        vec![
            ("room", Value::Null, quota(json!({"pods": "10"}), json!({"pods": "9"})), Ready, None),
            (
                "a ban",
                Value::Null,
                quota(json!({"services.nodeports": "0"}), json!({"services.nodeports": "0"})),
                Ready,
                None,
            ),
            ("not counted yet", Value::Null, Report::default(), Ready, None),
            (
                "lowered below",
                Value::Null,
                quota(json!({"pods": "0"}), json!({"pods": "3"})),
                Degraded,
                Some(Code::QuotaFull),
            ),
            ("full", Value::Null, full.clone(), Degraded, Some(Code::QuotaFull)),
            ("no quantities", Value::Null, quota(json!({"pods": "many"}), json!({"pods": "x"})), Ready, None),
        ],
    );
    let message = told("ResourceQuota", &Value::Null, &full, None).cause.expect("a cause").message;
    assert_eq!(message.arguments["resources"], json!(["pods 10/10", "requests.cpu 2500m/2"]));
}
