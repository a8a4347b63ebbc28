//! The events that are kept with their object: few, and renewed only when they mean something else.
//!
//! A failing probe is reported every few seconds. If each report were a change of the facts, the log would grow for ever.

use super::{
    cause,
    observation::{EventKind, Note},
};
use std::borrow::Cow;

/// Events that are kept with one object, at most.
pub const LIMIT: usize = 8;

/// Keeps `note` with its object. True if that changes the facts, so that they must be recorded.
pub fn attach(notes: &mut Vec<Note>, note: Note) -> bool {
    if note.reason == "SuccessfulCreate" {
        return forget(notes, |old| old.reason == "FailedCreate" && old.last <= note.last);
    }
    if !note.explains() {
        return false;
    }
    let Some(old) = notes.iter_mut().find(|old| subject(old) == subject(&note)) else {
        notes.push(note);
        notes.sort_by_key(|note| std::cmp::Reverse(note.last));
        notes.truncate(LIMIT);
        return true;
    };
    let before = weight(old);
    old.count = note.count.max(old.count.saturating_add(i32::from(note.last > old.last)));
    old.first = old.first.min(note.first);
    if note.last > old.last {
        (old.last, old.message) = (note.last, note.message);
    }
    weight(old) != before
}

/// Drops an event that the cluster has dropped. True if that changes the facts.
pub fn detach(notes: &mut Vec<Note>, note: &Note) -> bool {
    forget(notes, |old| subject(old) == subject(note) && old.last <= note.last)
}

fn forget(notes: &mut Vec<Note>, is_over: impl Fn(&Note) -> bool) -> bool {
    let before = notes.len();
    notes.retain(|note| !is_over(note));
    notes.len() != before
}

/// What an event is about. Two with the same subject differ in names and numbers only.
fn subject(note: &Note) -> (&str, Option<&str>, Cow<'static, str>) {
    let about = match note.reason.as_str() {
        "FailedCreate" => cause::creation::meaning(&note.message).code,
        "Unhealthy" => note.words().split(' ').next().unwrap_or_default().to_owned().into(),
        _ => Cow::Borrowed(""),
    };
    (&note.reason, note.container.as_deref(), about)
}

/// What matters of repetitions: whether there are several, how often their count doubled, and whether they lasted.
fn weight(note: &Note) -> (EventKind, u32, bool) {
    (note.kind, note.count.max(1).ilog2(), note.last - note.first >= cause::GRACE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kubernetes::{
        examples::{at, note},
        observation::FreeText,
    };

    fn report(reason: &str, message: &str, count: i32, first: i64, last: i64) -> Note {
        Note { first: at(first), last: at(last), message: FreeText::new(message), ..note(reason, "", count) }
    }

    #[test]
    fn a_failing_probe_is_recorded_when_its_count_has_doubled() {
        let mut notes = Vec::new();
        let message = |n: i32| format!("Readiness probe failed: connect: port {n}");
        let changes = (1..=500)
            .filter(|n| attach(&mut notes, report("Unhealthy", &message(*n), *n, 0, i64::from(*n) * 2)))
            .collect::<Vec<_>>();
        assert_eq!(changes, [1, 2, 4, 8, 15, 16, 32, 64, 128, 256], "each power of two, and the one after 30 s");
        assert_eq!((notes.len(), notes[0].count, notes[0].last), (1, 500, at(1000)));
    }

    #[test]
    fn another_probe_or_container_is_another_subject() {
        let mut notes = Vec::new();
        let of = |container: &str| Note {
            container: Some(container.to_owned()),
            ..report("Unhealthy", "Readiness probe failed: x", 1, 0, 0)
        };
        assert!(attach(&mut notes, of("web")));
        assert!(attach(&mut notes, of("proxy")));
        assert!(attach(&mut notes, Note { message: FreeText::new("Liveness probe failed: x"), ..of("web") }));
        assert!(!attach(&mut notes, of("web")));
        assert_eq!(notes.len(), 3);
    }

    #[test]
    fn a_refused_pod_is_one_subject_whatever_its_name() {
        let mut notes = Vec::new();
        let quota = |pod: &str| {
            format!(
                "Error creating: pods \"{pod}\" is forbidden: exceeded quota: q, requested: pods=1, used: pods=0, limited: pods=0"
            )
        };
        assert!(attach(&mut notes, report("FailedCreate", &quota("a"), 1, 0, 0)));
        assert!(attach(&mut notes, report("FailedCreate", &quota("b"), 1, 10, 10)), "it is no single time any more");
        assert!(attach(&mut notes, report("FailedCreate", &quota("c"), 1, 70, 70)), "it has lasted");
        assert!(attach(&mut notes, report("FailedCreate", &quota("d"), 1, 80, 80)), "twice as often");
        assert!(!attach(&mut notes, report("FailedCreate", &quota("e"), 1, 90, 90)));
        let webhook = "Error creating: admission webhook \"w\" denied the request: no";
        assert!(attach(&mut notes, report("FailedCreate", webhook, 1, 100, 100)));
        assert_eq!(notes.len(), 2);
        assert!(attach(&mut notes, report("SuccessfulCreate", "Created pod: e", 1, 200, 200)));
        assert_eq!(notes, []);
    }

    #[test]
    fn a_combined_event_is_one_subject_with_those_that_it_stands_for() {
        let mut notes = Vec::new();
        for n in 0..10 {
            attach(&mut notes, report("Unhealthy", &format!("Readiness probe failed: port {n}"), 1, n, n));
        }
        let combined = "(combined from similar events): Readiness probe failed: port 10";
        assert!(attach(&mut notes, report("Unhealthy", combined, 40, 10, 60)));
        assert_eq!(
            notes.iter().map(|note| (note.count, note.first, note.last)).collect::<Vec<_>>(),
            [(40, at(0), at(60))]
        );
    }

    #[test]
    fn what_explains_nothing_is_not_kept() {
        let mut notes = Vec::new();
        assert!(!attach(&mut notes, report("Pulled", "Container image already present", 1, 0, 0)));
        assert!(!attach(&mut notes, report("SuccessfulCreate", "Created pod: a", 1, 0, 0)));
        assert_eq!(notes, []);
    }

    #[test]
    fn what_an_object_without_pods_waits_for_is_kept() {
        for reason in ["WaitForFirstConsumer", "ProvisioningFailed", "FailedBinding", "SyncLoadBalancerFailed"] {
            let mut notes = Vec::new();
            let again = |n: i32| report(reason, "as before", n, 0, i64::from(n) * 15);
            let changes = (1..=100).filter(|n| attach(&mut notes, again(*n))).count();
            assert_eq!((changes, notes.len()), (7, 1), "{reason}: each power of two");
        }
    }

    #[test]
    fn the_newest_are_kept() {
        let mut notes = Vec::new();
        for n in 0..20 {
            let container = Some(format!("c{n}"));
            attach(&mut notes, Note { container, ..report("FailedMount", "x", 1, n, n) });
        }
        assert_eq!(notes.len(), LIMIT);
        assert_eq!(notes[0].container.as_deref(), Some("c19"));
    }

    #[test]
    fn what_the_cluster_drops_is_dropped() {
        let mut notes = vec![report("FailedMount", "x", 3, 0, 50)];
        assert!(!detach(&mut notes, &report("FailedMount", "x", 1, 0, 20)), "a newer one is there");
        assert!(detach(&mut notes, &report("FailedMount", "x", 3, 0, 50)));
        assert_eq!(notes, []);
    }
}
