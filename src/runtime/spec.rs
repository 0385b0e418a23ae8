//! Naming a runtime: `node@22`, `electron@31.2/win32-x64`, `node@22/linux-x64-glibc2.28`, or
//! fields, or an executable.

use std::path::{Path, PathBuf};

use semver::Version;
use serde::Deserialize;

use super::executable::{self, Found};
use super::facts::Runtime;
use super::names::{arch_of_spec, platforms};
use super::registry::{self, Release};
use super::rules::CHANGES;
use super::suggest::meant;
use crate::model::{Arch, Libc, Platform, RuntimeName};
use crate::versions::{numbers, within_32_bits};

/// Fields that name a runtime; what is absent is taken from the host or looked up. The fields of a
/// [`RuntimeReport`](crate::model::reports::RuntimeReport) name the runtime that it reports.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RuntimeFields {
    runtime: Option<String>,
    version: Option<String>,
    abi: Option<u32>,
    node_api: Option<u32>,
    platform: Option<Platform>,
    arch: Option<Arch>,
    libc: Option<String>,
    libc_version: Option<String>,
    exec_path: Option<String>,
    line: Option<String>,
}

/// How a caller names a runtime.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum RuntimeSpec {
    /// `node@22/linux-x64-musl`
    Text(String),
    /// Fields.
    Fields(Box<RuntimeFields>),
}

/// A spec that names no runtime.
#[derive(Debug, thiserror::Error)]
pub enum SpecError {
    /// Not one of the runtimes known.
    #[error(
        "unknown runtime {0:?}: use node, electron, bun, deno or nw, with an optional version, as \
            in \"node@22\""
    )]
    Runtime(String),
    /// Not a version.
    #[error("{0:?} is no version: use one like \"22\", \"22.11\" or \"22.11.0\"")]
    Version(String),
    /// Not a line of releases.
    #[error("{0:?} is no line of releases: use one like \"22\" or \"22.11\"")]
    Line(String),
    /// A release of another line.
    #[error("{version:?} is no release of the line {line:?}")]
    OtherLine {
        /// As given.
        version: String,
        /// As given.
        line: String,
    },
    /// Not a system.
    #[error(
        "{0:?} is no system: use <platform>-<arch>, with an optional libc, as in \
            \"linux-x64-musl\" or \"linux-x64-glibc2.28\""
    )]
    System(String),
    /// Not one of the libcs known.
    #[error("unknown libc {0:?}: use glibc or musl")]
    Libc(String),
    /// The executable can't be read.
    #[error("cannot read the executable {path:?}: {error}")]
    Unreadable {
        /// Its path.
        path: String,
        /// What the system says.
        error: std::io::Error,
    },
    /// The executable is no runtime that is recognised.
    #[error(
        "{0:?} isn't recognised as Node.js, Electron, Bun or Deno: give `runtime` and `version` \
            beside `execPath`"
    )]
    NotARuntime(String),
    /// Something is near that would be one.
    #[error("{}: did you mean {meant:?}?", without_advice(.error))]
    Mistyped {
        /// What is wrong with it.
        error: Box<SpecError>,
        /// What would be right.
        meant: String,
    },
}

/// What is wrong, without what would do in general.
fn without_advice(error: &SpecError) -> String {
    let text = error.to_string();
    text.split_once(": use ").map_or(text.clone(), |(what, _)| what.to_owned())
}

/// Works out which runtime `spec` names; without one it is `host`.
///
/// # Errors
/// [`SpecError`] with the part that isn't understood. Unknown numbers are no error.
pub fn resolve(spec: Option<&RuntimeSpec>, host: &Runtime) -> Result<Runtime, SpecError> {
    match spec {
        None => Ok(host.clone()),
        Some(RuntimeSpec::Text(text)) => {
            let read = |text: &str| from_fields(&parse(text)?, host);
            read(text).map_err(|error| match meant(text, |other| read(other).is_ok()) {
                Some(meant) => SpecError::Mistyped { error: Box::new(error), meant },
                None => error,
            })
        }
        Some(RuntimeSpec::Fields(fields)) => from_fields(fields, host),
    }
}

