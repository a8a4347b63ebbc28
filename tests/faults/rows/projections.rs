//! A fold is wrong while it is relied upon, then mended.

use super::{Plan, clock::alarms, postgres::shown};
use crate::world::{OBJECTS, World, within};
use anyhow::{Result, ensure};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// The checker looks once a minute.
const LOOK: Duration = Duration::from_secs(90);
const REBUILD: Duration = Duration::from_secs(60);

/// Whatever the fold of workloads writes, something else stands in the table: a version with a wrong fold, in effect.
const WRONG: &str = "
    CREATE FUNCTION public.planted() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN NEW.reason := 'planted'; RETURN NEW; END $$;
    CREATE TRIGGER planted BEFORE INSERT OR UPDATE ON read.workloads FOR EACH ROW EXECUTE FUNCTION public.planted()";
/// The version that mends it is a newer one than that of the rows.
const MENDED: &str = "
    DROP TRIGGER planted ON read.workloads;
    DROP FUNCTION public.planted();
    UPDATE read.checkpoints SET version = -1 WHERE projection = 'workloads'";

/// F37: rows are wrong as soon as they are written, and the checker says so; then gateways of the version that mends it take over one
/// after the other and build the table anew under load, while all of it is read.
pub async fn mend(world: &mut World, _: &mut Plan) -> Result<String> {
    sqlx::raw_sql(WRONG).execute(&world.owner).await?;
    let begun = Instant::now();
    within(LOOK, "the checker raises an alarm", async || Ok(is_alarmed(world).await?)).await?;
    let noticed = begun.elapsed();
    let wrong = wrong_rows(world).await?;
    ensure!(wrong > 0, "the checker raised an alarm, and no row is wrong");

    sqlx::raw_sql(MENDED).execute(&world.owner).await?;
    let begun = Instant::now();
    let mut reads = Reads::default();
    for number in 0..world.sides.len() {
        let side = &mut world.sides[number];
        side.gateway.signal("TERM")?;
        while !world.sides[number].gateway.has_ended() {
            ensure!(begun.elapsed() < REBUILD, "a gateway does not stop");
            reads.read(world).await?;
        }
        let side = &mut world.sides[number];
        side.gateway = side.start.clone().spawn()?;
        while shown(world, number).await.is_none() {
            ensure!(begun.elapsed() < REBUILD, "a gateway does not start");
            reads.read(world).await?;
        }
    }
    while !is_rebuilt(world).await? {
        ensure!(begun.elapsed() < REBUILD, "the rebuild does not end");
        reads.read(world).await?;
    }
    let took = begun.elapsed();
    ensure!(wrong_rows(world).await? == 0, "rows are wrong after the rebuild");
    ensure!(reads.unanswered == 0, "{} reads were answered by nobody, {} were whole", reads.unanswered, reads.whole);
    within(LOOK, "the checker finds nothing any more", async || Ok(!is_alarmed(world).await?)).await?;
    Ok(format!(
        "{wrong} rows wrong, alarm after {:.0} s; both gateways replaced and the table built anew in {:.1} s, {} reads whole",
        noticed.as_secs_f64(),
        took.as_secs_f64(),
        reads.whole,
    ))
}

/// What came of reading all the time.
#[derive(Default)]
struct Reads {
    whole: usize,
    unanswered: usize,
}

impl Reads {
    /// Asks one gateway, and the other one if the first does not answer.
    async fn read(&mut self, world: &World) -> Result<()> {
        let found = match shown(world, 0).await {
            Some(count) => Some(count),
            None => shown(world, 1).await,
        };
        match found {
            Some(count) => {
                ensure!(count == OBJECTS as u64, "{count} of {OBJECTS} workloads are shown during a rebuild");
                self.whole += 1;
            }
            None => self.unanswered += 1,
        }
        sleep(Duration::from_millis(20)).await;
        Ok(())
    }
}

async fn is_alarmed(world: &World) -> Result<bool> {
    for side in &world.sides {
        if alarms(&side.gateway).await?.contains("\"checker\"") {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn wrong_rows(world: &World) -> Result<i64> {
    let query = "SELECT count(*) FROM read.workloads WHERE reason = 'planted'";
    Ok(sqlx::query_scalar(query).fetch_one(&world.owner).await?)
}

async fn is_rebuilt(world: &World) -> Result<bool> {
    let query = "SELECT NOT EXISTS (SELECT FROM read.checkpoints WHERE version < 0)";
    Ok(sqlx::query_scalar(query).fetch_one(&world.owner).await?)
}
