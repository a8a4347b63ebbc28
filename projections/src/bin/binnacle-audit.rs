//! The audit tool proves to others that the log is complete and that the screens show its fold. It writes to no
//! database and calls no cluster. Exit code 0: the log holds. 1: it does not, and the tool names the first bad
//! position. 2: the check could not run.

use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand};
use projections::{
    DataKeys,
    engine::quarantine::PassedOver,
    evidence::{
        Broken, Holds, Verdict,
        checkpoint::{self, Purpose, SigningKeys, TrustedKeys, Witness},
        export, printable, prove, replay, show,
        verify::{self, Against},
        witness,
    },
    key_file,
};
use sqlx::{
    Connection, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use std::{
    fs::OpenOptions,
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};
use uuid::Uuid;

/// Prints a line on standard output, without control characters. A closed pipe or a full disk is an error like any
/// other.
macro_rules! print_line {
    ($($words:tt)*) => {
        writeln!(std::io::stdout(), "{}", printable::lines(&format!($($words)*))).context("standard output")?
    };
}

/// Text for a file, byte for byte, with its own final newline.
macro_rules! write_text {
    ($($words:tt)*) => { write!(std::io::stdout(), $($words)*).context("standard output")? };
}

#[derive(Parser)]
#[command(
    name = "binnacle-audit",
    version,
    about = "Proves what happened: verifies, replays, exports and shows the log"
)]
struct Arguments {
    /// Postgres with the log; the application's role is enough
    #[arg(long, global = true, env = "BINNACLE_DATABASE_URL", hide_env_values = true)]
    database_url: Option<String>,
    /// File with the sealing keys; only `replay` needs it
    #[arg(long, global = true, env = "BINNACLE_SEALING_KEY_FILE", value_name = "FILE")]
    sealing_key_file: Option<PathBuf>,
    /// Print one line of JSON instead of text
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Verify positions, versions, hashes, that every event can be decoded, and the tree against its checkpoints
    Verify(VerifyArguments),
    /// Rebuild all read tables from the log and compare them with the live ones
    Replay,
    /// Write the log as a bundle that `verify --bundle` checks without a database
    Export {
        /// A file, or an existing folder
        #[arg(long)]
        output: PathBuf,
    },
    /// Print events
    Show(ShowArguments),
    /// Print the proof that the signed log contains an event (c2sp.org/tlog-proof)
    Prove {
        /// The event at this position
        position: i64,
    },
    /// Check that the log has only grown since the last time, and print its newest checkpoint with the signature of
    /// this witness
    Witness(WitnessArguments),
    /// Create a key: the private key goes to the file, the public key is printed. Without --name, print the public keys
    /// of the file
    Key {
        /// Name of the log, or of the witness, for example console.example.org/log
        #[arg(long)]
        name: Option<String>,
        /// Create the key of a witness instead of a log
        #[arg(long)]
        witness: bool,
        /// File for the private key: a new one, or one with keys of the same log
        #[arg(long, value_name = "FILE")]
        file: PathBuf,
    },
}

#[derive(Args)]
struct VerifyArguments {
    /// An exported bundle instead of the database
    #[arg(long, value_name = "FILE", conflicts_with = "proof")]
    bundle: Option<PathBuf>,
    /// A proof of one event instead of the whole log; needs --key
    #[arg(long, value_name = "FILE", requires = "key")]
    proof: Option<PathBuf>,
    /// A public key of the log, which must have signed. Keys of witnesses may be given too
    #[arg(long, value_name = "KEY")]
    key: Vec<String>,
    /// A checkpoint kept elsewhere; needs --key
    #[arg(long, value_name = "FILE", requires = "key", conflicts_with = "proof")]
    checkpoint: Vec<PathBuf>,
}

#[derive(Args)]
struct WitnessArguments {
    /// File with the private key of the witness
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Public key of the log
    #[arg(long, value_name = "KEY", required = true)]
    log_key: Vec<String>,
    /// File with the last seen checkpoint
    #[arg(long, value_name = "FILE")]
    state: PathBuf,
    /// Start without such a file: trust the current checkpoint
    #[arg(long)]
    first: bool,
}

#[derive(Args)]
#[group(required = true, multiple = false)]
struct ShowArguments {
    /// The event at this position
    position: Option<i64>,
    /// All events of an operation
    #[arg(long)]
    operation: Option<Uuid>,
    /// All events of a stream
    #[arg(long)]
    stream: Option<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("binnacle-audit: {}", printable::lines(&format!("{error:#}")));
            ExitCode::from(2)
        }
    }
}

