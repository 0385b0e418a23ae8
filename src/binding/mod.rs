//! The Node-API skin: read the request, call the core, write the answer. Nothing is decided here.
//!
//! Requests and answers cross as JSON text. That is one string each way, faster than building
//! nested objects call by call, and the objects are then made by index.js in the caller's own
//! realm, so that `instanceof` holds inside Jest. An answer is `{"value": …}` or `{"error": {code,
//! message, …}}`: a panic or an error never unwinds into Node.

mod answer;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use napi::bindgen_prelude::AsyncTask;
use napi::{Env, Task};
use napi_derive::napi;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::check::{self, CheckOptions, ScanOptions};
use crate::control::Control;
use crate::environment;
use crate::files::{real_path, shown};
use crate::model::reports::Report;
#[cfg(unix)]
use crate::panics::caught;
use crate::project::{Ownership, Settings, ownership};
use crate::report::{self, Style};
use crate::runtime::{self, HostFacts, Runtime, RuntimeSpec, registry};
use answer::{Failure, answer};

#[derive(Deserialize)]
struct Request<Options> {
    host: HostFacts,
    target: Option<RuntimeSpec>,
    /// Several runtimes, for a matrix.
    #[serde(default)]
    targets: Vec<RuntimeSpec>,
    #[serde(default)]
    options: Options,
}

impl<Options> Request<Options> {
    fn runtime(&self) -> Result<Runtime, Failure> {
        runtime::resolve(self.target.as_ref(), &runtime::host(&self.host))
            .map_err(|error| Failure::spec("options.target", &error))
    }

    /// The runtimes asked for, else those that follow this process.
    fn runtimes(&self) -> Result<Vec<Runtime>, Failure> {
        let host = runtime::host(&self.host);
        if self.targets.is_empty() {
            return Ok(runtime::followers(&host));
        }
        let resolve = |(index, spec)| {
            runtime::resolve(Some(spec), &host)
                .map_err(|error| Failure::spec(&format!("options.targets[{index}]"), &error))
        };
        self.targets.iter().enumerate().map(resolve).collect()
    }

    /// The runtime asked for, else the one that the project's settings name; a name that isn't
    /// understood is noted there.
    fn runtime_or(&self, settings: &mut Settings) -> Result<Runtime, Failure> {
        settings.packaged_for_unknown_electron &= self.target.is_none();
        let Some(target) = settings.target.take().filter(|_| self.target.is_none()) else {
            return self.runtime();
        };
        let spec = serde_json::from_value::<RuntimeSpec>(target).map_err(|error| error.to_string());
        let host = runtime::host(&self.host);
        match spec.and_then(|spec| {
            runtime::resolve(Some(&spec), &host).map_err(|error| error.to_string())
        }) {
            Ok(runtime) => Ok(runtime),
            Err(error) => {
                settings.mistakes.push(format!("\"abi-guard\".target: {error}"));
                self.runtime()
            }
        }
    }
}

/// JavaScript has checked what a caller gave, so that only a report can be wrong here.
fn parse<T: DeserializeOwned>(request: &str) -> Result<T, Failure> {
    crate::files::json(request).map_err(|error| Failure::argument("options", &error.to_string()))
}

fn check_file(file: &Path, request: &str) -> String {
    answer(|| {
        let request: Request<CheckOptions> = parse(request)?;
        let runtime = request.runtime()?;
        let inspected = check::inspect(file).map_err(|error| Failure::io("open", file, &error))?;
        Ok(inspected.judge(&runtime, request.options))
    })
}

fn check_package(name: &str, from: &Path, request: &str, control: &Control) -> String {
    answer(|| {
        let request: Request<CheckOptions> = parse(request)?;
        let runtime = request.runtime()?;
        Ok(check::check_package(name, from, &runtime, request.options, control)?)
    })
}

/// Checks a file here and now: what [`Job::file`] and [`Job::run`] do, without an object in
/// between.
#[napi]
pub fn check(file: String, request: String) -> String {
    check_file(Path::new(&file), &request)
}

/// Resolves a runtime spec.
#[napi]
pub fn resolve_runtime(request: String) -> String {
    answer(|| {
        let request: Request<serde::de::IgnoredAny> = parse(&request)?;
        runtime::resolve(request.target.as_ref(), &runtime::host(&request.host))
            .map(|runtime| runtime.report())
            .map_err(|error| Failure::spec("spec", &error))
    })
}

/// The ABI table.
#[napi]
pub fn list_runtimes() -> String {
    answer(|| Ok(registry::table()))
}

/// What installs the broken packages of a scan from scratch; null where nothing does.
#[napi]
pub fn clean_reinstall(report: String, request: String) -> String {
    answer(|| {
        let host = runtime::host(&parse::<Request<serde::de::IgnoredAny>>(&request)?.host);
        match read_report(&parse(&report)?)? {
            Report::Scan(report) => Ok(check::clean_reinstall(&report, &host)),
            _ => Ok(None),
        }
    })
}

