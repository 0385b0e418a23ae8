//! The author's view of a package: does each `.node` file hold what its name says, would its loader
//! find it, is there one for each system that is promised, and what do they really need.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::path::{Path, PathBuf};

use super::choices::Choices;
use super::file::{CheckOptions, Inspected, inspect, none_is_error};
use super::promises::{System, of_lists, of_napi};
use crate::binary::Details;
use crate::control::Control;
use crate::files::{self, PackedError, PackedPackage, Unsound, join_inside, real_path, shown};
use crate::model::problem::file::Unreadable;
use crate::model::problem::package::{
    EnginesTooOld, Mark, Mislabelled, MissingTarget, UnreachableFile,
};
use crate::model::reports::{
    AbiReport, AuditKind, AuditReport, AuditedFile, Floor, Promise, PromisedBy,
};
use crate::model::{
    AddonApi, Arch, Code, Convention, Libc, Platform, Problem, RuntimeName, Severity,
};
use crate::project::loader::{self, Active, Installed};
use crate::project::{Claims, Folders, Manifest, Release, claims, own_files};
use crate::runtime::{Runtime, RuntimeSpec, registry, resolve};
use crate::versions::{Range, numbers};

/// A package that can't be audited.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The folder or its package.json can't be read.
    #[error("{path}: {error}")]
    Io {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The file is no archive of a package.
    #[error("{path} is not a package archive: {reason}")]
    Archive {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: Unsound,
    },
    /// The job was asked to stop.
    #[error("the audit was cancelled")]
    Cancelled,
}

/// Audits the package in a folder, or in an archive of `npm pack`; `host` fills in what specs of
/// runtimes leave open.
///
/// # Errors
/// [`AuditError`] when the folder, its package.json or the archive can't be read, or the work was
/// stopped.
pub fn audit(path: &Path, host: &Runtime, control: &Control) -> Result<AuditReport, AuditError> {
    let fail = |error| AuditError::Io { path: path.to_path_buf(), error };
    let report = |directory: PathBuf, disk: Folders<'_>| {
        let manifest = Manifest::read(&directory).map_err(fail)?;
        let (files, _) = own_files(&directory, control);
        let installed = Installed { directory, manifest, files };
        let choices = Choices::new(&installed);
        let report = Audit { installed, host, disk, choices, control }.report();
        if control.stops() { Err(AuditError::Cancelled) } else { Ok(report) }
    };
    if !PackedPackage::is_named(path) || files::is_folder(path) {
        let real = real_path(path).map_err(fail)?;
        let disk = Folders::around(&real, control);
        return report(real, disk);
    }
    let package = PackedPackage::mount(path, control).map_err(|error| match error {
        PackedError::Io(error) => fail(error),
        PackedError::Temporary(error) => AuditError::Io { path: std::env::temp_dir(), error },
        PackedError::Unsound(reason) => AuditError::Archive { path: path.to_path_buf(), reason },
        PackedError::Cancelled => AuditError::Cancelled,
    })?;
    let folder = package.folder();
    let report = report(folder.to_path_buf(), Folders::within(folder, control))?;
    Ok(AuditReport { path: shown(path), ..report })
}

struct Audit<'a> {
    installed: Installed,
    host: &'a Runtime,
    disk: Folders<'a>,
    choices: Choices,
    control: &'a Control,
}

/// Who would load a file.
#[derive(PartialEq, Eq)]
enum FoundBy {
    Runtime(String),
    Nothing,
    /// The package's loader isn't understood.
    Unknown,
}

