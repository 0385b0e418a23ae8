//! The reason that follows from the name of a missing function or library.

use super::finding::Finding;
use crate::addon::is_cxx_host_symbol;
use crate::model::problem::linking::PackageSource;
use crate::model::{Code, Libc, Platform};
use crate::verdict::{packages_of, readable};

/// A missing library of the system, and the packages that contain it on systems of this kind.
pub(super) fn library(
    finding: Finding,
    library: &str,
    platform: &Platform,
    libc: Option<Libc>,
) -> Finding {
    let finding = finding.lacks_library(library);
    let Some(packages) = packages_of(library) else { return finding };
    let named = packages.named(PackageSource::of(platform, libc));
    if named.is_empty() {
        return finding;
    }
    finding.advice(format!("Install {}, which provides {library}", named.join(" or ")))
}

/// The explanation for a missing function.
pub(super) fn missing_symbol(symbol: &str, file: &str) -> Finding {
    // In Mach-O names the first underscore belongs to the platform's convention.
    let bare = symbol
        .strip_prefix('_')
        .filter(|bare| is_of_node_api(bare) || bare.starts_with("_Z"))
        .unwrap_or(symbol);
    let name = readable(bare);
    if is_of_node_api(bare) {
        let why = format!("{name} is a function of Node-API that a newer release added");
        return Finding::refusal(Code::MissingSymbol, format!("this runtime has no {name}"), why)
            .advice(
                "Use a newer Node.js, or an \
             older version of the package",
            );
    }
    if is_cxx_host_symbol(bare.as_bytes()) || bare.starts_with("uv_") {
        let why = format!(
            "it was built against another release of V8 or Node.js, whose function {name} this one \
                doesn't have"
        );
        return Finding::refusal(Code::MissingSymbol, format!("this runtime has no {name}"), why);
    }
    if is_of_glibc(bare) {
        let why = format!(
            "{name} is a function of glibc, and the system has another libc or an older one"
        );
        return Finding::refusal(Code::WrongLibc, format!("the system's libc has no {name}"), why)
            .unsure();
    }
    let whose = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let why = format!(
        "{whose} was built with another version of the library that provides it, or without that \
            library"
    );
    Finding::refusal(Code::MissingSymbol, format!("no library has the function {name}"), why)
}

fn is_of_node_api(symbol: &str) -> bool {
    symbol.starts_with("napi_") || symbol.starts_with("node_api_")
}

/// Functions that only glibc has, and that code compiled for glibc calls.
const OF_GLIBC: [&str; 22] = [
    "__cxa_thread_atexit_impl",
    "__libc_single_threaded",
    "__register_atfork",
    "__res_init",
    "__strdup",
    "backtrace",
    "backtrace_symbols",
    "backtrace_symbols_fd",
    "fcntl64",
    "fopen64",
    "fstat64",
    "getcontext",
    "gnu_get_libc_version",
    "lseek64",
    "makecontext",
    "mallinfo",
    "mmap64",
    "open64",
    "posix_fallocate64",
    "pthread_mutexattr_setkind_np",
    "stat64",
    "swapcontext",
];

fn is_of_glibc(symbol: &str) -> bool {
    symbol.starts_with("__") && symbol.ends_with("_chk")
        || symbol.starts_with("__isoc23_")
        || OF_GLIBC.contains(&symbol)
}