/// Takes `node@22/linux-x64-musl` apart.
fn parse(text: &str) -> Result<RuntimeFields, SpecError> {
    let (name, system) = match text.split_once('/') {
        Some((name, system)) => (name, Some(system)),
        None => (text, None),
    };
    let (runtime, version) = match name.split_once('@') {
        Some((runtime, version)) => (runtime, Some(version.to_owned())),
        None => (name, None),
    };
    let mut fields =
        RuntimeFields { runtime: Some(runtime.to_owned()), version, ..RuntimeFields::default() };
    if let Some(system) = system {
        let mut parts = system.splitn(3, '-');
        fields.platform = parts.next().map(Platform::from_name);
        fields.arch = parts.next().map(Arch::from_name);
        if fields.arch.is_none() {
            return Err(SpecError::System(system.to_owned()));
        }
        if let Some(libc) = parts.next() {
            let digits = libc.find(|c: char| c.is_ascii_digit()).unwrap_or(libc.len());
            let (flavour, version) = libc.split_at(digits);
            fields.libc = Some(flavour.trim_end_matches('-').to_owned());
            fields.libc_version = (!version.is_empty()).then(|| version.to_owned());
        }
    }
    Ok(fields)
}

impl RuntimeFields {
    /// True when the fields name the executable of `host` and contradict nothing that `host` knows
    /// of itself, as the report of `host` does.
    fn name_host(&self, host: &Runtime) -> bool {
        let version = host.version.as_ref().map(ToString::to_string);
        self.exec_path.is_some()
            && self.exec_path == host.exec_path
            && self.runtime.as_deref().is_none_or(|name| name == host.kind.as_str())
            && self.line.is_none()
            && agree(&self.version, version.as_ref())
            && agree(&self.abi, host.abi.as_ref())
            && agree(&self.node_api, host.node_api.as_ref())
            && agree(&self.platform, Some(&host.platform))
            && agree(&self.arch, Some(&host.arch))
            && agree(&self.libc.as_deref(), host.libc.map(Libc::as_str).as_ref())
            && agree(&self.libc_version, host.libc_version.as_ref())
    }

    /// What the executable shows of itself. That of `host` is not read: it has about 100 MB, and
    /// the process says the same.
    fn found(&self, host: &Runtime) -> Result<Found, SpecError> {
        let Some(path) = &self.exec_path else { return Ok(Found::default()) };
        if self.exec_path == host.exec_path {
            return Ok(Found {
                kind: Some(host.kind),
                version: host.version.clone(),
                abi: host.abi,
                node_api: host.node_api,
                platform: Some(host.platform.clone()),
                arch: Some(host.arch.clone()),
                libc: host.libc.map(|libc| (libc, host.libc_version.clone())),
                root: None,
            });
        }
        executable::read(Path::new(path))
            .map_err(|error| SpecError::Unreadable { path: path.clone(), error })
    }

    /// True when the fields name no other system than the executable's own.
    fn keep_system(&self, found: &Found) -> bool {
        let (libc, version) = match &found.libc {
            Some((libc, version)) => (Some(libc.as_str()), version.as_ref()),
            None => (None, None),
        };
        agree(&self.platform, found.platform.as_ref())
            && agree(&self.arch, found.arch.as_ref())
            && agree(&self.libc.as_deref(), libc.as_ref())
            && agree(&self.libc_version, version)
    }
}

/// True when a field is absent or says what is known.
fn agree<T: PartialEq>(field: &Option<T>, known: Option<&T>) -> bool {
    field.is_none() || field.as_ref() == known
}

