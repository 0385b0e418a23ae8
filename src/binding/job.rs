//! Work that can run on a thread, be watched, and be stopped.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use napi::bindgen_prelude::{AsyncTask, Buffer};
use napi::{Env, Task};
use napi_derive::napi;

use super::answer;
use super::guard::Asking;
use super::work::{Subject, Work};
use crate::check;
use crate::control::Control;

/// The stack of the thread of [`Job::run_within`], in bytes.
const STACK: usize = 4 << 20;
/// The time that a job may need to notice that it has to stop.
const GRACE: Duration = Duration::from_millis(500);

/// Work that can run on a thread, be watched, and be stopped. The factories only prepare it; `run`,
/// `runWithin` and `start` do it and return the answer.
#[napi]
pub struct Job {
    work: Arc<Work>,
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

    /// Prepares the guard's scan of an app. `byIndex` is true if it may believe the index in the
    /// app's node_modules. The answer has a report if there is a problem, or if `whole` is true.
    #[napi(factory)]
    pub fn guard(directory: String, request: String, by_index: bool, whole: bool) -> Job {
        Job::of(Subject::Guard(directory.into(), Asking { by_index, whole }), request)
    }

    /// Prepares the audit of a package.
    #[napi(factory)]
    pub fn audit(directory: String, request: String) -> Job {
        Job::of(Subject::Audit(directory.into()), request)
    }

    /// Prepares the check of what ships: an image of a container.
    #[napi(factory)]
    pub fn artifact(path: String, request: String) -> Job {
        Job::of(Subject::Artifact(path.into()), request)
    }

    /// Prepares the check of a project for several runtimes. If the request has none, these are the
    /// releases to which the running process can be upgraded.
    #[napi(factory)]
    pub fn matrix(directory: String, request: String) -> Job {
        Job::of(Subject::Matrix(directory.into()), request)
    }

    /// Prepares the comparison of a project's native packages with the files around them: pins of
    /// Node.js, workflows, Dockerfiles.
    #[napi(factory)]
    pub fn doctor(directory: String, request: String) -> Job {
        Job::of(Subject::Doctor(directory.into()), request)
    }

    /// Prepares the explanation of an error. `texts` are the message of the error and those of its
    /// causes. The answer has all explanations, the most important first.
    #[napi(factory)]
    pub fn explain(texts: Vec<String>, from: String, request: String) -> Job {
        Job::of(Subject::Error { texts, from: from.into() }, request)
    }

    /// Prepares the explanation of a log, which may be long and isn't always UTF-8: as bytes it is
    /// decoded once.
    #[napi(factory)]
    pub fn explain_log(log: Buffer, from: String, request: String) -> Job {
        let texts = vec![check::decoded(&log)];
        Job::of(Subject::Error { texts, from: from.into() }, request)
    }

    /// Does the work on the calling thread.
    #[napi]
    pub fn run(&self) -> String {
        self.work.run()
    }

    /// Does the work on a new thread while the caller waits. After `milliseconds` the work is told
    /// to stop, and the answer is the error `ABORT_ERR`. If the work doesn't stop, because a system
    /// call hangs (on a network disk, for instance), the call returns nevertheless, and the thread
    /// is left behind.
    #[napi]
    pub fn run_within(&self, milliseconds: u32) -> String {
        let limit = Duration::from_millis(milliseconds.into());
        self.work.control.stop_at(Instant::now() + limit);
        let (sender, answer) = mpsc::channel();
        let work = Arc::clone(&self.work);
        let thread = std::thread::Builder::new()
            .stack_size(STACK)
            .spawn(move || sender.send(work.run()).is_ok());
        // If no thread can be created (`ulimit -u`), the work is done on this one. The limit holds,
        // unless a system call hangs.
        let Ok(thread) = thread else { return self.work.run() };
        match answer.recv_timeout(limit + GRACE) {
            Ok(answer) => {
                // The thread ends now. It is joined, so that none of our threads outlives this
                // call.
                drop(thread.join());
                answer
            }
            Err(_) => answer::aborted(),
        }
    }

    /// Does the work on a thread of libuv's pool.
    #[napi(ts_return_type = "Promise<string>")]
    pub fn start(&self) -> AsyncTask<Running> {
        AsyncTask::new(Running(Arc::clone(&self.work)))
    }

    /// Tells the work to stop. The answer is then the error `ABORT_ERR`.
    #[napi]
    pub fn cancel(&self) {
        self.work.control.cancel();
    }

    /// The number of folders walked, and the number of packages judged so far.
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

/// The work of a [`Job`] on libuv's pool.
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
