//! Proof that the tests notice: each bug of `domain::core::planted` is planted in turn, and the test that is there for it must
//! fail. A test that passes with its bug is one that cannot fail.

use anyhow::{Context, Result, ensure};
use domain::core::planted::{BUGS, Bug};
use std::process::{Command, ExitCode};

/// The test that catches a bug: its binary, its name.
const fn catcher(bug: Bug) -> (&'static str, &'static str) {
    match bug {
        Bug::FailureCalledDone => ("torture", ""),
        Bug::CheckpointAlone => ("read_side", "projector::a_checkpoint_never_moves_without_its_rows"),
        Bug::PoisonSkipped => ("read_side", "projector::an_event_that_cannot_be_read_is_never_skipped"),
        Bug::StoppedCalledCurrent => ("read_side", "lagging::a_stopped_list_is_never_reported_as_up_to_date"),
        Bug::QuarantineForgotten => {
            ("read_side", "quarantine::a_quarantine_resumes_one_projection_and_names_its_author")
        }
        Bug::OlderOverwrites => {
            ("domain", "kubernetes::observed::tests::an_older_revision_never_overwrites_a_newer_one")
        }
        Bug::OldListTaken => ("cluster", "watching::a_list_of_some_time_ago_is_not_taken_for_the_state_of_now"),
        Bug::ListWithoutDifference => {
            ("cluster", "operations::objects_deleted_without_a_watch_are_gone_after_the_list")
        }
        Bug::FenceForgotten | Bug::KeyForgotten => {
            ("flow", "batches::wherever_the_refused_ones_stand_the_others_are_appended_whole")
        }
        Bug::EndedSessionForgotten => ("flow", "operations::an_ended_session_requests_nothing"),
        Bug::IntentNotAwaited => ("flow", "operations::a_command_is_in_the_log_before_it_is_in_the_cluster_and_ends"),
        Bug::OutcomeFirst => ("flow", "forced::a_refusal_of_the_cluster_fails_the_operation_and_is_not_repeated"),
        Bug::BlindRepeat => ("flow", "forced::an_answer_that_is_lost_after_the_effect_is_found_by_looking"),
        Bug::SleeperActs => ("flow", "replicas::a_process_that_slept_past_its_lease_calls_nothing"),
        Bug::BlindAppend => ("flow", "batches::a_connection_lost_during_the_commit_is_settled_by_looking"),
        Bug::LateArrivalForgotten => {
            ("flow", "batches::what_comes_into_the_log_after_it_was_looked_for_is_found_all_the_same")
        }
        Bug::DifferenceForgotten => {
            ("read_side", "evidence::what_differed_is_looked_at_until_it_is_right_whatever_else_is")
        }
        Bug::GapInLive => ("read_side", "changes::a_slow_subscriber_reads_the_log_again_and_loses_nothing"),
        Bug::ResumeRepeats => ("read_side", "changes::a_subscriber_misses_nothing_while_others_write"),
        Bug::ContentNotCompared | Bug::SignatureNotChecked => {
            ("flow", "evidence::every_tampering_is_found_and_located")
        }
        Bug::SealedOverChange => ("flow", "evidence::nothing_is_sealed_over_a_tree_that_was_changed"),
    }
}

/// Names of bugs as arguments plant only those.
fn main() -> ExitCode {
    let names: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let is_wanted = |bug: &&Bug| names.is_empty() || names.contains(&format!("{bug:?}"));
    let wanted: Vec<Bug> = BUGS.iter().filter(is_wanted).copied().collect();
    if wanted.len() < names.len() {
        eprintln!("planted: there are only these bugs: {BUGS:?}");
        return ExitCode::FAILURE;
    }
    match wanted.into_iter().try_for_each(plant) {
        Ok(()) => {
            println!("each planted bug is caught");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("planted: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn plant(bug: Bug) -> Result<()> {
    let (binary, test) = catcher(bug);
    let mut cargo = Command::new(std::env::var_os("CARGO").context("run it by `make test` or by cargo")?);
    cargo.args(["test", "--locked", "--workspace"]);
    match binary {
        "domain" => cargo.args(["--lib", "--", "--exact", test]),
        "torture" => cargo.args(["--test", binary, "--", "--events", "5000"]),
        _ => cargo.args(["--test", binary, "--", "--exact", test]),
    };
    let output = cargo.env("BINNACLE_TEST_PLANTED", format!("{bug:?}")).env("RUST_BACKTRACE", "0").output()?;
    let words = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    // Not any failure: the test ran and found it.
    let found = words.contains("test result: FAILED. 0 passed; 1 failed") || words.contains("was acknowledged at");
    println!("  {:22} {}", format!("{bug:?}"), if found { "caught" } else { "NOT CAUGHT" });
    ensure!(found && !output.status.success(), "{bug:?} is not noticed by {binary} {test}:\n{words}");
    Ok(())
}
