//! Naming a runtime: `node@22`, `electron@31.2/win32-x64`, `node@22/linux-x64-glibc2.28`, or
//! fields, or an executable.

use std::path::{Path, PathBuf};

use semver::Version;
use serde::Deserialize;

use super::executable;
use super::facts::Runtime;
use super::kind::Kind;
use super::names::{ARCHS, PLATFORMS};
use super::registry::{self, Release};
use super::rules::CHANGES;
use super::suggest::meant;
use crate::binary::LIBC_FLAVOURS;
use crate::versions::{numbers, within_32_bits};

/// Fields that name a runtime; what is absent is taken from the host or looked up.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RuntimeFields {
    runtime: Option<String>,
    version: Option<String>,
    abi: Option<u32>,
    node_api: Option<u32>,
    platform: Option<String>,
    arch: Option<String>,
    libc: Option<String>,
    libc_version: Option<String>,
    exec_path: Option<String>,
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
    /// Not a system.
    #[error(
        "{0:?} is no system: use <platform>-<arch>, with an optional libc, as in \
            \"linux-x64-musl\" or \"linux-x64-glibc2.28\""
    )]
    System(String),
    /// A libc nobody has.
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
/// [`SpecError`] with the part that isn't understood. Numbers nobody knows are no error.
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
        fields.platform = parts.next().map(str::to_owned);
        fields.arch = parts.next().map(str::to_owned);
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

fn from_fields(fields: &RuntimeFields, host: &Runtime) -> Result<Runtime, SpecError> {
    if fields.exec_path.is_some() && fields.exec_path == host.exec_path && fields.version.is_none()
    {
        return Ok(host.clone());
    }
    let found = match &fields.exec_path {
        Some(path) => executable::read(Path::new(path))
            .map_err(|error| SpecError::Unreadable { path: path.clone(), error })?,
        None => executable::Found::default(),
    };
    let kind = match &fields.runtime {
        Some(name) => Kind::from_name(name).ok_or_else(|| SpecError::Runtime(name.clone()))?,
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
    let (release, alternatives) = match (&fields.version, found.version) {
        (Some(version), _) => named_release(kind, version)?,
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
    if !PLATFORMS.contains(&platform.as_str()) || !ARCHS.contains(&arch.as_str()) {
        return Err(SpecError::System(format!("{platform}-{arch}")));
    }
    let arch = if arch == "ppc64le" { "ppc64".to_owned() } else { arch };
    let (libc, libc_version) = libc(fields, found.libc, &platform, host)?;
    let is_its_own = fields.libc.is_none()
        && fields.libc_version.is_none()
        && fields.platform.is_none()
        && fields.arch.is_none();
    let is_this_system = platform == host.platform
        && arch == host.arch
        && libc == host.libc
        && (fields.libc_version.is_none() || libc_version == host.libc_version);
    let root = match found.root.filter(|_| is_its_own) {
        Some(root) => Some(root),
        None => is_this_system.then(|| PathBuf::from("/")),
    };
    Ok(Runtime {
        kind,
        version: release.as_ref().map(|release| release.version.clone()),
        node: release.as_ref().and_then(|release| release.node.clone()),
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
        // Where the numbers are given, no release can bring others.
        alternatives: if fields.abi.is_some() && fields.node_api.is_some() {
            Vec::new()
        } else {
            alternatives
        },
    })
}

/// The release that a version names. A partial one is the newest known of its line; the others it
/// could be come along.
fn named_release(kind: Kind, text: &str) -> Result<(Option<Release>, Vec<Release>), SpecError> {
    let bare = text.trim_start_matches('v');
    if let Ok(version) = Version::parse(bare) {
        return Ok((Some(registry::release(kind, &version)), Vec::new()));
    }
    let (major, minor) = match numbers(bare).as_deref() {
        Some([major]) => (*major, None),
        Some([major, minor]) => (*major, Some(*minor)),
        _ => return Err(SpecError::Version(text.to_owned())),
    };
    let newest = registry::newest(kind, Some(major), minor)
        .unwrap_or_else(|| Version::new(major, minor.unwrap_or(0), 0));
    let release = registry::release(kind, &newest);
    let within = |version: &Version| {
        version.major == major
            && minor.is_none_or(|minor| minor == version.minor)
            && *version < newest
    };
    let mut points = registry::turning_points(kind, major, minor);
    if kind == Kind::Node {
        points.extend(CHANGES);
    }
    points.retain(|version| within(version));
    points.sort();
    points.dedup();
    let alternatives = points.iter().map(|version| registry::release(kind, version)).collect();
    Ok((Some(release), alternatives))
}

type Libc = (Option<String>, Option<String>);

fn libc(
    fields: &RuntimeFields,
    found: Option<(String, Option<String>)>,
    platform: &str,
    host: &Runtime,
) -> Result<Libc, SpecError> {
    if platform != "linux" {
        return Ok((None, None));
    }
    let (name, version) = match (&fields.libc, found) {
        (Some(name), _) => {
            let name = match name.as_str() {
                "gnu" | "gnueabihf" => "glibc",
                "musleabihf" => "musl",
                name => name,
            };
            if !LIBC_FLAVOURS.contains(&name) {
                return Err(SpecError::Libc(name.to_owned()));
            }
            let same = host.libc.as_deref() == Some(name);
            (name.to_owned(), if same { host.libc_version.clone() } else { None })
        }
        (None, Some(found)) => found,
        (None, None) if host.platform == "linux" => match &host.libc {
            Some(name) => (name.clone(), host.libc_version.clone()),
            None => return Ok((None, None)),
        },
        // The official builds of every runtime for Linux are for glibc.
        (None, None) => ("glibc".to_owned(), None),
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
    use super::{RuntimeSpec, resolve};
    use crate::runtime::facts::{Runtime, test_host};
    use crate::runtime::kind::Kind;

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
            (Kind::Node, Some(127), Some(10))
        );
        assert!(runtime.version.expect("a version").minor >= 23);
        assert!(!runtime.alternatives.is_empty());
        assert!(of("node@22.11.0").expect("a runtime").alternatives.is_empty());
    }

    #[test]
    fn the_system_is_the_hosts_unless_it_is_named() {
        let runtime = of("electron@31").expect("a runtime");
        assert_eq!(
            (runtime.platform.as_str(), runtime.arch.as_str(), runtime.libc.as_deref()),
            ("linux", "x64", Some("glibc"))
        );
        assert!(runtime.root.is_some());
        let runtime = of("node@22/linux-arm64-musl").expect("a runtime");
        assert_eq!(
            (runtime.arch.as_str(), runtime.libc.as_deref(), runtime.libc_version),
            ("arm64", Some("musl"), None)
        );
        let runtime = of("node@22/linux-x64-glibc2.28").expect("a runtime");
        assert_eq!((runtime.libc_version.as_deref(), runtime.root), (Some("2.28"), None));
        let runtime = of("node@22/win32-x64").expect("a runtime");
        assert_eq!((runtime.platform.as_str(), runtime.libc), ("win32", None));
        assert_eq!(of("node@22/linux-ppc64le").expect("a runtime").arch, "ppc64");
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
}
