//! What others change meanwhile.

use super::*;

#[test]
fn what_others_change_overtakes() {
    let by = |code| Want::Overtaken(code, Some("kubectl-edit"));
    let restart = |fields| look(&requested(Goal::Restarted), &deployment(5, [5, 5, 5, 5]), &[], fields, 300);
    assert_eq!(restart(Some("ours")), Done(Code::AllAvailable));
    assert_eq!(restart(Some("others")), by(Code::SpecChanged), "a field of ours was taken");
    assert_eq!(restart(None), by(Code::SpecChanged), "all fields of ours were taken");
    let again = look(&scaled(5), &deployment(5, [5, 5, 5, 5]), &[], Some("others"), 300);
    assert_eq!(again, Done(Code::AllAvailable), "others wrote the number that was requested");

    hold(vec![
        ("scaled by others", scaled(5), deployment(1, [1, 1, 1, 1]), vec![], by(Code::ReplicasChanged)),
        ("scaled to zero by others", scaled(5), deployment(0, [0; 4]), vec![], by(Code::ReplicasChanged)),
        (
            "created, then scaled by others",
            Requested { replicas: Some(3), ..requested(Goal::Created) },
            deployment(0, [0; 4]),
            vec![],
            by(Code::ReplicasChanged),
        ),
        (
            "resumed by others",
            suspended(Goal::Stopped, true),
            job(Job { active: 1, ..Job::default() }),
            vec![],
            by(Code::SuspendChanged),
        ),
        (
            "being deleted",
            scaled(5),
            deployment(5, [5, 5, 5, 5]).deleted(&[]),
            vec![],
            Want::Overtaken(Code::DeletionBegun, None),
        ),
        (
            "another of that name",
            Requested { uid: Some("x".to_owned()), ..scaled(5) },
            deployment(5, [5, 5, 5, 5]),
            vec![],
            by(Code::ReplacedByAnother),
        ),
    ]);
    let untold = Requested { fields: None, ..requested(Goal::Created) };
    assert_eq!(look(&untold, &deployment(5, [5, 5, 5, 5]), &[], None, 300), Done(Code::AllAvailable));
}

#[test]
fn who_puts_an_earlier_version_back_is_known_by_the_mark() {
    let manager = |name: &str, seconds, parts: &[Part]| FieldManager {
        manager: name.to_owned(),
        subresource: String::new(),
        at: Some(at(seconds)),
        parts: parts.to_vec(),
    };
    let mut scaler = manager("keda", 0, &[Part::Replicas]);
    scaler.at = None;
    let undone = [
        scaler,
        manager("binnacle", -30, &[Part::Template]),
        manager("kubectl", 20, &[Part::Metadata, Part::Mark]),
        manager("label-controller", 30, &[Part::Metadata]),
        manager("kube-controller-manager", 50, &[Part::Metadata, Part::Status]),
    ];
    let workload = deployment(2, [2, 2, 2, 2]);
    let status = said(&workload, &[]);
    let by = |managers: &[FieldManager]| {
        let found =
            Found { workload: named("web", "w", &workload), status: &status, pods: &[], managers, fields: None };
        match wait(&requested(Goal::Restarted), Look::Found(found), at(300)) {
            Waited::Overtaken(overtaken) => (overtaken.manager, overtaken.at),
            other @ (Waited::Done(_) | Waited::Waiting { .. } | Waited::EndsEarly(_)) => {
                panic!("it was undone: {other:?}")
            }
        }
    };
    assert_eq!(by(&undone), (Some("kubectl".to_owned()), Some(at(20))));
    assert_eq!(by(&undone[..2]), (None, None), "who sets the replicas did not do it");
}