fn from_fields(fields: &RuntimeFields, host: &Runtime) -> Result<Runtime, SpecError> {
    if fields.name_host(host) {
        return Ok(host.clone());
    }
    let found = fields.found(host)?;
    let kind = match &fields.runtime {
        Some(name) => {
            RuntimeName::from_name(name).ok_or_else(|| SpecError::Runtime(name.clone()))?
        }
        None => found.kind.unwrap_or(host.kind),
    };
    if let Some(path) = &fields.exec_path
        && found.kind.is_none()
        && fields.version.is_none()
        && fields.abi.is_none()
    {
        return Err(SpecError::NotARuntime(path.clone()));
    }

    let abi = fields.abi.or(found.abi);
    let keeps_system = fields.keep_system(&found);
    let named = match (&fields.version, &fields.line) {
        (Some(version), None) => Some(named_release(kind, version)?),
        (version, Some(line)) => Some(release_of_line(kind, version.as_deref(), line)?),
        (None, None) => None,
    };
    let line = named.as_ref().and_then(|named| named.line.clone());
    let (release, alternatives) = match (named, found.version) {
        (Some(named), _) => (Some(named.release), named.alternatives),
        (None, Some(version)) => (Some(registry::release(kind, &version)), Vec::new()),
        // Of an ABI alone, the newest release that has it.
        (None, None) => match (abi, &host.version) {
            (Some(abi), _) => (
                registry::newest_with_abi(kind, abi)
                    .map(|version| registry::release(kind, &version)),
                Vec::new(),
            ),
            (None, Some(version)) if kind == host.kind => (
                Some(Release {
                    version: version.clone(),
                    abi: host.abi,
                    node_api: host.node_api,
                    node: host.node.clone(),
                }),
                Vec::new(),
            ),
            (None, _) => (
                registry::newest(kind, None, None).map(|version| registry::release(kind, &version)),
                Vec::new(),
            ),
        },
    };
    let platform =
        fields.platform.clone().or(found.platform).unwrap_or_else(|| host.platform.clone());
    let arch = fields.arch.clone().or(found.arch).unwrap_or_else(|| host.arch.clone());
    let Some(arch) = arch_of_spec(&arch).filter(|_| platforms().any(|known| *known == platform))
    else {
        return Err(SpecError::System(format!("{platform}-{arch}")));
    };
    let (libc, libc_version) = libc(fields, found.libc, &platform, host)?;
    let is_this_system = platform == host.platform
        && arch == host.arch
        && libc == host.libc
        && (fields.libc_version.is_none() || libc_version == host.libc_version);
    let root = match found.root.filter(|_| keeps_system) {
        Some(root) => Some(root),
        None => is_this_system.then(|| PathBuf::from("/")),
    };
    let version = release.as_ref().map(|release| release.version.clone());
    // The table doesn't know the Node.js inside every release; this process knows its own.
    let is_of_host = kind == host.kind && version == host.version;
    let node = release.as_ref().and_then(|release| release.node.clone());
    // Where the numbers are given, no release can bring others, but for a line that is named.
    let has_numbers = fields.line.is_none() && fields.abi.is_some() && fields.node_api.is_some();
    Ok(Runtime {
        kind,
        version,
        node: node.or_else(|| host.node.clone().filter(|_| is_of_host)),
        abi: abi.or(release.as_ref().and_then(|release| release.abi)),
        node_api: fields
            .node_api
            .or(found.node_api)
            .or(release.and_then(|release| release.node_api)),
        platform,
        arch,
        libc,
        libc_version,
        exec_path: fields.exec_path.clone(),
        is_host: false,
        os_version: if root.is_some() { host.os_version.clone() } else { None },
        root,
        line: line.filter(|_| !has_numbers),
        alternatives: if has_numbers { Vec::new() } else { alternatives },
    })
}

/// The release that a version names.
struct NamedRelease {
    release: Release,
    /// The line, where only that was named: "22" or "22.11".
    line: Option<String>,
    /// Other releases of the line, in which an addon may load otherwise.
    alternatives: Vec<Release>,
}

/// The release that a version names. A partial one is the newest known of its line.
fn named_release(kind: RuntimeName, text: &str) -> Result<NamedRelease, SpecError> {
    match Version::parse(text.trim_start_matches('v')) {
        Ok(version) => {
            let release = registry::release(kind, &version);
            Ok(NamedRelease { release, line: None, alternatives: Vec::new() })
        }
        Err(_) => {
            release_of_line(kind, None, text).map_err(|_| SpecError::Version(text.to_owned()))
        }
    }
}

/// The release `version` of a line, for which other releases may be meant, too; without `version`
/// the newest one that is known.
fn release_of_line(
    kind: RuntimeName,
    version: Option<&str>,
    line: &str,
) -> Result<NamedRelease, SpecError> {
    let (major, minor) = match numbers(line.trim_start_matches('v')).as_deref() {
        Some([major]) => (*major, None),
        Some([major, minor]) => (*major, Some(*minor)),
        _ => return Err(SpecError::Line(line.to_owned())),
    };
    let is_in_line = |version: &Version| {
        version.major == major && minor.is_none_or(|minor| minor == version.minor)
    };
    let newest = match version {
        Some(text) => {
            Version::parse(text.trim_start_matches('v')).ok().filter(is_in_line).ok_or_else(
                || SpecError::OtherLine { version: text.to_owned(), line: line.to_owned() },
            )?
        }
        None => registry::newest(kind, Some(major), minor)
            .unwrap_or_else(|| Version::new(major, minor.unwrap_or(0), 0)),
    };
    let release = registry::release(kind, &newest);
    let mut points = registry::turning_points(kind, major, minor);
    if kind == RuntimeName::Node {
        points.extend(CHANGES);
    }
    points.retain(|version| is_in_line(version) && *version < newest);
    points.sort();
    points.dedup();
    let alternatives = points.iter().map(|version| registry::release(kind, version)).collect();
    let line = minor.map_or_else(|| major.to_string(), |minor| format!("{major}.{minor}"));
    Ok(NamedRelease { release, line: Some(line), alternatives })
}