impl Audit<'_> {
    fn report(&self) -> AuditReport {
        let manifest = &self.installed.manifest;
        let mut floors = BTreeMap::new();
        let files: Vec<AuditedFile> = self
            .installed
            .files
            .iter()
            .take_while(|_| !self.control.stops())
            .map(|file| self.file(file, &mut floors))
            .collect();
        let (promises, mut problems) = self.promises();
        problems.extend(self.engines(&floors));
        AuditReport {
            kind: AuditKind::Audit,
            ok: none_is_error(&problems) && files.iter().all(|file| none_is_error(&file.problems)),
            name: manifest.name().unwrap_or_default().to_owned(),
            version: manifest.version().map(str::to_owned),
            path: shown(&self.installed.directory),
            files,
            promises,
            floors: floors.into_values().collect(),
            problems,
        }
    }

    fn file(&self, file: &str, floors: &mut BTreeMap<String, Floor>) -> AuditedFile {
        let path = join_inside(&self.installed.directory, file)
            .ok_or_else(|| io::Error::from(io::ErrorKind::InvalidFilename));
        let inspected = match path.and_then(|path| inspect(&path)) {
            Ok(inspected) => inspected,
            Err(error) => {
                let path = shown(self.installed.directory.join(file));
                let facts = Unreadable { path };
                let problems = vec![Problem::error(facts, format!("can't be read: {error}"))];
                return AuditedFile {
                    file: file.to_owned(),
                    binary: None,
                    addon: None,
                    found_by: None,
                    problems,
                };
            }
        };
        let report = inspected.judge(self.host, CheckOptions::default());
        let mut problems: Vec<Problem> =
            report.problems.iter().filter(|problem| is_of_file(problem.code())).cloned().collect();
        let named = self.installed.claims_of(file);
        problems.extend(self.mislabelled(&named, &inspected, &report));
        let found_by = self.found_by(file, &named, &inspected, &report);
        // A release that isn't known, 0.11 perhaps, may be the one that loads it.
        let is_of_known_release = named.release.is_none() || abi_of(&named).is_some();
        // Which processors of the arm family there are isn't part of a target.
        let is_known_target = is_of_known_release && !file.contains("armv");
        let is_exported = self
            .installed
            .manifest
            .field("exports")
            .is_some_and(|exports| exports.to_string().contains(file));
        if found_by == FoundBy::Nothing
            && report.binary.is_some()
            && is_known_target
            && !is_exported
        {
            problems.push(Problem::warning(
                UnreachableFile {},
                "no runtime loads it: the package's loader never chooses it",
            ));
        }
        add_floors(&inspected, &report, floors);
        let found_by = match found_by {
            FoundBy::Runtime(spec) => Some(spec),
            FoundBy::Nothing | FoundBy::Unknown => None,
        };
        AuditedFile {
            file: file.to_owned(),
            binary: report.binary,
            addon: report.addon,
            found_by,
            problems,
        }
    }

    /// What the name of the file, its folder or its package claims, and its contents deny.
    fn mislabelled(&self, own: &Claims, inspected: &Inspected, report: &AbiReport) -> Vec<Problem> {
        let manifest = &self.installed.manifest;
        let whole = if own.name_a_system() {
            Claims::default()
        } else {
            claims(manifest.name().unwrap_or_default())
        };
        let images = inspected.images();
        let mut problems = Vec::new();
        let mut deny = |what: Mark, claimed: String, found: String| {
            let message = format!("its name says {claimed}, but it is {found}");
            problems.push(Problem::error(Mislabelled { what, claimed, found }, message));
        };
        let platforms = if own.platforms.is_empty() { &whole.platforms } else { &own.platforms };
        let archs = if own.archs.is_empty() { &whole.archs } else { &own.archs };
        let of_platform: Vec<&Platform> =
            images.iter().filter_map(|image| image.platform.as_ref()).collect();
        if !platforms.is_empty()
            && !of_platform.is_empty()
            && !of_platform.iter().any(|platform| platforms.contains(platform))
        {
            deny(Mark::Platform, joined(platforms), joined(of_platform));
        }
        let of_arch: Vec<&Arch> = images.iter().filter_map(|image| image.arch.as_ref()).collect();
        let is_missing = archs.iter().any(|arch| !of_arch.contains(&arch));
        // "arm64" over a universal file is true; "x64+arm64" over an x64 one is not.
        if !of_arch.is_empty() && is_missing {
            deny(Mark::Arch, joined(archs), joined(of_arch));
        }
        let found_libc = images.first().and_then(|image| image.libc);
        if let (Some(claimed), Some(found)) = (own.libc.or(whole.libc), found_libc)
            && claimed != found
        {
            deny(Mark::Libc, claimed.to_string(), found.to_string());
        }
        let abi = report
            .addon
            .as_ref()
            .filter(|addon| addon.api == AddonApi::V8)
            .and_then(|addon| addon.abi);
        // "node-11" may mean the ABI of Node.js 0.10.
        let is_abi = |number| abi.is_some_and(|abi| i64::from(abi) == number as i64);
        let itself = matches!(own.release, Some(Release::Line(number, None)) if is_abi(number));
        if let (Some(claimed), Some(found)) = (abi_of(own), abi)
            && i64::from(claimed) != i64::from(found)
            && !itself
        {
            deny(Mark::Abi, format!("ABI {claimed}"), format!("built for ABI {found}"));
        }
        problems
    }

    /// A runtime of the file's own system in which the package's loader chooses it.
    fn found_by(
        &self,
        file: &str,
        named: &Claims,
        inspected: &Inspected,
        report: &AbiReport,
    ) -> FoundBy {
        let abi = abi_of(named)
            .or(report.addon.as_ref().and_then(|addon| u32::try_from(addon.abi?).ok()));
        let kinds: &[RuntimeName] = if named.electron {
            &[RuntimeName::Electron]
        } else {
            &[RuntimeName::Node, RuntimeName::Electron]
        };
        let mut specs = Vec::new();
        for image in inspected.images() {
            // A wrong name is found by what it says.
            let platforms = image.platform.iter().chain(&named.platforms);
            for platform in platforms.collect::<BTreeSet<_>>() {
                for arch in image.arch.iter().chain(&named.archs).collect::<BTreeSet<_>>() {
                    let system = format!("{platform}-{arch}");
                    if *platform == Platform::Linux {
                        specs.extend(Libc::ALL.iter().map(|libc| format!("{system}-{libc}")));
                    } else {
                        specs.push(system);
                    }
                }
            }
        }
        let runtimes = kinds.iter().flat_map(|kind| {
            let versions = versions_of(*kind, abi);
            specs.iter().flat_map(move |system| {
                versions.clone().into_iter().map(move |version| format!("{version}/{system}"))
            })
        });
        // Where the loader isn't understood, nothing can be said of its choice.
        let wanted = Active::File(file.to_owned());
        let mut found = FoundBy::Nothing;
        for spec in runtimes {
            match self.chosen(&spec) {
                (_, active) if active == wanted => return FoundBy::Runtime(spec),
                (_, Active::Unknown) => found = FoundBy::Unknown,
                // It may be a second addon, which another script loads.
                (Convention::Names | Convention::Script | Convention::Table, Active::File(_)) => {
                    found = FoundBy::Unknown;
                }
                _ => {}
            }
        }
        found
    }

    fn runtime(&self, spec: &str) -> Option<Runtime> {
        resolve(Some(&RuntimeSpec::Text(spec.to_owned())), self.host).ok()
    }

    /// Releases that `engines.node` lets in, in which a file that is chosen wants a newer Node-API:
    /// told once for each such release.
    fn engines(&self, floors: &BTreeMap<String, Floor>) -> Vec<Problem> {
        let engines = self
            .installed
            .manifest
            .object("engines")
            .and_then(|engines| engines.get("node")?.as_str());
        let Some((engines, wanted)) = engines.and_then(|text| Some((text, Range::parse(text)?)))
        else {
            return Vec::new();
        };
        let newest = registry::newest_of_rows(RuntimeName::Node, |version| wanted.allows(version));
        let lines: Vec<String> = newest.iter().map(ToString::to_string).collect();
        let mut lacking: BTreeMap<(&String, u32), Vec<String>> = BTreeMap::new();
        for floor in floors.values() {
            // Most releases choose the same file: it is read once for all of them.
            let mut read = HashMap::new();
            let spec = |version: &String| format!("node@{version}/{}", floor.system);
            let found =
                lines.iter().rev().find(|version| self.needs_newer(&spec(version), &mut read));
            if let (Some(version), Some(node_api)) = (found, floor.node_api) {
                lacking.entry((version, node_api)).or_default().push(floor.system.clone());
            }
        }
        let problem = |((version, node_api), systems): ((&String, u32), Vec<String>)| {
            let message = format!(
                "engines.node is \"{engines}\", which allows Node.js {version}; the files for {} \
                    need Node-API {node_api}, available since {}",
                systems.join(", "),
                registry::first_with_node_api(RuntimeName::Node, node_api).join(", ")
            );
            let facts = EnginesTooOld {
                engines: engines.to_owned(),
                release: version.clone(),
                node_api,
                systems,
            };
            Problem::warning(facts, message)
        };
        lacking.into_iter().map(problem).collect()
    }

    /// True when the file that is chosen in a runtime wants a newer Node-API.
    fn needs_newer(&self, spec: &str, read: &mut HashMap<String, Option<Inspected>>) -> bool {
        let Some(runtime) = self.runtime(spec) else { return false };
        let (_, Active::File(file)) = self.chosen(spec) else { return false };
        let path = join_inside(&self.installed.directory, &file);
        let inspected = read.entry(file).or_insert_with(|| inspect(&path?).ok());
        let judged = inspected.as_ref().map(|file| file.judge(&runtime, CheckOptions::default()));
        judged.is_some_and(|report| {
            report.problems.iter().any(|problem| problem.code() == Code::NodeApiTooNew)
        })
    }

    /// What the package's loader chooses in the runtime that `spec` names, and the name of that
    /// loader.
    fn chosen(&self, spec: &str) -> (Convention, Active) {
        // Hundreds of runtimes may be tried; once the job is to stop, its report isn't used.
        match self.runtime(spec).filter(|_| !self.control.stops()) {
            Some(runtime) => self.choices.of(&self.installed, &runtime, &self.disk),
            None => (Convention::Unknown, Active::Nothing),
        }
    }

    /// The systems promised, and a problem for each that nothing is there for.
    fn promises(&self) -> (Vec<Promise>, Vec<Problem>) {
        let manifest = &self.installed.manifest;
        let of_napi = of_napi(manifest);
        let of_lists = if of_napi.is_empty() && !self.installed.files.is_empty() {
            of_lists(manifest)
        } else {
            BTreeSet::new()
        };
        let compiles = manifest.script("install").is_some()
            || files::is_file(self.installed.directory.join("binding.gyp"));
        let mut promises = Vec::new();
        let mut problems = Vec::new();
        let all = of_napi
            .iter()
            .map(|system| (system, PromisedBy::NapiTargets))
            .chain(of_lists.iter().map(|system| (system, PromisedBy::Lists)));
        for (system, source) in all {
            let by = self.provider(system);
            if by.is_none() {
                let message = format!(
                    "{} lists {}, but the package has no file for it",
                    source.as_str(),
                    system.name()
                );
                let problem = Problem::error(MissingTarget { system: system.name() }, message);
                problems.push(match compiles {
                    true => problem.with_severity(Severity::Warning),
                    false => problem,
                });
            }
            promises.push(Promise { system: system.name(), source, by });
        }
        (promises, problems)
    }

    /// The file, or the listed platform package, that serves a system.
    fn provider(&self, system: &System) -> Option<String> {
        let node = format!("node/{}", system.name());
        let newest = self.runtime(&node)?;
        let versions = versions_of(RuntimeName::Node, None)
            .into_iter()
            .chain(shipped_abis(&self.installed.files));
        let mut specs = versions.map(|version| format!("{version}/{}", system.name()));
        let file = specs.find_map(|spec| match self.chosen(&spec) {
            (_, Active::File(file)) => Some(file),
            _ => None,
        });
        file.or_else(|| {
            loader::needed_platform_packages(&self.installed.manifest, &newest).into_iter().next()
        })
    }
}

