//! `cargo run --example functions -- SUBJECT TIMES HOST PATH`: calls one function of the core
//! several times, for functions.mjs, which counts the instructions. HOST is the JSON of
//! `hostFacts`.

use std::error::Error;
use std::path::Path;

use abi_guard::{
    CheckOptions, Control, HostFacts, Index, Known, Runtime, ScanOptions, ScanReport, host,
    inspect, scan, settings,
};

fn scanned(folder: &Path, runtime: &Runtime) -> Result<ScanReport, Box<dyn Error>> {
    let (options, control) = (ScanOptions::default(), Control::default());
    Ok(scan(folder, runtime, &options, &settings(folder), &control)?)
}

/// Writes the index of the guard.
fn prepare(folder: &Path, runtime: &Runtime) -> Result<(), Box<dyn Error>> {
    let index = Index::of(folder, "{}").ok_or("no node_modules")?;
    let recorded = index.record().ok_or("the index can't be written")?;
    scanned(folder, runtime)?;
    let [brief, whole, rest] = ["{}", "", ""].map(str::to_owned);
    recorded.keep(&Known { brief, whole, rest }).ok_or("something has just changed")?;
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [subject, times, facts, path] = arguments.as_slice() else {
        return Err("usage: functions SUBJECT TIMES HOST PATH".into());
    };
    #[expect(clippy::disallowed_methods, reason = "our own text, in a tool")]
    let facts: HostFacts = serde_json::from_str(facts)?;
    let (runtime, path) = (host(&facts), Path::new(path));
    if subject == "prepare" {
        return prepare(path, &runtime);
    }
    for _ in 0..times.parse::<usize>()? {
        match subject.as_str() {
            "check" => drop(inspect(path)?.judge(&runtime, CheckOptions::default())),
            "scan" => drop(scanned(path, &runtime)?),
            "known" => {
                let index = Index::of(path, "{}").ok_or("no node_modules")?;
                index.answer().ok_or("the index isn't valid")?;
            }
            _ => return Err("SUBJECT is check, scan or known".into()),
        }
    }
    Ok(())
}
