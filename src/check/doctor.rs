//! Collects the facts for [`crate::remedy::doctor`]: scans of the project, and the files around it.

use std::io;
use std::path::Path;

use super::scan::{ScanError, ScanOptions, scan};
use crate::control::Control;
use crate::environment::files::dockerfile::Base;
use crate::environment::files::{ProjectFiles, project_files};
use crate::environment::{
    Guarded, Pin, Start, Tool, Toolchain, guess, installation, lock_platforms, pins, starts,
    toolchain,
};
use crate::files::{self, real_path, shown};
use crate::model::reports::{self, Basis, DoctorKind, DoctorReport, PackageReport, StartGuard};
use crate::model::{AddonApi, Arch, Code, Convention, FindingSeverity, Libc, RuntimeName};
use crate::project::{Manifest, Settings};
use crate::remedy::doctor::{Facts, Native, Natives, Uploaded, findings, target, unclear};
use crate::runtime::{Runtime, RuntimeSpec, registry, resolve};

/// Finds what will break in the project at `directory`, which has these `settings`.
///
/// # Errors
/// [`ScanError`] if the directory itself can't be read, or the work was stopped.
pub fn doctor(
    directory: &Path,
    runtime: &Runtime,
    settings: &Settings,
    control: &Control,
) -> Result<DoctorReport, ScanError> {
    let fail = |error| ScanError::Io { path: directory.to_path_buf(), error };
    let root = real_path(directory).map_err(fail)?;
    let mut files = project_files(&root);
    let manifest = Manifest::read(&root).unwrap_or_else(|error| {
        if error.kind() != io::ErrorKind::NotFound {
            files.broken_manifest = Some((root.join("package.json"), error.to_string()));
        }
        Manifest::default()
    });
    let has_musl = files.dockerfiles.iter().any(|docker| {
        let file = &docker.file.says;
        (0..file.stages.len())
            .any(|number| file.image(number).is_some_and(|image| image.libc == Some(Libc::Musl)))
    });
    let installation = installation(&root, None);
    let project = Project { root: &root, whole: &installation.root, manifest: &manifest };
    let has_bun = files
        .dockerfiles
        .iter()
        .flat_map(|docker| &docker.file.says.stages)
        .any(|stage| matches!(&stage.base, Base::Image(image) if image.has_bun));
    let other = Others { has_musl, has_bun };
    let natives = natives(&project, runtime, settings, control, other)?;
    let uploaded = match natives.basis {
        Basis::Installed => uploaded(&root, &files, runtime, settings, control)?,
        Basis::Lockfile | Basis::Nothing => Vec::new(),
    };
    let facts = Facts {
        pins: pins(&root),
        natives,
        uploaded,
        lock_platforms: lock_platforms(&root),
        manager: installation.manager,
        lockfile: installation.lockfile(),
        is_plug_and_play: files::is_file(installation.root.join(".pnp.cjs")),
        files,
        toolchain: toolchain(runtime.exec_path.as_deref()),
        runtime,
        root,
    };
    let starts = starts(&facts.root, &facts.files, &manifest);
    Ok(report(&facts, starts))
}

/// The maximum number of targets of functions that the project is judged for.
const MOST_TARGETS: usize = 4;

/// The packages that fail in the system of each function to which node_modules is uploaded.
fn uploaded(
    root: &Path,
    files: &ProjectFiles,
    runtime: &Runtime,
    settings: &Settings,
    control: &Control,
) -> Result<Vec<Uploaded>, ScanError> {
    let units = files.plans.iter().flat_map(|plan| &plan.file.says.units);
    let mut targets: Vec<String> = units.filter_map(target).collect();
    targets.sort();
    targets.dedup();
    let mut all = Vec::new();
    for target in targets.into_iter().take(MOST_TARGETS) {
        let Ok(lambda) = resolve(Some(&RuntimeSpec::Text(target.clone())), runtime) else {
            continue;
        };
        let packages = scan(root, &lambda, &ScanOptions::default(), settings, control)?.packages;
        let failing = packages.iter().filter(|one| !one.ok && !one.dev && !one.optional);
        let failing = failing.map(|one| one.name.clone()).collect();
        all.push(Uploaded { target, failing });
    }
    Ok(all)
}

