//! Victims as problems: those of one cause together, the worst problem first.

use super::{Problem, VICTIMS, Victim};
use domain::kubernetes::cause::{ProblemKey, Subject};
use std::{cmp::Reverse, collections::HashMap};

/// The problems of these victims. Victims come the worst first, so the first one of a problem gives its severity.
pub(super) fn problems(victims: Vec<Victim>) -> Vec<Problem> {
    let mut problems: Vec<Problem> = Vec::new();
    let mut known: HashMap<(String, ProblemKey), usize> = HashMap::new();
    for victim in victims {
        let key = ProblemKey::of(victim.message.as_ref(), &victim.namespace, &victim.workload);
        let place = *known.entry((victim.cluster.clone(), key.clone())).or_insert(problems.len());
        if place == problems.len() {
            problems.push(empty(&victim, key));
        }
        add(&mut problems[place], victim);
    }
    // A later one is nearer to what people just did. Equal ones keep the order of their first victims.
    problems.sort_by_key(|problem| (problem.severity(), Reverse(problem.victim_count()), Reverse(problem.since)));
    problems
}

fn empty(victim: &Victim, key: ProblemKey) -> Problem {
    Problem {
        cluster: victim.cluster.clone(),
        key,
        cause: None,
        since: None,
        states: Vec::new(),
        victims: Vec::new(),
        latest_change: None,
    }
}

fn add(problem: &mut Problem, victim: Victim) {
    problem.since = [problem.since, victim.since].into_iter().flatten().min();
    match problem.states.iter_mut().find(|(state, _)| *state == victim.state) {
        Some((_, count)) => *count += 1,
        None => problem.states.push((victim.state, 1)),
    }
    if problem.victims.len() < VICTIMS {
        problem.victims.push(victim);
    }
}

impl Problem {
    /// A text that no other problem has, and that stays the same while this one lasts.
    pub fn public_key(&self) -> String {
        let parts = match &self.key {
            ProblemKey::Subject(Subject { kind, name, namespace }) => {
                [kind, namespace.as_deref().unwrap_or_default(), name]
            }
            ProblemKey::Workload { code, workload } => ["", code, workload],
        };
        format!("{}~{}", self.cluster, parts.join("~"))
    }

    /// That of its worst victim: 1 is the worst.
    pub fn severity(&self) -> i32 {
        self.victims.first().map_or(0, |worst| worst.severity)
    }

    pub fn victim_count(&self) -> i64 {
        self.states.iter().map(|(_, count)| count).sum()
    }
}
