//! The query engine of Prisma Client 4 to 6.19 (packages/client/src/runtime/core/engines/common/
//! resolveEnginePath.ts). The client looks for the engine of its binary target in its own folder,
//! in the package @prisma/client or the folder around the copy of the runtime, and in
//! `.prisma/client`. A client of Prisma 7, and one with `engineType = "client"`, has no engine.

mod target;

use std::path::Path;

use super::choice::{Active, Choice, Lack};
use super::search::Search;
use crate::model::Convention;
use crate::project::prisma::{CLIENT, GENERATED, target_of};
use target::Targets;

/// The packages of the command line. They download the engine that they lack.
const TOOLS: [&str; 2] = ["@prisma/engines", "prisma"];

/// The choice of Prisma's packages and of generated clients. None for other packages.
pub(super) fn choose(search: &Search<'_>) -> Option<Choice> {
    let manifest = &search.package.manifest;
    let name = manifest.name()?;
    if name == CLIENT {
        return Some(of_package(search));
    }
    if TOOLS.contains(&name) && search.files().iter().any(|file| target_of(file).is_some()) {
        let targets = Targets::of(search.runtime, None);
        return Some(found(in_files(search.files(), &targets).map_or(Active::Nothing, own)));
    }
    manifest.is_prisma_client().then(|| of_client(search))
}

fn found(active: Active) -> Choice {
    Choice::found(Convention::Prisma, active)
}

fn own(file: Option<String>) -> Active {
    file.map_or(Active::Unknown, Active::File)
}

/// The package @prisma/client: its generated client is in another folder.
fn of_package(search: &Search<'_>) -> Choice {
    let Some(package) = search.installed(GENERATED) else { return found(Active::Nothing) };
    let inner = Search { package: &package, depth: search.depth + 1, ..*search };
    let choice = (search.choose)(&inner);
    let active = match choice.active {
        Active::File(file) => Active::Elsewhere { package: package.directory.clone(), file },
        other => other,
    };
    Choice { active, ..choice }
}

/// A generated client.
fn of_client(search: &Search<'_>) -> Choice {
    let files = search.files();
    let text = search.read("index.js");
    // A client in TypeScript, or a bundle, is recognized by its engines only.
    if !text.as_deref().map_or(!files.is_empty(), needs_engine) {
        return found(Active::Nothing);
    }
    let targets = Targets::of(search.runtime, text.as_deref().and_then(version));
    if let Some(file) = in_files(files, &targets) {
        return found(own(file));
    }
    for name in [CLIENT, GENERATED] {
        let Some(package) = search.installed(name) else { continue };
        if let Some(file) = in_files(&package.files, &targets) {
            return found(match file {
                Some(file) => Active::Elsewhere { package: package.directory, file },
                None => Active::Unknown,
            });
        }
    }
    if targets.is_beyond_knowledge() {
        return found(Active::Unknown);
    }
    let mut available: Vec<String> =
        files.iter().filter_map(|file| target_of(file)).map(str::to_owned).collect();
    available.sort();
    let lack = Lack::Engine { wanted: targets.names(), available };
    Choice { lack: Some(lack), ..found(Active::Nothing) }
}

/// The engine for the targets in a folder's files: `Some(None)` if several fit.
fn in_files(files: &[String], targets: &Targets) -> Option<Option<String>> {
    let is_here = |file: &&String| Path::new(file).components().count() == 1;
    let mut fitting = files
        .iter()
        .filter(is_here)
        .filter(|file| target_of(file).is_some_and(|name| targets.contain(name)));
    let first = fitting.next()?;
    Some(fitting.next().is_none().then(|| first.clone()))
}

/// True for the script of a client that loads an engine as an addon.
fn needs_engine(script: &str) -> bool {
    let has = |word: &str| memchr::memmem::find(script.as_bytes(), word.as_bytes()).is_some();
    // The client asks a server.
    if has("\"copyEngine\": false") || has("\"dataProxy\": true") {
        return false;
    }
    // Up to Prisma 4.9 one runtime has both kinds of engines.
    has("runtime/library") || (has("runtime/index'") && !has("\"engineType\": \"binary\""))
}

/// The major and minor version of the client.
fn version(script: &str) -> Option<(u64, u64)> {
    let (_, rest) = script.split_once("\"clientVersion\": \"")?;
    let mut numbers = rest.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}