/// The result of the check.
async fn run(arguments: &Arguments) -> Result<bool> {
    match &arguments.command {
        Command::Verify(what) => verify(arguments, what).await,
        Command::Replay => {
            let pool = connect(arguments).await?;
            let file = arguments.sealing_key_file.as_ref().context(
                "BINNACLE_SEALING_KEY_FILE: the tables are folded from what is sealed in the log, so the key is needed",
            )?;
            let sealing = key_file::read(file).context("BINNACLE_SEALING_KEY_FILE")?;
            say(arguments, &replay::replay(&pool, &DataKeys::new(pool.clone(), Arc::new(sealing))).await?)
        }
        Command::Export { output } => {
            let (path, events) = export::export(&connect(arguments).await?, output).await?;
            let path = path.display();
            if arguments.json {
                print_line!("{}", serde_json::json!({"file": path.to_string(), "events": events}));
            } else {
                print_line!("{events} events in {path}");
            }
            Ok(true)
        }
        Command::Show(which) => print_events(arguments, which).await,
        Command::Prove { position } => print_proof(arguments, *position).await,
        Command::Witness(how) => witness(arguments, how).await,
        Command::Key { name: Some(name), witness, file } => make_key(name, *witness, file),
        Command::Key { name: None, file, .. } => {
            for key in checkpoint::public_keys(&read_file(file)?).with_context(|| file.display().to_string())? {
                print_line!("{key}");
            }
            Ok(true)
        }
    }
}

async fn verify(arguments: &Arguments, what: &VerifyArguments) -> Result<bool> {
    let keys = TrustedKeys::new(&what.key).context("--key")?;
    if let Some(path) = &what.proof {
        return say_proof(arguments, prove::check(&read_file(path)?, &keys));
    }
    // Kept checkpoints may have extra or missing empty lines.
    let note = |path: &PathBuf| read_file(path).map(|text| format!("{}\n", text.replace('\r', "").trim()));
    let notes = what.checkpoint.iter().map(note).collect::<Result<Vec<_>>>()?;
    let against = Against::new(keys, notes);
    match &what.bundle {
        Some(bundle) => say(arguments, &export::verify_bundle(bundle, &against)?),
        None => say(arguments, &verify::database(&connect(arguments).await?, &against).await?),
    }
}

fn read_file(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| path.display().to_string())
}

fn say_proof(arguments: &Arguments, checked: Result<prove::Checked, checkpoint::Error>) -> Result<bool> {
    match checked {
        Ok(checked) if arguments.json => print_line!("{}", serde_json::to_string(&checked)?),
        Ok(checked) => print_line!(
            "holds: {} of stream {}, recorded at {}, is event {} of the log of {} events signed by {}{}",
            checked.r#type,
            checked.stream,
            checked.recorded_at.to_rfc3339(),
            checked.position,
            checked.size,
            checked.signed_by.join(" and "),
            checked.not_signed_by.iter().map(|name| format!("; {name} did not sign it")).collect::<String>()
        ),
        Err(error) if arguments.json => {
            print_line!("{}", serde_json::json!({"holds": false, "problem": error.to_string()}));
            return Ok(false);
        }
        Err(error) => {
            print_line!("does not hold: {error}");
            return Ok(false);
        }
    }
    Ok(true)
}

async fn print_proof(arguments: &Arguments, position: i64) -> Result<bool> {
    let pool = connect(arguments).await?;
    let sealed = prove::newest(&pool).await?.map_or(0, |newest| newest.size);
    let found = prove::inclusion(&pool, position).await?;
    let inclusion =
        found.with_context(|| format!("no event at position {position}: the log is sealed from 1 to {sealed}"))?;
    let text = inclusion.text().context("the log is not signed: `binnacle serve` needs BINNACLE_SIGNING_KEY_FILE")?;
    write_text!("{text}");
    Ok(true)
}

async fn witness(arguments: &Arguments, how: &WitnessArguments) -> Result<bool> {
    let trusted = TrustedKeys::new(&how.log_key).context("--log-key")?;
    let witness = Witness::parse(&read_file(&how.key)?).context("--key")?;
    let is_known = how.state.try_exists().with_context(|| how.state.display().to_string())?;
    anyhow::ensure!(
        is_known != how.first,
        match is_known {
            true => "--first, but there is a checkpoint that was seen before",
            false => "there is no checkpoint that was seen before: --first believes what is there now",
        }
    );
    let seen = if is_known { Some(read_file(&how.state)?) } else { None };
    match witness::look(&connect(arguments).await?, &trusted, &witness, seen.as_deref()).await? {
        Ok(cosigned) => {
            checkpoint::keep(&how.state, &cosigned).with_context(|| how.state.display().to_string())?;
            write_text!("{cosigned}");
            Ok(true)
        }
        Err(broken) => say(arguments, &Verdict::Broken(broken)),
    }
}