/// Writes to standard error what it takes without waiting, where that is a socket; says whether it
/// is one that took something.
#[napi]
pub fn send_to_standard_error(text: String) -> bool {
    #[cfg(unix)]
    {
        use rustix::net::{SendFlags, send};
        let flags = SendFlags::DONTWAIT | SendFlags::NOSIGNAL;
        caught(|| send(std::io::stderr(), text.as_bytes(), flags).is_ok()).unwrap_or(false)
    }
    #[cfg(not(unix))]
    {
        drop(text);
        false
    }
}

/// The root of the installation that a folder belongs to, and the files that installing changes
/// there.
#[napi]
pub fn installation(directory: String) -> String {
    answer(|| {
        let directory = Path::new(&directory);
        let real =
            real_path(directory).map_err(|error| Failure::io("scandir", directory, &error))?;
        let root = environment::installation(&real, None).root;
        let text = |path: &Path| shown(path);
        let files: Vec<String> = ownership::files(&root).iter().map(|file| text(file)).collect();
        Ok(serde_json::json!({ "root": text(&root), "files": files }))
    })
}

/// To whom packages belong, seen from the installation at `root`: `installed`, `sources` or
/// `foreign` for each folder.
#[napi]
pub fn ownership_of(root: String, folders: Vec<String>) -> String {
    answer(|| {
        let word = |folder: &String| match ownership::ownership(Path::new(&root), Path::new(folder))
        {
            Ownership::Installed => "installed",
            Ownership::Sources => "sources",
            Ownership::Foreign => "foreign",
        };
        Ok(folders.iter().map(word).collect::<Vec<_>>())
    })
}

/// For each place, whether a repair of the installation at `root` may keep, replace and remove it.
#[napi]
pub fn may_replace(root: String, places: Vec<String>) -> String {
    answer(|| {
        let may = |place: &String| ownership::may_replace(Path::new(&root), Path::new(place));
        Ok(places.iter().map(may).collect::<Vec<_>>())
    })
}

/// The key for a cache of a project's node_modules.
#[napi]
pub fn cache_key(directory: String, request: String) -> String {
    answer(|| {
        let runtime = parse::<Request<serde::de::IgnoredAny>>(&request)?.runtime()?;
        check::cache_key(Path::new(&directory), &runtime)
            .map_err(|error| Failure::io("scandir", Path::new(&directory), &error))
    })
}

/// Lays a report out as `text` or `json`.
#[napi]
pub fn format_report(report: String, format: String, style: String) -> String {
    answer(|| {
        let report = read_report(&parse(&report)?)?;
        match format.as_str() {
            "json" => Ok(report::json(&report)),
            _ => Ok(report::text(&report, parse::<Style>(&style)?)),
        }
    })
}

/// Lays reports out as one document in `sarif` or `github`; `from` is the reader's folder.
#[napi]
pub fn annotate(reports: String, format: String, from: String) -> String {
    answer(|| {
        let reports = parse::<Vec<serde_json::Value>>(&reports)?;
        let reports = reports.iter().map(read_report).collect::<Result<Vec<Report>, _>>()?;
        if reports.iter().any(|report| matches!(report, Report::Matrix(_))) {
            return Err(Failure::argument(
                "format",
                "a matrix report supports the formats text and \
                json only",
            ));
        }
        let placed = |report: Report| (check::places(&report, Path::new(&from)), report);
        let placed: Vec<_> =
            reports.into_iter().map(placed).map(|(places, report)| (report, places)).collect();
        match format.as_str() {
            "github" => Ok(report::github(&placed)),
            _ => Ok(report::sarif(&placed)),
        }
    })
}

/// The report in a JSON value; an error names the field that is wrong.
fn read_report(value: &serde_json::Value) -> Result<Report, Failure> {
    Report::read(value).map_err(|wrong| Failure::argument(&wrong.path("report"), wrong.reason()))
}

/// Bytes of stack of the thread that [`Job::run_within`] works on.
const STACK: usize = 4 << 20;
/// How long a job may take to notice that it should stop.
const GRACE: Duration = Duration::from_millis(500);

/// Work that can run on a thread of the pool, be watched, and be stopped.
#[napi]
pub struct Job {
    work: Arc<Work>,
}

struct Work {
    kind: Subject,
    request: String,
    control: Control,
}

enum Subject {
    File(PathBuf),
    Package { name: String, from: PathBuf },
    Scan(PathBuf),
    Audit(PathBuf),
    Matrix(PathBuf),
    Doctor(PathBuf),
    Error { texts: Vec<String>, from: PathBuf },
}

#[napi]
impl Job {
    /// Prepares the check of a file.
    #[napi(factory)]
    pub fn file(file: String, request: String) -> Job {
        Job::of(Subject::File(file.into()), request)
    }

    /// Prepares the check of a package.
    #[napi(factory)]
    pub fn package(name: String, from: String, request: String) -> Job {
        Job::of(Subject::Package { name, from: from.into() }, request)
    }

    /// Prepares the scan of a project.
    #[napi(factory)]
    pub fn scan(directory: String, request: String) -> Job {
        Job::of(Subject::Scan(directory.into()), request)
    }

