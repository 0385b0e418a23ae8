//! Damages real addons at random, creates files that are hostile by design, and checks that reading
//! them is cheap and never panics.
//!
//! ```text
//! cd __test__/fuzz
//! cargo run --release -- random <folder of .node files>
//!     [--seconds 60] [--seed 1] [--findings <folder>]
//! cargo run --release -- crafted [<part of a case's name> …]
//! cargo run --release -- steady <folder of seeds>
//!     [--inputs 50000] [--seed 1] [--findings <folder>]
//! cargo run -- projects <number of trees> [--seed 1] [--seconds 600] [--findings <folder>]
//! cargo run --release -- read file|package|tree|audit|executable|artifact <path>
//! ```
//!
//! `random` passes every input through the whole pipeline: it reads the file, judges it for each of
//! [`read::TARGETS`], and formats the report as text and JSON. The same seed number gives the same
//! inputs. Small seeds of many formats are best: about fifty files of up to 300 KB. `steady` reads
//! the same damaged inputs in every run. They are made from the seeds in `.seeds/`, which have
//! every kind of file that abi-guard reads. `crafted` creates each case of [`crafted`] in the
//! temporary folder and reads it in a separate process, which may hang or run out of memory. `read`
//! is that process; it also shows the effect of a finding. `projects` writes random project trees
//! (package.json, scripts, tables of Plug'n'Play, archives, links), and scans, checks and audits
//! each; it must read no file beside the tree. A tree with a finding is kept.
//!
//! A finding is a panic (overflow checks are on), a reading longer than [`read::SLOW`] in `random`
//! or [`What::slowest`](read::What::slowest) in `crafted`, or a reading with more than
//! [`read::LARGE`] bytes allocated at once. The inputs of findings are written to the folder
//! `--findings`. The exit code is 1 if there are any. `TMPDIR=/dev/shm` makes `random` faster.

mod areas;
mod crafted;
mod damage;
mod measure;
mod projects;
mod random;
mod read;
mod steady;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use damage::Seed;
use random::Random;
use read::{Measured, What};

#[global_allocator]
static ALLOCATOR: measure::Counting = measure::Counting;

/// The maximum number of inputs that are kept for one kind of finding.
const KEPT: usize = 3;
/// After this time, a reading counts as hanging, and the run ends.
const HANGS: Duration = Duration::from_secs(20);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let sound = match words.as_slice() {
        ["random", seeds, options @ ..] => random(Path::new(seeds), &Options::parse(options)),
        ["steady", seeds, options @ ..] => {
            let Options { inputs, seed, findings, .. } = Options::parse(options);
            steady::run(Path::new(seeds), inputs, seed, &findings)
        }
        ["crafted", names @ ..] => crafted::run(names),
        ["projects", trees, options @ ..] => {
            projects::run(trees.parse().expect("a number of trees"), &Options::parse(options))
        }
        ["read", what, path] => {
            let what = What::from_name(what)
                .expect("file, package, tree, audit, executable, doctor or texts");
            let measured = read::measured(what, Path::new(path));
            println!("{measured}");
            measured.panic.is_none()
        }
        _ => {
            eprintln!(
                "usage: random <seeds> [--seconds n] [--seed n] [--findings folder] | crafted \
                    [name …] | projects <trees> | read <what> <path>"
            );
            false
        }
    };
    if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

struct Options {
    time: Duration,
    inputs: u64,
    seed: u64,
    findings: PathBuf,
}

impl Options {
    fn parse(words: &[&str]) -> Options {
        let value = |name: &str| {
            words.iter().position(|word| *word == name).and_then(|at| words.get(at + 1))
        };
        let number = |name: &str, usual: u64| {
            value(name).map_or(usual, |text| text.parse().expect("a number"))
        };
        Options {
            time: Duration::from_secs(number("--seconds", 60)),
            inputs: number("--inputs", 50_000),
            seed: number("--seed", 1),
            findings: value("--findings")
                .map_or_else(|| std::env::temp_dir().join("abi-guard-findings"), PathBuf::from),
        }
    }
}