fn report(facts: &Facts<'_>, starts: Vec<Start>) -> DoctorReport {
    let findings = findings(facts);
    let names = |is_meant: fn(&Native) -> bool| {
        let mut names: Vec<String> = facts
            .natives
            .packages
            .iter()
            .filter(|native| is_meant(native))
            .map(|native| native.name.clone())
            .collect();
        names.sort();
        names.dedup();
        names
    };
    let text = |path: &Path| shown(path);
    let files = &facts.files;
    let dockerfiles = files.dockerfiles.iter().map(|docker| text(&docker.file.path));
    let composes = files.composes.iter().map(|file| text(&file.path));
    let workflows = files.workflows.iter().map(|file| text(&file.path));
    let plans = files.plans.iter().map(|plan| text(&plan.file.path));
    let pin = |pin: &Pin| reports::Pin {
        file: text(&pin.file),
        line: pin.line,
        source: pin.source.to_owned(),
        wanted: pin.wanted.clone(),
    };
    let Toolchain { compiler, make, python, node_gyp, .. } = facts.toolchain.clone();
    let tool = |Tool { path, version }| reports::Tool { path, version };
    DoctorReport {
        kind: DoctorKind::Doctor,
        ok: findings.iter().all(|finding| finding.severity == FindingSeverity::Note),
        directory: text(&facts.root),
        target: facts.runtime.report(),
        findings,
        native: reports::Native {
            basis: facts.natives.basis,
            packages: names(|_| true),
            tied: names(|native| native.tied),
            own: facts.natives.own,
        },
        pins: facts.pins.iter().map(pin).collect(),
        toolchain: reports::Toolchain {
            compiler: compiler.map(tool),
            make: make.map(tool),
            python: python.map(tool),
            node_gyp,
        },
        starts: starts.into_iter().map(start).collect(),
        unclear: unclear(facts),
        files: dockerfiles.chain(composes).chain(workflows).chain(plans).collect(),
    }
}

fn start(start: Start) -> reports::Start {
    let (guard, detail) = match start.guard {
        Guarded::Option => (StartGuard::Option, None),
        Guarded::Variable => (StartGuard::NodeOptions, None),
        Guarded::Script(script) => (StartGuard::Script, Some(shown(&script))),
        Guarded::No => (StartGuard::None, None),
        Guarded::Unknown(reason) => (StartGuard::Unknown, Some(reason)),
    };
    let (file, line, command) = (shown(&start.file), start.line, start.command);
    reports::Start { file, line, command, guard, detail }
}

/// The project that is examined.
struct Project<'a> {
    /// Its folder.
    root: &'a Path,
    /// The folder that is installed as a whole: for a workspace, the root of all workspaces.
    whole: &'a Path,
    /// Its package.json; empty if there is none, or it can't be read.
    manifest: &'a Manifest,
}

/// The native code of a project.
fn natives(
    project: &Project<'_>,
    runtime: &Runtime,
    settings: &Settings,
    control: &Control,
    others: Others,
) -> Result<Natives, ScanError> {
    let Project { root, whole, manifest } = *project;
    let options = ScanOptions::default();
    let packages = scan(root, runtime, &options, settings, control)?.packages;
    let own = files::is_file(root.join("binding.gyp"));
    let has = |name: &str| {
        manifest.depends_on(name)
            || manifest.object("devDependencies").is_some_and(|all| all.contains_key(name))
    };
    let mut natives = Natives { own, own_is_tied: own && has("nan"), ..Natives::default() };
    // The packages of a workspace may be installed at the root of all workspaces.
    let has_packages = |folder: &&Path| {
        files::is_folder(folder.join("node_modules")) || files::is_file(folder.join(".pnp.cjs"))
    };
    let is_installed = [root, whole].iter().any(has_packages);
    if packages.is_empty() && !is_installed {
        if let Some(guess) = guess(root) {
            natives.basis = Basis::Lockfile;
            let native = |name: &String| Native {
                name: name.clone(),
                tied: guess.tied.contains(name),
                ..Native::default()
            };
            natives.packages = guess.native.iter().map(native).collect();
        }
        return Ok(natives);
    }
    natives.basis = Basis::Installed;
    // Electron's addons are built for Electron, whatever Node.js installs them.
    let is_node = runtime.kind == RuntimeName::Node;
    let next = next_release(runtime);
    natives.next = next.as_ref().and_then(|next| Some(next.version.as_ref()?.major));
    let unstable: Vec<String> = packages
        .iter()
        .filter(|package| is_unstable(package))
        .map(|package| package.name.clone())
        .collect();
    let scan_some = |names: Vec<String>, runtime: &Runtime| {
        let options = ScanOptions { include: Some(names), ..ScanOptions::default() };
        scan(root, runtime, &options, settings, control).map(|report| report.packages)
    };
    let under_next = match next {
        Some(next) if !unstable.is_empty() => Some(scan_some(unstable, &next)?),
        _ => None,
    };
    let on_musl = match on_musl(runtime) {
        Some(musl) if others.has_musl && !packages.is_empty() => scan_some(Vec::new(), &musl)?,
        _ => Vec::new(),
    };
    let on_bun = match on_bun(runtime) {
        Some(bun) if others.has_bun && !packages.is_empty() => scan_some(Vec::new(), &bun)?,
        _ => Vec::new(),
    };
    let of = |all: &[PackageReport], path: &str| {
        all.iter().find(|package| package.path == path).cloned()
    };
    let judged = packages
        .iter()
        .filter(|package| package.active.is_some() || !package.ok || says(package, Code::NotBuilt));
    natives.packages = judged
        .map(|package| {
            let loads_next = under_next
                .as_ref()
                .is_some_and(|all| of(all, &package.path).is_some_and(|package| package.ok));
            let musl = of(&on_musl, &package.path);
            let bun = of(&on_bun, &package.path);
            Native {
                tied: is_node && !(package.ok && loads_next) && is_unstable(package),
                lacks_musl: musl.is_some_and(|package| says(&package, Code::NoMatchingPrebuild)),
                fails_on_bun: package.ok && bun.is_some_and(|package| !package.ok),
                ..native(package)
            }
        })
        .collect();
    Ok(natives)
}