/// Problems of a file that hold in every runtime.
fn is_of_file(code: Code) -> bool {
    matches!(
        code,
        Code::NotABinary
            | Code::Truncated
            | Code::Malformed
            | Code::NotOpenable
            | Code::NotAnAddon
            | Code::Changed
    )
}

/// The `NODE_MODULE_VERSION` that a name claims.
fn abi_of(claims: &Claims) -> Option<u32> {
    match claims.release.as_ref()? {
        _ if claims.node_api => None,
        Release::Abi(abi) => Some(*abi),
        Release::Line(major, minor) => {
            let kind = if claims.electron { RuntimeName::Electron } else { RuntimeName::Node };
            registry::release(kind, &registry::newest(kind, Some(*major), *minor)?).abi
        }
    }
}

/// Specs of releases to try: the newest one with this ABI, or the newest of all and one of an old
/// line.
fn versions_of(kind: RuntimeName, abi: Option<u32>) -> Vec<String> {
    let with_abi = abi
        .and_then(|abi| registry::newest_with_abi(kind, abi))
        .map(|version| format!("{}@{version}", kind.as_str()));
    let others = ["", "@18", "@14"].map(|version| format!("{}{version}", kind.as_str()));
    with_abi.into_iter().chain(others).collect()
}

/// Specs of the releases that files are named for.
fn shipped_abis(files: &[String]) -> Vec<String> {
    let abis: BTreeSet<u32> = files.iter().filter_map(|file| abi_of(&claims(file))).collect();
    abis.into_iter()
        .rev()
        .filter_map(|abi| {
            Some(format!("node@{}", registry::newest_with_abi(RuntimeName::Node, abi)?))
        })
        .collect()
}