fn libc(
    fields: &RuntimeFields,
    found: Option<(Libc, Option<String>)>,
    platform: &Platform,
    host: &Runtime,
) -> Result<(Option<Libc>, Option<String>), SpecError> {
    if *platform != Platform::Linux {
        return Ok((None, None));
    }
    let (name, version) = match (&fields.libc, found) {
        (Some(name), found) => {
            let name = match name.as_str() {
                "gnu" | "gnueabihf" => Some(Libc::Glibc),
                "musleabihf" => Some(Libc::Musl),
                name => Libc::from_name(name),
            }
            .ok_or_else(|| SpecError::Libc(name.clone()))?;
            let version = match found {
                Some((libc, version)) if libc == name => version,
                _ if host.libc == Some(name) => host.libc_version.clone(),
                _ => None,
            };
            (name, version)
        }
        (None, Some(found)) => found,
        (None, None) if host.platform == Platform::Linux => match host.libc {
            Some(name) => (name, host.libc_version.clone()),
            None => return Ok((None, None)),
        },
        // The official builds of every runtime for Linux are for glibc.
        (None, None) => (Libc::Glibc, None),
    };
    if let Some(version) = &fields.libc_version
        && within_32_bits(version).is_none()
    {
        return Err(SpecError::Version(version.clone()));
    }
    Ok((Some(name), fields.libc_version.clone().or(version)))
}

#[cfg(test)]
mod tests {
    use semver::Version;

    use super::{RuntimeSpec, resolve};
    use crate::model::{Arch, Libc, Platform, RuntimeName};
    use crate::runtime::facts::{Runtime, test_host};

    fn of(text: &str) -> Result<Runtime, String> {
        resolve(Some(&RuntimeSpec::Text(text.to_owned())), &test_host())
            .map_err(|error| error.to_string())
    }

    fn fields(json: &str) -> Runtime {
        let spec: RuntimeSpec = serde_json::from_str(json).expect("a spec");
        resolve(Some(&spec), &test_host()).expect("a runtime")
    }

    #[test]
    fn a_partial_version_is_the_newest_release_of_its_line() {
        let runtime = of("node@22").expect("a runtime");
        assert_eq!(
            (runtime.kind, runtime.abi, runtime.node_api),
            (RuntimeName::Node, Some(127), Some(10))
        );
        assert!(runtime.version.expect("a version").minor >= 23);
        assert!(!runtime.alternatives.is_empty());
        assert!(of("node@22.11.0").expect("a runtime").alternatives.is_empty());
    }

    #[test]
    fn the_system_is_the_hosts_unless_it_is_named() {
        let runtime = of("electron@31").expect("a runtime");
        assert_eq!(
            (runtime.platform, runtime.arch, runtime.libc),
            (Platform::Linux, Arch::X64, Some(Libc::Glibc))
        );
        assert!(runtime.root.is_some());
        let runtime = of("node@22/linux-arm64-musl").expect("a runtime");
        assert_eq!(
            (runtime.arch, runtime.libc, runtime.libc_version),
            (Arch::Arm64, Some(Libc::Musl), None)
        );
        let runtime = of("node@22/linux-x64-glibc2.28").expect("a runtime");
        assert_eq!((runtime.libc_version.as_deref(), runtime.root), (Some("2.28"), None));
        let runtime = of("node@22/win32-x64").expect("a runtime");
        assert_eq!((runtime.platform, runtime.libc), (Platform::Win32, None));
        assert_eq!(of("node@22/linux-ppc64le").expect("a runtime").arch, Arch::Ppc64);
    }

