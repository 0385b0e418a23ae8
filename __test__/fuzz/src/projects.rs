//! Random project trees: valid pieces of package.json, scripts, tables, archives and outputs of
//! build tools, mixed and damaged.

mod output;
mod text;
mod tree;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant, SystemTime};

use crate::measure::exceeds;
use crate::random::Random;
use crate::read::{self, Measured, What};
use crate::{BUSY_SINCE, KEPT, Options, watch};

/// The maximum time of reading a tree, in a build without optimization.
const SLOW: Duration = Duration::from_secs(2);
/// The maximum number of bytes that a reading may have allocated at once.
const LARGE: usize = 128 << 20;
/// The maximum memory of the whole run, in bytes.
const RESIDENT: u64 = 300 << 20;

/// Writes and reads `trees` trees. True if there are no findings.
pub fn run(trees: u64, options: &Options) -> bool {
    let mut random = Random::new(options.seed);
    let scratch = std::env::temp_dir().join(format!("abi-guard-projects-{}", std::process::id()));
    std::fs::create_dir_all(&options.findings).expect("a folder for findings");
    // Links of the tree lead at most one folder above it.
    let canary = Canary::new(&scratch.join("outside"));
    let root = scratch.join("inside/project");
    let started = Instant::now();
    let (hanging, kept) =
        (root.clone(), options.findings.join(format!("tree-{}-hangs", options.seed)));
    watch(started, move || {
        println!("FINDING hangs: {}", kept.display());
        keep(&hanging, &kept);
    });
    let mut findings: BTreeMap<String, usize> = BTreeMap::new();
    let mut outcomes: BTreeMap<String, u64> = BTreeMap::new();
    let (mut slowest, mut largest, mut read) = (Duration::ZERO, 0, 0_u64);
    while read < trees && started.elapsed() < options.time {
        tree::write(&root, &canary.folder, &mut random);
        let outputs = output::write(&root, &mut random);
        read += 1;
        let packed = root.join(tree::PACKED);
        let readings = [
            (What::Tree, &root),
            (What::Package, &root),
            (What::Audit, &root),
            (What::Audit, &packed),
        ];
        let of_outputs = outputs.iter().map(|folder| (What::Artifact, folder));
        for (what, path) in readings.into_iter().chain(of_outputs) {
            BUSY_SINCE.store(started.elapsed().as_millis() as u64 + 1, Ordering::Relaxed);
            let measured = read::measured(what, path);
            BUSY_SINCE.store(0, Ordering::Relaxed);
            *outcomes
                .entry(format!("{} {}", what.name(), short(&measured.outcome)))
                .or_default() += 1;
            slowest = slowest.max(measured.time);
            largest = largest.max(measured.peak);
            if let Some(kind) = kind_of(&measured, &canary) {
                let count = findings.entry(format!("{kind} ({})", what.name())).or_default();
                *count += 1;
                if *count <= KEPT {
                    let kept = options.findings.join(format!(
                        "tree-{}-{read}-{}",
                        options.seed,
                        what.name()
                    ));
                    println!("FINDING {kind}: {measured}, {}", kept.display());
                    keep(&root, &kept);
                }
            }
        }
        drop(std::fs::remove_dir_all(&root));
    }
    drop(std::fs::remove_dir_all(&scratch));
    let resident = resident();
    println!("{read} trees in {:.0} s, canary {}", started.elapsed().as_secs_f64(), canary.state());
    outcomes.iter().for_each(|(outcome, count)| println!("  {count} × {outcome}"));
    println!(
        "slowest {slowest:.1?}, largest {:.1} MB, {:.0} MB resident at most",
        largest as f64 / 1e6,
        resident as f64 / 1e6
    );
    findings.iter().for_each(|(kind, count)| println!("{count} × {kind}"));
    findings.is_empty() && resident < RESIDENT
}

/// The part of an outcome that distinguishes kinds of trees.
fn short(outcome: &str) -> String {
    outcome
        .split([',', ':', '"'])
        .next()
        .unwrap_or_default()
        .chars()
        .filter(|c| !c.is_ascii_digit())
        .take(40)
        .collect()
}

fn kind_of(measured: &Measured, canary: &Canary) -> Option<String> {
    if let Some(panic) = &measured.panic {
        return Some(format!("panics at {panic}"));
    }
    if canary.was_read() {
        return Some("reads what lies outside".to_owned());
    }
    if exceeds(measured.time, SLOW) {
        return Some("slow".to_owned());
    }
    (measured.peak > LARGE).then(|| "large".to_owned())
}

fn keep(tree: &Path, kept: &Path) {
    let copied = std::process::Command::new("cp").arg("-a").arg(tree).arg(kept).status();
    assert!(copied.is_ok_and(|status| status.success()), "the finding can be kept");
}

/// Files beside the tree that must not be read. Their times of access show whether they were, if
/// the disk records those.
struct Canary {
    folder: PathBuf,
    files: Vec<PathBuf>,
    sings: bool,
}

impl Canary {
    fn new(folder: &Path) -> Canary {
        std::fs::create_dir_all(folder).expect("a folder");
        let files: Vec<PathBuf> = ["canary.js", "package.json", "canary.node", "index.js"]
            .map(|name| folder.join(name))
            .into();
        files.iter().for_each(|file| std::fs::write(file, "{}").expect("a file"));
        let mut canary = Canary { folder: folder.to_path_buf(), files, sings: true };
        canary.reset();
        drop(std::fs::read(&canary.files[0]).expect("the file"));
        canary.sings = canary.was_read();
        canary
    }

    /// Sets old times of access, because a read updates only those.
    fn reset(&self) {
        let old =
            std::fs::FileTimes::new().set_accessed(SystemTime::UNIX_EPOCH + Duration::from_secs(1));
        for file in &self.files {
            std::fs::OpenOptions::new()
                .write(true)
                .open(file)
                .and_then(|file| file.set_times(old))
                .expect("its times");
        }
    }

    fn was_read(&self) -> bool {
        let is_old = |file: &PathBuf| {
            let accessed =
                std::fs::metadata(file).and_then(|facts| facts.accessed()).expect("its times");
            accessed < SystemTime::UNIX_EPOCH + Duration::from_secs(10)
        };
        let read = self.sings && !self.files.iter().all(is_old);
        if read {
            self.reset();
        }
        read
    }

    fn state(&self) -> &str {
        if self.sings { "watched" } else { "not watched: this disk keeps no times of access" }
    }
}

/// The peak of this process's memory, in bytes; 0 if the system doesn't report it.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or_default() << 10
}