fn add_floors(inspected: &Inspected, report: &AbiReport, floors: &mut BTreeMap<String, Floor>) {
    let node_api = report.addon.as_ref().and_then(|addon| addon.node_api.as_ref());
    let declared = node_api
        .and_then(|versions| u32::try_from(versions.declared?).ok())
        .filter(|version| *version < 1000);
    let node_api = declared.max(node_api.and_then(|versions| versions.computed));
    for image in inspected.images() {
        let (Some(platform), Some(arch)) = (&image.platform, &image.arch) else { continue };
        let libc = image.libc.map(|libc| format!("-{libc}")).unwrap_or_default();
        let system = format!("{platform}-{arch}{libc}");
        let floor =
            floors.entry(system.clone()).or_insert_with(|| Floor { system, ..Floor::default() });
        let macos = match &image.details {
            Details::MachO(facts) => facts.minimum_os.clone(),
            _ => None,
        };
        raise(&mut floor.libc, image.libc_version.clone());
        raise(&mut floor.macos, macos);
        if node_api > floor.node_api {
            floor.node_api = node_api;
            floor.node = node_api
                .map(|version| registry::first_with_node_api(RuntimeName::Node, version))
                .unwrap_or_default();
        }
    }
}

/// Names with a `+` between them.
fn joined(names: impl IntoIterator<Item = impl std::fmt::Display>) -> String {
    names.into_iter().map(|name| name.to_string()).collect::<Vec<_>>().join("+")
}

/// Keeps the greater of two versions.
fn raise(floor: &mut Option<String>, version: Option<String>) {
    let order = |text: &Option<String>| text.as_deref().and_then(numbers);
    if floor.is_none() || order(&version) > order(floor) {
        *floor = version;
    }
}
