//! Threads for one piece of work, which end with it. A guard inside of an app must not leave
//! threads behind. If the app can't create threads (`ulimit -u`, a container's limit), the calling
//! thread does all the work.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{Builder, Scope};

/// The maximum number of threads that work at once, including the calling one. More than four
/// aren't faster, because the disk is the bottleneck.
const MOST: usize = 4;
/// Stack size of a thread, in bytes. Readers of scripts and JSON recurse to fixed depths, which
/// need a tenth of it.
const STACK: usize = 1 << 20;
/// The number of items for which another thread is started.
const WORTH: usize = 8;

/// The number of threads besides the calling one.
fn helpers(items: usize) -> usize {
    // Linux answers with files of cgroups.
    static CORES: OnceLock<usize> = OnceLock::new();
    let worth = items / WORTH;
    if worth == 0 {
        return 0;
    }
    let cores = *CORES.get_or_init(|| std::thread::available_parallelism().map_or(1, usize::from));
    worth.min(cores.min(MOST).saturating_sub(1))
}

/// Starts up to `count` threads that run `work`; the calling thread runs it too. If a thread can't
/// be started, the others do its work.
fn run<'scope, 'env>(
    scope: &'scope Scope<'scope, 'env>,
    count: usize,
    work: impl Fn() + Send + Copy + 'scope,
) {
    for _ in 0..count {
        if Builder::new().stack_size(STACK).spawn_scoped(scope, work).is_err() {
            break;
        }
    }
    work();
}

/// Calls `work` for each item.
pub fn for_each_mut<T: Send>(items: &mut [T], work: impl Fn(&mut T) + Sync) {
    let helpers = helpers(items.len());
    if helpers == 0 {
        return items.iter_mut().for_each(work);
    }
    let left = Mutex::new(items.iter_mut());
    let next = || lock(&left).next();
    let serve = || {
        while let Some(item) = next() {
            work(item);
        }
    };
    std::thread::scope(|scope| run(scope, helpers, serve));
}

/// The results of `work` for each item, in the order of the items.
pub fn map<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let mut results: Vec<(&T, Option<R>)> = items.iter().map(|item| (item, None)).collect();
    for_each_mut(&mut results, |(item, result)| *result = Some(work(item)));
    results.into_iter().filter_map(|(_, result)| result).collect()
}

/// A queue of jobs that add more jobs.
pub struct Queue<J> {
    waiting: Mutex<VecDeque<J>>,
    /// Number of jobs that wait or run; at 0 the work is complete.
    unfinished: AtomicUsize,
    changed: Condvar,
}

impl<J: Send> Queue<J> {
    /// Runs `work` for `first`, and for all jobs that it adds to the queue, on several threads if
    /// `in_parallel` is true.
    pub fn run(first: J, in_parallel: bool, work: impl Fn(J, &Queue<J>) + Sync) {
        let queue = Queue {
            waiting: Mutex::new(VecDeque::from([first])),
            unfinished: AtomicUsize::new(1),
            changed: Condvar::new(),
        };
        let helpers = if in_parallel { helpers(usize::MAX) } else { 0 };
        let serve = || {
            while let Some(job) = queue.take() {
                // Also dropped if the work panics, so that the other threads don't wait for it.
                let _done = Done(&queue);
                work(job, &queue);
            }
        };
        std::thread::scope(|scope| run(scope, helpers, serve));
    }

    /// Adds a job.
    pub fn add(&self, job: J) {
        self.unfinished.fetch_add(1, Ordering::Relaxed);
        lock(&self.waiting).push_back(job);
        self.changed.notify_one();
    }

    fn take(&self) -> Option<J> {
        let mut waiting = lock(&self.waiting);
        loop {
            // The newest job first: working depth first keeps the queue short.
            if let Some(job) = waiting.pop_back() {
                return Some(job);
            }
            if self.unfinished.load(Ordering::Acquire) == 0 {
                return None;
            }
            waiting = self.changed.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

struct Done<'q, J>(&'q Queue<J>);

impl<J> Drop for Done<'_, J> {
    fn drop(&mut self) {
        if self.0.unfinished.fetch_sub(1, Ordering::AcqRel) == 1 {
            // The lock prevents a thread from starting to wait after it has checked the count.
            let _waiting = lock(&self.0.waiting);
            self.0.changed.notify_all();
        }
    }
}

/// A poisoned lock still guards valid data, because every change is a single call.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::{Queue, for_each_mut, map};
    use crate::panics::caught;

    #[test]
    fn every_item_is_done_once_and_in_order() {
        for count in [0, 1, 7, 8, 9, 1000] {
            let numbers: Vec<usize> = (0..count).collect();
            assert_eq!(
                map(&numbers, |number| number * 2),
                (0..count).map(|number| number * 2).collect::<Vec<_>>()
            );
            let mut counters = vec![0; count];
            for_each_mut(&mut counters, |counter| *counter += 1);
            assert!(counters.iter().all(|counter| *counter == 1));
        }
    }

    #[test]
    fn jobs_that_make_jobs_are_all_done() {
        for in_parallel in [false, true] {
            let done = AtomicUsize::new(0);
            Queue::run(10_usize, in_parallel, |depth, queue| {
                done.fetch_add(1, Ordering::Relaxed);
                if depth > 0 {
                    queue.add(depth - 1);
                    queue.add(depth - 1);
                }
            });
            assert_eq!(done.into_inner(), (1 << 11) - 1);
        }
    }

    #[test]
    fn a_panic_of_a_thread_reaches_the_caller_and_ends_all() {
        let work = || {
            Queue::run(0_usize, true, |number, queue| {
                assert!(number < 50, "on purpose");
                queue.add(number + 1);
            });
        };
        assert!(caught(work).is_none());
    }
}