    /// Prepares the audit of a package.
    #[napi(factory)]
    pub fn audit(directory: String, request: String) -> Job {
        Job::of(Subject::Audit(directory.into()), request)
    }

    /// Prepares the check of a project for several runtimes; those that follow the running one
    /// where none is named.
    #[napi(factory)]
    pub fn matrix(directory: String, request: String) -> Job {
        Job::of(Subject::Matrix(directory.into()), request)
    }

    /// Prepares the search for what will break in a project.
    #[napi(factory)]
    pub fn doctor(directory: String, request: String) -> Job {
        Job::of(Subject::Doctor(directory.into()), request)
    }

    /// Prepares the explanation of an error; `texts` are its own and those of its causes. Its
    /// answer has every explanation, the weightiest first.
    #[napi(factory)]
    pub fn explain(texts: Vec<String>, from: String, request: String) -> Job {
        Job::of(Subject::Error { texts, from: from.into() }, request)
    }

    /// Does the work here and now.
    #[napi]
    pub fn run(&self) -> String {
        self.work.run()
    }

    /// Does the work while the caller waits, and gives it up after that many milliseconds; its
    /// answer is then an error `ABORT_ERR`. Also where a system call doesn't come back, as of a
    /// network disk: the thread that waits for it is left behind.
    #[napi]
    pub fn run_within(&self, milliseconds: u32) -> String {
        let limit = Duration::from_millis(milliseconds.into());
        self.work.control.stop_at(Instant::now() + limit);
        let (sender, answer) = mpsc::channel();
        let work = Arc::clone(&self.work);
        let thread = std::thread::Builder::new()
            .stack_size(STACK)
            .spawn(move || sender.send(work.run()).is_ok());
        // Without threads (`ulimit -u`) it is done here; then only a system call that hangs can
        // hold it up.
        let Ok(thread) = thread else { return self.work.run() };
        match answer.recv_timeout(limit + GRACE) {
            Ok(answer) => {
                // It ends now; joined, so that none of our threads is left.
                drop(thread.join());
                answer
            }
            Err(_) => answer::aborted(),
        }
    }

    /// Does the work on a thread of the pool.
    #[napi(ts_return_type = "Promise<string>")]
    pub fn start(&self) -> AsyncTask<Running> {
        AsyncTask::new(Running(Arc::clone(&self.work)))
    }

    /// Asks the work to stop; its answer is then an error `ABORT_ERR`.
    #[napi]
    pub fn cancel(&self) {
        self.work.control.cancel();
    }

    /// Folders walked and packages judged so far.
    #[napi]
    pub fn progress(&self) -> Vec<u32> {
        let control = &self.work.control;
        [&control.directories, &control.packages]
            .map(|counter| u32::try_from(counter.load(Ordering::Relaxed)).unwrap_or(u32::MAX))
            .to_vec()
    }

    fn of(kind: Subject, request: String) -> Job {
        Job { work: Arc::new(Work { kind, request, control: Control::default() }) }
    }
}

impl Work {
    fn run(&self) -> String {
        match &self.kind {
            Subject::File(file) => check_file(file, &self.request),
            Subject::Package { name, from } => {
                check_package(name, from, &self.request, &self.control)
            }
            Subject::Audit(directory) => answer(|| {
                let host = parse::<Request<serde::de::IgnoredAny>>(&self.request)?.runtime()?;
                Ok(check::audit(directory, &host, &self.control)?)
            }),
            Subject::Matrix(directory) => answer(|| {
                let request: Request<ScanOptions> = parse(&self.request)?;
                let runtimes = request.runtimes()?;
                Ok(check::matrix(directory, &runtimes, &request.options, &self.control)?)
            }),
            Subject::Error { texts, from } => answer(|| {
                let request: Request<serde::de::IgnoredAny> = parse(&self.request)?;
                let host = runtime::host(&request.host);
                let explanations = check::explain(texts, from, &host, &self.control);
                if self.control.stops() { Err(Failure::aborted()) } else { Ok(explanations) }
            }),
            Subject::Doctor(directory) => answer(|| {
                let request: Request<serde::de::IgnoredAny> = parse(&self.request)?;
                let mut settings = check::settings(directory);
                let runtime = request.runtime_or(&mut settings)?;
                Ok(check::doctor(directory, &runtime, &settings, &self.control)?)
            }),
            Subject::Scan(directory) => answer(|| {
                let request: Request<ScanOptions> = parse(&self.request)?;
                let mut settings = check::settings(directory);
                let runtime = request.runtime_or(&mut settings)?;
                Ok(check::scan(directory, &runtime, &request.options, &settings, &self.control)?)
            }),
        }
    }
}

/// A [`Job`] on the pool.
pub struct Running(Arc<Work>);

impl Task for Running {
    type Output = String;
    type JsValue = String;

    fn compute(&mut self) -> napi::Result<String> {
        Ok(self.0.run())
    }

    fn resolve(&mut self, _env: Env, output: String) -> napi::Result<String> {
        Ok(output)
    }
}
