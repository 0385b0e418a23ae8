//! The Node-API skin: reads the request, calls the core, writes the answer. It decides nothing.
//!
//! Requests and answers are JSON texts. Passing one string is faster than building nested objects
//! with Node-API calls. index.js parses the string in the caller's realm, so that `instanceof`
//! holds inside Jest. An answer is `{"value": …}` or `{"error": {code, message, …}}`: an error or a
//! panic never unwinds into Node.js.
//!
//! | file | calls |
//! |---|---|
//! | `job.rs` | work that can run on a thread, be watched and be stopped: every check of the core |
//! | `file.rs` | the check of one file, without a job |
//! | `guard.rs` | the scan of the guard, with its index |
//! | `format.rs` | reports → texts for people and machines |
//! | `repair.rs` | what a repair may change, and the fixes that it needs |
//! | `runtimes.rs` | runtime specs and the table of releases |
//! | `cache.rs` | the key for a cache of node_modules |
//! | `output.rs` | standard error |

mod answer;
mod cache;
mod file;
mod format;
mod guard;
mod job;
mod output;
mod repair;
mod request;
mod runtimes;
mod work;