    #[test]
    fn unknown_numbers_are_answered_and_unknown_words_are_refused() {
        let runtime = of("node@99").expect("a runtime");
        assert_eq!((runtime.abi, runtime.node_api), (None, None));
        for (text, part) in [
            ("nodejs@22", "unknown runtime \"nodejs\""),
            ("node@latest", "\"latest\" is no version"),
            ("node@22/linux", "\"linux\" is no system"),
            ("node@22/macos-x64", "\"macos-x64\" is no system"),
            ("node@22/linux-x64-uclibc", "unknown libc \"uclibc\""),
            ("node@22/linux-x64-glibc2.x", "\"2.x\" is no version"),
        ] {
            let error = of(text).expect_err(text);
            assert!(error.contains(part), "{text}: {error}");
        }
    }

    #[test]
    fn fields_win_over_what_is_looked_up() {
        let runtime = fields(r#"{"abi":108}"#);
        assert_eq!(
            (runtime.abi, runtime.version.map(|version| version.major)),
            (Some(108), Some(18))
        );
        let runtime = fields(r#"{"version":"22.11.0","abi":1234,"nodeApi":7}"#);
        assert_eq!((runtime.abi, runtime.node_api), (Some(1234), Some(7)));
        assert!(serde_json::from_str::<RuntimeSpec>(r#"{"nonsense":1}"#).is_err());
    }

    /// The fields that a report of `runtime` has, without those that are null, as JavaScript passes
    /// them on.
    fn passed_back(runtime: &Runtime, host: &Runtime) -> Runtime {
        let mut report = serde_json::to_value(runtime.report()).expect("JSON");
        let fields = report.as_object_mut().expect("an object");
        fields.retain(|_, value| !value.is_null());
        let spec: RuntimeSpec = serde_json::from_value(report).expect("a spec");
        resolve(Some(&spec), host).expect("a runtime")
    }

    #[test]
    fn the_report_of_a_runtime_names_that_runtime() {
        let host = test_host();
        let mut hosts = vec![host.clone()];
        // A release that the table doesn't know, as nightlies are, and a libc without a version.
        let nightly = Version::parse("99.0.0-nightly.20260101").ok();
        hosts.push(Runtime { kind: RuntimeName::Electron, version: nightly, ..host.clone() });
        let musl = Some(Libc::Musl);
        hosts.push(Runtime { libc: musl, libc_version: None, ..host.clone() });
        hosts.push(Runtime { platform: Platform::Darwin, libc: None, ..host });
        for host in &hosts {
            for spec in [
                r#""node""#,
                r#""node@22""#,
                r#""node@22.12""#,
                r#""node@22.11.0""#,
                r#""node@99""#,
                r#""electron@31""#,
                r#""bun""#,
                r#""deno@2""#,
                r#""node@22/linux-x64""#,
                r#""node@22/linux-x64-glibc""#,
                r#""node@22/linux-x64-glibc2.28""#,
                r#""node@22/linux-x64-glibc2.36""#,
                r#""node@22/linux-x64-musl""#,
                r#""node@22/linux-ppc64le""#,
                r#""node@22/win32-arm64""#,
                r#"{"abi":108}"#,
                r#"{"abi":9999}"#,
                r#"{"runtime":"nw","abi":120}"#,
                r#"{"platform":"win32"}"#,
                r#"{"version":"22","abi":1234,"nodeApi":7}"#,
                r#"{"version":"22","abi":1234}"#,
                r#"{"execPath":"/usr/bin/node"}"#,
                r#"{"execPath":"/usr/bin/node","platform":"win32"}"#,
                r#"{"execPath":"/usr/bin/node","version":"18"}"#,
            ] {
                let spec: RuntimeSpec = serde_json::from_str(spec).expect("a spec");
                let first = resolve(Some(&spec), host).expect("a runtime");
                let second = passed_back(&first, host);
                assert_eq!(format!("{first:?}"), format!("{second:?}"), "{spec:?} on {host:?}");
            }
            assert_eq!(format!("{host:?}"), format!("{:?}", passed_back(host, host)));
            assert!(passed_back(host, host).is_host);
        }
    }

    #[test]
    fn a_line_goes_with_a_release_of_it() {
        let runtime = fields(r#"{"version":"22.10.0","line":"22"}"#);
        assert_eq!(runtime.line.as_deref(), Some("22"));
        assert!(runtime.alternatives.iter().all(|release| release.version.minor < 10));
        let spec: RuntimeSpec =
            serde_json::from_str(r#"{"version":"22.10.0","line":"23"}"#).expect("a spec");
        assert!(resolve(Some(&spec), &test_host()).is_err());
    }
}