fn says(package: &PackageReport, code: Code) -> bool {
    package.problems.iter().any(|problem| problem.code() == code)
}

/// True if the file that it would load uses Node's own C++ interface.
fn is_unstable(package: &PackageReport) -> bool {
    let addon = package.active.as_ref().and_then(|active| active.addon.as_ref());
    addon.is_some_and(|addon| matches!(addon.api, AddonApi::V8 | AddonApi::Hybrid))
}

/// The facts that don't depend on other runtimes.
fn native(package: &PackageReport) -> Native {
    let folder = Path::new(&package.path);
    let manifest = Manifest::read(folder).unwrap_or_default();
    let has_gyp = files::is_file(folder.join("binding.gyp")) && manifest.compiles_by_default();
    let has_script = has_gyp || manifest.has_install_script();
    let inside = |file: &str| {
        Path::new(file)
            .strip_prefix(folder)
            .ok()
            .map(|path| path.to_string_lossy().replace('\\', "/"))
    };
    let active = package.active.as_ref().and_then(|active| inside(&active.file));
    // This file was created by the installation, and isn't published with the package.
    let is_made = active
        .as_ref()
        .is_some_and(|file| file.starts_with("build/") || file.starts_with("lib/binding/"));
    let brings_prebuilds = package
        .dormant
        .iter()
        .filter_map(|dormant| inside(&dormant.file))
        .any(|file| file.starts_with("prebuilds/"));
    // node-gyp alone always compiles. Other tools download a file first.
    let compiles = match manifest.script("install") {
        None => has_gyp,
        Some(script) => script.trim_start().starts_with("node-gyp rebuild"),
    };
    Native {
        name: package.name.clone(),
        fails: !package.ok,
        unbuilt: package.active.is_none() && says(package, Code::NotBuilt),
        has_gyp,
        needs_script: has_script && is_made && !brings_prebuilds,
        by_platform: package.loader == Convention::PlatformPackage && package.active.is_some(),
        compiles: is_made && compiles,
        dev: package.dev,
        optional: package.optional,
        ..Native::default()
    }
}

/// The runtime with the next major version that gets long-term support; `None` if no such version
/// is known.
fn next_release(runtime: &Runtime) -> Option<Runtime> {
    let major = runtime.version.as_ref().filter(|_| runtime.kind == RuntimeName::Node)?.major;
    let next = registry::newest(RuntimeName::Node, Some((major / 2 + 1) * 2), None)?;
    Some(runtime.at(&registry::release(RuntimeName::Node, &next)))
}

/// Other systems that the project's files name.
#[derive(Clone, Copy)]
struct Others {
    has_musl: bool,
    has_bun: bool,
}

/// The newest Bun on the same system.
fn on_bun(runtime: &Runtime) -> Option<Runtime> {
    let newest = registry::newest(RuntimeName::Bun, None, None)?;
    Some(runtime.at(&registry::release(RuntimeName::Bun, &newest)))
}

/// The same release on Alpine.
fn on_musl(runtime: &Runtime) -> Option<Runtime> {
    let version = runtime.version.as_ref().filter(|_| runtime.kind == RuntimeName::Node)?;
    let arch = if runtime.arch == Arch::Arm64 { Arch::Arm64 } else { Arch::X64 };
    resolve(Some(&RuntimeSpec::Text(format!("node@{version}/linux-{arch}-musl"))), runtime).ok()
}
