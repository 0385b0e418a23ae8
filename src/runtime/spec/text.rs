//! Specs as texts. docs/targets.md describes the grammar.

use super::super::distributions;
use super::super::fields::{RuntimeFields, SpecError};
use super::super::images;
use super::super::lines::line_of_codename;
use super::super::names::platforms;
use crate::model::{Arch, Platform, RuntimeName};

/// Parses `node@22/linux-x64-musl`, `node@lts/debian12` or `node:22-alpine`.
pub(super) fn parse(text: &str) -> Result<RuntimeFields, SpecError> {
    if let Some(read) = images::read(text) {
        return read;
    }
    let (runtime, version, system) = split(text);
    let mut fields = RuntimeFields {
        runtime: Some(runtime.to_owned()),
        version: version.map(str::to_owned),
        ..RuntimeFields::default()
    };
    if let Some(system) = system {
        put_system(&mut fields, system)?;
    }
    Ok(fields)
}

/// Splits a text into runtime, version and system. The name of a line with long-term support may
/// contain a slash, as in `lts/jod`; alone it means a line of Node.js, as in .nvmrc.
fn split(text: &str) -> (&str, Option<&str>, Option<&str>) {
    let (runtime, rest) = match text.split_once('@') {
        Some((runtime, rest)) if !runtime.contains('/') => (runtime, rest),
        _ if text.starts_with("lts/") => (RuntimeName::Node.as_str(), text),
        _ => {
            let (runtime, system) = halves(text);
            return (runtime, None, system);
        }
    };
    if let Some(behind) = rest.strip_prefix("lts/") {
        let (word, system) = halves(behind);
        if word == "*" || line_of_codename(word).is_some() {
            return (runtime, rest.get(.."lts/".len() + word.len()), system);
        }
    }
    let (version, system) = halves(rest);
    (runtime, Some(version), system)
}

fn halves(text: &str) -> (&str, Option<&str>) {
    text.split_once('/').map_or((text, None), |(before, behind)| (before, Some(behind)))
}

/// `linux`, `linux-x64-glibc2.28`, `debian12-arm64`.
fn put_system(fields: &mut RuntimeFields, text: &str) -> Result<(), SpecError> {
    let error = || SpecError::System(text.to_owned());
    let mut parts = text.splitn(3, '-');
    let first = parts.next().unwrap_or_default();
    fields.arch = parts.next().map(Arch::from_name);
    if let Some(system) = distributions::named(first) {
        fields.put(&system);
        return if parts.next().is_none() { Ok(()) } else { Err(error()) };
    }
    let platform = Platform::from_name(first);
    if fields.arch.is_none() && !platforms().any(|known| *known == platform) {
        return Err(error());
    }
    fields.platform = Some(platform);
    if let Some(libc) = parts.next() {
        let (flavor, version) = distributions::split(libc);
        fields.libc = Some(flavor.trim_end_matches('-').to_owned());
        fields.libc_version = (!version.is_empty()).then(|| version.to_owned());
    }
    Ok(())
}
