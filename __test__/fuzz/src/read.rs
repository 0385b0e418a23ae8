//! Reads one input and measures the reading.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Mutex, Once, OnceLock};
use std::time::Duration;

use abi_guard::{
    Arch, AuditError, AuditOptions, CheckOptions, Control, HostFacts, Platform, Report, Runtime,
    RuntimeSpec, ScanOptions, Style, audit, check_artifact, check_package, decoded, doctor,
    explain, github, host, inspect, json, markdown, places, resolve, sarif, scan, settings, text,
};

use crate::measure;

/// The targets for every file. Another one is a runtime on this system, for which libraries and
/// symbols are also searched.
pub const TARGETS: [&str; 5] = [
    "node@20/linux-x64-glibc",
    "node@20/linux-x64-musl",
    "node@20/darwin-arm64",
    "node@20/win32-x64",
    "bun@1/linux-arm64-glibc",
];
/// The maximum time of reading a small file.
pub const SLOW: Duration = Duration::from_millis(500);
/// The maximum time of reading anything else. The most expensive crafted input takes 1.5 s.
const SLOWEST: Duration = Duration::from_secs(3);
/// The maximum time of an audit. It is longer because an audit judges the same scripts for up to
/// 120 runtimes.
const SLOWEST_AUDIT: Duration = Duration::from_secs(12);
/// The maximum number of bytes that a reading may have allocated at once.
pub const LARGE: usize = 128 << 20;

/// The kinds of readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// One addon.
    File,
    /// The package in a folder.
    Package,
    /// A whole project.
    Tree,
    /// The audit of the package in a folder.
    Audit,
    /// The executable of a runtime.
    Executable,
    /// The doctor's examination of a project.
    Doctor,
    /// Error texts, which are explained.
    Texts,
    /// An archive or an image that ships.
    Artifact,
}

impl What {
    const NAMES: [(&'static str, What); 8] = [
        ("file", What::File),
        ("package", What::Package),
        ("tree", What::Tree),
        ("audit", What::Audit),
        ("executable", What::Executable),
        ("doctor", What::Doctor),
        ("texts", What::Texts),
        ("artifact", What::Artifact),
    ];

    /// The kind with this name.
    pub fn from_name(name: &str) -> Option<What> {
        What::NAMES.iter().find(|(known, _)| *known == name).map(|(_, what)| *what)
    }

    /// The maximum time of such a reading.
    pub fn slowest(self) -> Duration {
        if self == What::Audit { SLOWEST_AUDIT } else { SLOWEST }
    }

    pub fn name(self) -> &'static str {
        What::NAMES.iter().find(|(_, what)| *what == self).map_or("", |(name, _)| name)
    }
}

/// The costs and the result of a reading.
pub struct Measured {
    /// The processor time, so that a reading isn't slower on a busy machine.
    pub time: Duration,
    /// The maximum number of bytes that were allocated at once.
    pub peak: usize,
    /// The place and message of a panic. A panic that the library itself caught counts, too.
    pub panic: Option<String>,
    /// The outcome as one word.
    pub outcome: String,
}

impl fmt::Display for Measured {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{:.0} ms, {:.1} MB, {}",
            self.time.as_secs_f64() * 1e3,
            self.peak as f64 / 1e6,
            self.outcome
        )?;
        self.panic.iter().try_for_each(|panic| write!(out, ", panics at {panic}"))
    }
}

static PANIC: Mutex<Option<String>> = Mutex::new(None);

/// Reads the input at `path`.
pub fn measured(what: What, path: &Path) -> Measured {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        std::panic::set_hook(Box::new(|info| {
            let place = info
                .location()
                .map(|at| format!("{}:{}", at.file(), at.line()))
                .unwrap_or_default();
            if let Ok(mut panic) = PANIC.lock() {
                panic.get_or_insert(format!("{place}: {}", info.payload_as_str().unwrap_or("?")));
            }
        }));
    });
    targets();
    let started = measure::processor_time();
    let (outcome, peak) =
        measure::peak_of(|| catch_unwind(AssertUnwindSafe(|| outcome(what, path))));
    let time = measure::processor_time().saturating_sub(started);
    let panic = PANIC.lock().ok().and_then(|mut panic| panic.take());
    Measured { time, peak, panic, outcome: outcome.unwrap_or_else(|_| "panic".to_owned()) }
}

