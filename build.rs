//! Link settings of a Node-API addon, and the number of this build.
#![expect(clippy::disallowed_methods, reason = "this is no part of the addon")]

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

fn main() {
    napi_build::setup();
    // Threads of a job that was given up may still run when a worker, which loaded the addon, ends:
    // it stays in the process.
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "linux") {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
    }
    // What another build has written into the guard's index may be read differently by this one.
    let mut build = DefaultHasher::new();
    std::env::var_os("TARGET").hash(&mut build);
    for source in ["Cargo.lock", "Cargo.toml", "src"] {
        println!("cargo:rerun-if-changed={source}");
        hash(Path::new(source), &mut build);
    }
    println!("cargo:rustc-env=ABI_GUARD_BUILD={:016x}", build.finish());
}

/// Adds a file, or all files of a folder.
fn hash(path: &Path, build: &mut impl Hasher) {
    let Ok(entries) = fs::read_dir(path) else {
        return fs::read(path).unwrap_or_default().hash(build);
    };
    let mut inside: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    inside.sort();
    for path in inside {
        path.hash(build);
        hash(&path, build);
    }
}
