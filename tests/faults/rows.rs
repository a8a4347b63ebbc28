//! The table of faults: what each is called, when it can be injected, and by what.

mod clock;
mod links;
mod postgres;
mod processes;
mod projections;
mod users;

use crate::world::{Kind, World};
use anyhow::Result;
use fastrand::Rng;
use futures::future::LocalBoxFuture;
use std::{future::ready, time::Duration};

/// How much of each fault.
pub struct Plan {
    pub kills: usize,
    /// The least that shows anything.
    pub is_short: bool,
    /// How long the API server takes calls and does not answer, when somebody wants to know that.
    pub black_hole: Option<Duration>,
    pub dice: Rng,
}

pub struct Row {
    pub name: &'static str,
    pub words: &'static str,
    pub is_in_slice: bool,
    pub kind: fn(&Plan) -> Kind,
    /// Why it cannot be injected on this machine.
    pub impossible: fn() -> LocalBoxFuture<'static, Option<String>>,
    /// Injects it, ends it, and says what was done.
    pub inject: for<'a> fn(&'a mut World, &'a mut Plan) -> LocalBoxFuture<'a, Result<String>>,
}

/// On the shared Postgres, always possible.
const fn row(
    name: &'static str,
    words: &'static str,
    inject: for<'a> fn(&'a mut World, &'a mut Plan) -> LocalBoxFuture<'a, Result<String>>,
) -> Row {
    Row { name, words, is_in_slice: false, kind: |_| Kind::default(), impossible: || Box::pin(ready(None)), inject }
}

const fn in_slice(row: Row) -> Row {
    Row { is_in_slice: true, ..row }
}

/// On a Postgres of its own.
const fn on_own_postgres(row: Row) -> Row {
    Row {
        kind: |_| Kind { own_postgres: true, ..Kind::default() },
        impossible: || Box::pin(postgres::impossible()),
        ..row
    }
}

pub const ROWS: &[Row] = &[
    in_slice(row("F06", "gateways are killed at any moment", |world, plan| Box::pin(processes::kill(world, plan)))),
    in_slice(row("F07", "a gateway sleeps past its leases and wakes up", |world, plan| {
        Box::pin(processes::sleep_past_the_lease(world, plan))
    })),
    in_slice(row("F42", "a gateway is cut off from Postgres or from the API server", |world, plan| {
        Box::pin(links::partition(world, plan))
    })),
    row("F37", "a fold is wrong, and is mended while all of it is read", |world, plan| {
        Box::pin(projections::mend(world, plan))
    }),
    row("F38", "one command is sent a hundred times at once", |world, plan| Box::pin(users::same_command(world, plan))),
    row("F39", "20 users edit one object at once", |world, plan| Box::pin(users::editors(world, plan))),
    row("F18", "everybody wants the same object", |world, plan| Box::pin(users::storm(world, plan))),
    row("F40", "a cancel races the completion", |world, plan| Box::pin(users::cancel(world, plan))),
    on_own_postgres(row("F08", "Postgres is killed, one backend or all of it", |world, plan| {
        Box::pin(postgres::kill(world, plan))
    })),
    on_own_postgres(row("F09", "Postgres is killed while the read tables are rebuilt", |world, plan| {
        Box::pin(postgres::kill_in_rebuild(world, plan))
    })),
    on_own_postgres(row("F12", "the disk of Postgres is full", |world, plan| {
        Box::pin(postgres::full_disk(world, plan))
    })),
    Row {
        impossible: || Box::pin(postgres::no_tracing()),
        ..on_own_postgres(row("F13", "the disk of Postgres is slow, then fails", |world, plan| {
            Box::pin(postgres::bad_disk(world, plan))
        }))
    },
    row("F15", "Postgres is slow and every connection is in use", |world, plan| Box::pin(links::slow(world, plan))),
    row("F19", "nobody is notified", |world, plan| Box::pin(postgres::kill_listeners(world, plan))),
    Row {
        kind: links::patience_for_half_of_it,
        ..row("F23", "the API server is a black hole and comes back", |world, plan| {
            Box::pin(links::black_hole(world, plan))
        })
    },
    Row {
        impossible: || Box::pin(clock::impossible()),
        kind: |_| clock::skewed("+10m"),
        ..row("F41", "the clock of a gateway is ten minutes ahead", |world, plan| Box::pin(clock::run(world, plan)))
    },
    Row {
        impossible: || Box::pin(clock::impossible()),
        kind: |_| clock::skewed("-10m"),
        ..row("F41", "the clock of a gateway is ten minutes behind", |world, plan| Box::pin(clock::run(world, plan)))
    },
    row("F49", "a gateway receives SIGTERM under load", |world, plan| Box::pin(processes::stop(world, plan))),
];