fn make_key(name: &str, is_witness: bool, file: &Path) -> Result<bool> {
    let purpose = if is_witness { Purpose::Witness } else { Purpose::Log };
    let (private, public) = checkpoint::new_key(name, purpose)?;
    // A log signs with its old and its new key while the new one is distributed. A witness has one key.
    let kept = if !is_witness && file.try_exists()? { read_file(file)? } else { String::new() };
    let kept: Vec<&str> = kept.lines().filter(|line| !line.trim().is_empty()).collect();
    let text = match is_witness {
        true => format!("{}\n{private}\n", checkpoint::OF_A_WITNESS),
        false => [kept.as_slice(), &[private.as_str(), ""]].concat().join("\n"),
    };
    let read = if is_witness { Witness::parse(&text).map(drop) } else { SigningKeys::parse(&text).map(drop) };
    read.with_context(|| file.display().to_string())?;
    let mut options = OpenOptions::new();
    options.write(true).mode(0o600);
    let is_new = kept.is_empty();
    let opened = if is_new { options.create_new(true).open(file) } else { options.truncate(true).open(file) };
    let written = opened.and_then(|mut file| file.write_all(text.as_bytes()));
    written.with_context(|| format!("{}: take the name of a file that is not there", file.display()))?;
    if !is_new {
        eprintln!("added: the log signs with all keys of this file");
    }
    print_line!("{public}");
    Ok(true)
}

async fn connect(arguments: &Arguments) -> Result<PgPool> {
    let url = arguments.database_url.as_deref().context("no database: set BINNACLE_DATABASE_URL or --database-url")?;
    let options: PgConnectOptions = url.parse().context("the address of the database")?;
    // A single connection reports why it fails; a pool only reports a time-out.
    tokio::time::timeout(Duration::from_secs(10), PgConnection::connect_with(&options))
        .await
        .context("the database does not answer")?
        .context("the database cannot be reached")?
        .close()
        .await?;
    Ok(PgPoolOptions::new().max_connections(4).connect_lazy_with(options))
}

fn say(arguments: &Arguments, verdict: &Verdict) -> Result<bool> {
    if arguments.json {
        print_line!("{}", serde_json::to_string(verdict)?);
    }
    match verdict {
        Verdict::Holds(holds) if !arguments.json => print_line!("{}", in_words(holds)),
        Verdict::Broken(Broken { position, problem, .. }) if !arguments.json => match position {
            Some(position) => print_line!("does not hold at position {position}: {problem}"),
            None => print_line!("does not hold: {problem}"),
        },
        Verdict::Holds(_) | Verdict::Broken(_) => {}
    }
    Ok(matches!(verdict, Verdict::Holds(_)))
}

fn in_words(holds: &Holds) -> String {
    let signed = holds.signers.iter().map(|(name, size)| match size {
        0 => format!("; {name} signed nothing of it"),
        size => format!("; the first {size} are those that {name} signed"),
    });
    match &holds.root {
        Some(root) => format!(
            "holds: {} events in {} streams, root {root}{}",
            holds.events,
            holds.streams,
            signed.collect::<String>()
        ),
        None => format!(
            "holds: {} rows are the fold of {} events{}{}\nKubernetes events are kept outside the log: they were not compared",
            holds.rows,
            holds.events,
            holds
                .behind
                .iter()
                .map(|(projection, position)| format!("; {projection} only of the first {position}"))
                .collect::<String>(),
            passed_over(&holds.passed_over)
        ),
    }
}

fn passed_over(events: &[PassedOver]) -> String {
    let in_words = events.iter().map(|event| {
        let PassedOver { projection, position, by, at, reason } = event;
        let reason = reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
        format!(
            "\n  {projection} passes over the event at position {position}, decided by the {by} at {}{reason}",
            at.to_rfc3339()
        )
    });
    match events.len() {
        0 => String::new(),
        count => format!("; {count} passed over{}", in_words.collect::<String>()),
    }
}

async fn print_events(arguments: &Arguments, which: &ShowArguments) -> Result<bool> {
    let which = match (which.position, which.operation, &which.stream) {
        (Some(position), ..) => show::Which::Position(position),
        (None, Some(operation), _) => show::Which::Operation(operation),
        (None, None, stream) => show::Which::Stream(stream.clone().unwrap_or_default()),
    };
    let events = show::find(&connect(arguments).await?, &which).await?;
    anyhow::ensure!(!events.is_empty(), "there is no such event");
    for event in &events {
        if arguments.json {
            print_line!("{}", show::as_json(event));
        } else {
            print_line!("{}\n", show::readable(event));
        }
    }
    Ok(true)
}