fn outcome(what: What, path: &Path) -> String {
    let (target, options) = (&targets()[0], CheckOptions::default());
    match what {
        What::File => match inspect(path) {
            Ok(inspected) => {
                let reports: Vec<_> = targets()
                    .iter()
                    .map(|target| {
                        shown(Report::File(Box::new(
                            inspected.judge(target, CheckOptions { threads: true, ..options }),
                        )))
                    })
                    .collect();
                reports.into_iter().next().unwrap_or_default()
            }
            Err(error) => format!("error {:?}", error.kind()),
        },
        What::Package => {
            match check_package(&path.to_string_lossy(), path, target, options, &Control::default())
            {
                Ok(report) => shown(Report::Package(Box::new(report))),
                Err(error) => format!("error {error}"),
            }
        }
        What::Tree => {
            match scan(path, target, &ScanOptions::default(), &settings(path), &Control::default())
            {
                Ok(report) => shown(Report::Scan(Box::new(report))),
                Err(error) => format!("error {error}"),
            }
        }
        What::Audit => match audit(path, &AuditOptions::default(), target, &Control::default()) {
            Ok(report) => shown(Report::Audit(Box::new(report))),
            Err(AuditError::Io { error, .. }) => format!("error {:?}", error.kind()),
            Err(error) => format!("error {error}"),
        },
        What::Doctor => match doctor(path, target, &settings(path), &Control::default()) {
            Ok(report) => shown(Report::Doctor(Box::new(report))),
            Err(error) => format!("error {error}"),
        },
        What::Texts => {
            let bytes = std::fs::read(path).expect("the text");
            let texts = [decoded(&bytes)];
            let explanations =
                explain(&texts, path.parent().unwrap_or(path), target, &Control::default());
            let count = explanations.len();
            explanations
                .into_iter()
                .for_each(|one| drop(shown(Report::Explanation(Box::new(one)))));
            format!("{count} explanations")
        }
        What::Artifact => {
            let named = RuntimeSpec::Text("node@22/linux-x64-glibc".to_owned());
            let check = |target: Option<&RuntimeSpec>| {
                let options = ScanOptions::default();
                check_artifact(path, &targets()[0], target, &options, &Control::default())
            };
            // Its own runtimes, too, which are in its manifests.
            drop(check(None));
            match check(Some(&named)) {
                Ok(reports) => {
                    let count = reports.len();
                    reports.into_iter().for_each(|one| drop(shown(Report::Scan(Box::new(one)))));
                    format!("{count} reports")
                }
                Err(error) => format!("error {error}"),
            }
        }
        What::Executable => {
            let spec = serde_json::json!({ "execPath": path });
            let spec: RuntimeSpec = serde_json::from_value(spec).expect("a spec");
            match resolve(Some(&spec), target) {
                Ok(runtime) => runtime.title(),
                Err(error) => format!("error {error}"),
            }
        }
    }
}

/// Formats the report in every form, because all of them contain hostile names. Returns its outcome
/// in one or two words.
fn shown(report: Report) -> String {
    let style = Style { color: true, verbose: true, ..Style::default() };
    assert!(!text(&report, style).is_empty() && !json(&report).is_empty());
    // Places are searched in lockfiles and manifests, which are also hostile.
    let places = places(&report, Path::new("/"));
    let placed = [(report, places)];
    assert!(serde_json::from_str::<serde_json::Value>(&sarif(&placed)).is_ok());
    assert!(github(&placed).lines().all(|line| line.starts_with("::")));
    assert!(markdown(&placed).starts_with("### "));
    let [(report, _)] = placed;
    match report {
        Report::File(file) => file.outcome.as_str().to_owned(),
        Report::Package(package) => {
            format!("{} {}", if package.ok { "ok" } else { "not ok" }, package.loader)
        }
        Report::Audit(audit) => format!("{} audited", if audit.ok { "ok" } else { "not ok" }),
        Report::Scan(scan) => format!(
            "{} {}, {} packages, {} problems",
            if scan.ok { "ok" } else { "not ok" },
            if scan.complete { "complete" } else { "incomplete" },
            scan.packages.len(),
            scan.problems.len()
        ),
        Report::Doctor(doctor) => format!("{} findings", doctor.findings.len()),
        Report::Matrix(_) | Report::Explanation(_) => String::new(),
    }
}

fn targets() -> &'static [Runtime] {
    static ALL: OnceLock<Vec<Runtime>> = OnceLock::new();
    ALL.get_or_init(|| {
        let host = host(&HostFacts {
            runtime: "node".to_owned(),
            version: "20.19.0".to_owned(),
            node: "20.19.0".to_owned(),
            abi: Some(115),
            node_api: Some(9),
            platform: Platform::Linux,
            arch: Arch::X64,
            // Every executable of this system is sufficient; its symbols are read.
            exec_path: std::env::current_exe().ok().map(|path| path.to_string_lossy().into_owned()),
            compresses_pointers: false,
        });
        let named = TARGETS.iter().map(|spec| {
            resolve(Some(&RuntimeSpec::Text((*spec).to_owned())), &host).expect("a runtime")
        });
        named.chain([host.clone()]).collect()
    })
}

/// Parses the time and the bytes of a printed [`Measured`].
pub fn parse(line: &str) -> Option<(Duration, usize)> {
    let (milliseconds, rest) = line.split_once(" ms, ")?;
    let (megabytes, _) = rest.split_once(" MB, ")?;
    let bytes = megabytes.parse::<f64>().ok()? * 1e6;
    Some((Duration::from_millis(milliseconds.parse().ok()?), bytes as usize))
}