/// The start time of the current reading, for the watchdog, in milliseconds since the start of the
/// run; 0 if there is none.
static BUSY_SINCE: AtomicU64 = AtomicU64::new(0);

fn random(folder: &Path, options: &Options) -> bool {
    let seeds = seeds(folder);
    let mut random = Random::new(options.seed);
    let scratch = std::env::temp_dir().join(format!("abi-guard-fuzz-{}.node", std::process::id()));
    std::fs::create_dir_all(&options.findings).expect("a folder for findings");
    let started = Instant::now();
    let (hanging, kept) = (scratch.clone(), options.findings.join("hangs.node"));
    watch(started, move || {
        drop(std::fs::copy(&hanging, &kept));
        println!("FINDING hangs: {}", kept.display());
    });

    let mut findings: BTreeMap<String, usize> = BTreeMap::new();
    let (mut slowest, mut largest) = (Duration::ZERO, 0);
    let mut outcomes: BTreeMap<String, u64> = BTreeMap::new();
    let mut inputs = 0_u64;
    while started.elapsed() < options.time {
        let (seed, other) = (random.pick(&seeds), random.pick(&seeds));
        // Undamaged seeds come first: they show whether a seed itself is slow or large.
        let input = match usize::try_from(inputs).ok().and_then(|index| seeds.get(index)) {
            Some(seed) => seed.bytes().to_vec(),
            None => seed.damaged(other, &mut random),
        };
        std::fs::write(&scratch, &input).expect("the scratch file");
        BUSY_SINCE.store(started.elapsed().as_millis() as u64 + 1, Ordering::Relaxed);
        let measured = read::measured(What::File, &scratch);
        BUSY_SINCE.store(0, Ordering::Relaxed);
        inputs += 1;
        *outcomes.entry(measured.outcome.clone()).or_default() += 1;
        if measured.time > slowest || measured.peak > largest {
            slowest = slowest.max(measured.time);
            largest = largest.max(measured.peak);
            println!("#{inputs} {} of {}: {measured}", input.len(), seed.name);
        }
        if let Some(kind) = kind_of(&measured) {
            let count = findings.entry(kind.clone()).or_default();
            *count += 1;
            if *count <= KEPT {
                let name: String = kind
                    .chars()
                    .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
                    .take(80)
                    .collect();
                let path = options.findings.join(format!("{name}-{count}.node"));
                println!("FINDING {kind}: {measured}, {}", path.display());
                std::fs::write(path, &input).expect("the finding");
            }
        }
    }
    drop(std::fs::remove_file(scratch));
    println!(
        "{inputs} inputs of {} seeds in {:.0} s, {:?}",
        seeds.len(),
        started.elapsed().as_secs_f64(),
        outcomes
    );
    println!("slowest {slowest:.1?}, largest {:.1} MB", largest as f64 / 1e6);
    findings.iter().for_each(|(kind, count)| println!("{count} × {kind}"));
    findings.is_empty()
}

fn kind_of(measured: &Measured) -> Option<String> {
    if let Some(panic) = &measured.panic {
        return Some(format!("panics at {panic}"));
    }
    if measure::exceeds(measured.time, read::SLOW) {
        return Some("slow".to_owned());
    }
    (measured.peak > read::LARGE).then(|| "large".to_owned())
}

fn seeds(folder: &Path) -> Vec<Seed> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the folder of seeds")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "node"))
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "no .node files in {}", folder.display());
    let read =
        |path: PathBuf| Seed::new(path.display().to_string(), std::fs::read(path).expect("a seed"));
    paths.into_iter().map(read).collect()
}

/// Ends the run if a reading hangs, and keeps its input.
fn watch(started: Instant, keep: impl Fn() + Send + 'static) {
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(Duration::from_secs(1));
            let since = BUSY_SINCE.load(Ordering::Relaxed);
            if since > 0 && started.elapsed() > Duration::from_millis(since) + HANGS {
                keep();
                std::process::exit(1);
            }
        }
    });
}
