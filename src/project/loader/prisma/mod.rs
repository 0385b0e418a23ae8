//! The query engine of Prisma Client 4 to 6.19 (packages/client/src/runtime/core/engines/common/
//! resolveEnginePath.ts). The client looks for the engine of its binary target in its own folder,
//! in the package @prisma/client or the folder around the copy of the runtime, in `.prisma/client`,
//! and in a few places outside of packages. A client of Prisma 7, and one with
//! `engineType = "client"`, has no engine.

mod places;
mod target;

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
        return Some(found(targets.engine_among(search.files()).map_or(Active::Nothing, own)));
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
    if let Some(active) = places::of_environment(search.runtime) {
        return found(active);
    }
    let targets = Targets::of(search.runtime, text.as_deref().and_then(version));
    if let Some(file) = targets.engine_among(files) {
        return found(own(file));
    }
    for name in [CLIENT, GENERATED] {
        let Some(package) = search.installed(name) else { continue };
        if let Some(file) = targets.engine_among(&package.files) {
            return found(match file {
                Some(file) => Active::Elsewhere { package: package.directory, file },
                None => Active::Unknown,
            });
        }
    }
    let directory = &search.package.directory;
    let script = text.as_deref().unwrap_or_default();
    if let Some(active) = places::around(directory, script, &targets, search.runtime) {
        return found(active);
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
