//! Naming a runtime: by a text like `node@22`, by fields, or by an executable.

pub(super) mod release;
#[cfg(test)]
mod tests;
pub(super) mod text;

use std::path::{Path, PathBuf};

use super::distributions::{self, NamedSystem};
use super::executable::{self, Found};
use super::facts::Runtime;
use super::fields::{RuntimeFields, RuntimeSpec, SpecError};
use super::names::{arch_of_spec, platforms};
use super::registry::{self, Release};
use super::suggest::meant;
use crate::model::{Libc, Platform, RuntimeName};
use crate::versions::within_32_bits;
use release::{named_release, release_of_line};
use text::parse;

/// Determines which runtime `spec` names; without a spec it is `host`.
///
/// # Errors
/// [`SpecError`] with the part that isn't valid. A version or an ABI that abi-guard's table doesn't
/// contain is not an error.
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

impl RuntimeFields {
    /// True if the fields name the executable of `host` and don't contradict its facts. The fields
    /// of a report's runtime are such fields if the report is about `host`.
    fn name_host(&self, host: &Runtime) -> bool {
        let version = host.version.as_ref().map(ToString::to_string);
        self.exec_path.is_some()
            && self.exec_path == host.exec_path
            && self.runtime.as_deref().is_none_or(|name| name == host.kind.as_str())
            && self.line.is_none()
            && self.distribution.is_none()
            && agree(&self.version, version.as_ref())
            && agree(&self.abi, host.abi.as_ref())
            && agree(&self.node_api, host.node_api.as_ref())
            && agree(&self.platform, Some(&host.platform))
            && agree(&self.arch, Some(&host.arch))
            && agree(&self.libc.as_deref(), host.libc.map(Libc::as_str).as_ref())
            && agree(&self.libc_version, host.libc_version.as_ref())
    }

    /// The facts in the executable. The executable of `host` isn't read: it has about 100 MB, and
    /// `host` already contains its facts.
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
                compresses_pointers: host.compresses_pointers,
            });
        }
        executable::read(Path::new(path))
            .map_err(|error| SpecError::Unreadable { path: path.clone(), error })
    }

    /// True if the fields name no other system than the executable's.
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

/// True if a field is absent or equals the known value.
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
    let system = distribution(fields)?;
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
        // If only an ABI is given, the newest release that has it.
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
    let of_system = system.as_ref().map(|_| Platform::Linux);
    let platform = fields
        .platform
        .clone()
        .or(of_system)
        .or(found.platform)
        .unwrap_or_else(|| host.platform.clone());
    let arch = fields.arch.clone().or(found.arch).unwrap_or_else(|| host.arch.clone());
    let Some(arch) = arch_of_spec(&arch).filter(|_| platforms().any(|known| *known == platform))
    else {
        return Err(SpecError::System(format!("{platform}-{arch}")));
    };
    let (libc, libc_version) = match &system {
        Some(system) => {
            let version = system.libc_version().map(str::to_owned);
            (Some(system.libc), fields.libc_version.clone().or(version))
        }
        None => libc(fields, found.libc, &platform, host)?,
    };
    // A named distribution has the versions of its own packages, wherever abi-guard runs.
    let is_this_system = system.is_none()
        && platform == host.platform
        && arch == host.arch
        && libc == host.libc
        && (fields.libc_version.is_none() || libc_version == host.libc_version);
    let root = match found.root.filter(|_| keeps_system && system.is_none()) {
        Some(root) => Some(root),
        None => is_this_system.then(|| PathBuf::from("/")),
    };
    let version = release.as_ref().map(|release| release.version.clone());
    // The table doesn't contain the Node.js version of every Electron or Bun release. If the
    // runtime is the release of this process, `host` has it.
    let is_of_host = kind == host.kind && version == host.version;
    let node = release.as_ref().and_then(|release| release.node.clone());
    // With a given ABI and Node-API version, the other releases of the line are no alternatives,
    // unless the fields name a line.
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
        distribution: system,
        exec_path: fields.exec_path.clone(),
        is_host: false,
        os_version: if root.is_some() { host.os_version.clone() } else { None },
        compresses_pointers: found.compresses_pointers,
        page_size: host.page_size.filter(|_| root.as_deref() == Some(Path::new("/"))),
        root,
        line: line.filter(|_| !has_numbers),
        alternatives: if has_numbers { Vec::new() } else { alternatives },
    })
}

/// The distribution in the fields, if they don't also name another libc or platform.
fn distribution(fields: &RuntimeFields) -> Result<Option<NamedSystem>, SpecError> {
    let Some(id) = &fields.distribution else { return Ok(None) };
    let system = distributions::named(id).ok_or_else(|| SpecError::System(id.clone()))?;
    let libc = fields.libc.as_deref().map(libc_of_name).transpose()?;
    let is_linux = fields.platform.as_ref().is_none_or(|platform| *platform == Platform::Linux);
    if !is_linux || libc.is_some_and(|libc| libc != system.libc) {
        return Err(SpecError::OtherSystem { distribution: id.clone(), libc: system.libc });
    }
    if let Some(version) = &fields.libc_version
        && within_32_bits(version).is_none()
    {
        return Err(SpecError::Version(version.clone()));
    }
    Ok(Some(system))
}

fn libc_of_name(name: &str) -> Result<Libc, SpecError> {
    let libc = match name {
        "gnu" | "gnueabihf" => Some(Libc::Glibc),
        "musleabihf" => Some(Libc::Musl),
        name => Libc::from_name(name),
    };
    libc.ok_or_else(|| SpecError::Libc(name.to_owned()))
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
            let name = libc_of_name(name)?;
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
