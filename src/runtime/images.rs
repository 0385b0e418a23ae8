//! Names of container images with Node.js (`node:22-alpine`, `gcr.io/distroless/nodejs22-debian12`)
//! and of the runtimes of AWS Lambda (`nodejs22.x`, `public.ecr.aws/lambda/nodejs:22`).

use super::distributions::{self, SystemRelease, of_image, of_lambda};
use super::fields::{RuntimeFields, SpecError};
use super::lines::{line_of_codename, line_of_word};
use super::names::arch_of_image;
use crate::model::RuntimeName;
use crate::versions::major;

/// Parts of tags that name neither the release nor the system.
const OTHERS: [&str; 5] = ["slim", "onbuild", "nonroot", "debug", "perl"];

/// The parts of a tag.
pub fn parts(tag: &str) -> impl Iterator<Item = &str> {
    tag.split(['-', '_'])
}

/// True if the first part of a tag names releases, not a system.
#[must_use]
pub fn names_releases(part: &str) -> bool {
    matches!(part, "latest" | "lts" | "current") || line_of_codename(part).is_some()
}

/// The Node.js in the image `repository:tag`, whose whole name without a digest is `tagged`: "22",
/// "22.11.0", "lts", "jod", "latest". Empty if the tag doesn't show it, `None` for an image without
/// Node.js.
#[must_use]
pub fn version_in<'a>(tagged: &str, repository: &'a str, tag: &'a str) -> Option<&'a str> {
    let is_digit = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    // distroless: nodejs22-debian12
    if let Some(number) = repository.strip_prefix("nodejs").filter(|rest| is_digit(rest)) {
        return parts(number).next();
    }
    if !matches!(repository, "node" | "nodejs" | "javascript-node" | "typescript-node") {
        return None;
    }
    // mcr.microsoft.com/azure-functions/node:4-node20: the first number is the version of the
    // Functions runtime.
    if let Some(number) =
        parts(tag).find_map(|part| part.strip_prefix("node").filter(|rest| !rest.is_empty()))
    {
        return Some(number);
    }
    let is_own_numbering = tagged.contains("azure-functions/") || tagged.contains("devcontainers/");
    let first = parts(tag).next().unwrap_or_default();
    Some(match first {
        _ if is_digit(first) && is_own_numbering => parts(tag).nth(1).unwrap_or_default(),
        _ if is_digit(first) => first,
        "current" => "latest",
        _ if names_releases(first) => first,
        // The tag names a system only: "alpine", "bookworm-slim".
        _ if OTHERS.contains(&first) || is_system(first) => "latest",
        _ => "",
    })
}

fn is_system(part: &str) -> bool {
    part.starts_with("alpine") || distributions::named(part).is_some()
}

/// The runtime that the name of such an image or runtime means; `None` for another text.
pub(super) fn read(text: &str) -> Option<Result<RuntimeFields, SpecError>> {
    if text.contains('@') {
        return None;
    }
    lambda(text).or_else(|| image(text))
}

/// `nodejs22.x`, `lambda/nodejs22`, `public.ecr.aws/lambda/nodejs:22`, optionally with a processor
/// after it.
fn lambda(text: &str) -> Option<Result<RuntimeFields, SpecError>> {
    let name = text.strip_prefix("public.ecr.aws/").unwrap_or(text);
    let inside = name.strip_prefix("lambda/");
    let (runtime, arch) = match inside.unwrap_or(name).split_once('-') {
        Some((runtime, arch)) => (runtime, Some(arch)),
        None => (inside.unwrap_or(name), None),
    };
    let rest = runtime.strip_prefix("nodejs")?;
    let line = match (rest.strip_suffix(".x"), inside) {
        (Some(line), _) => line,
        (None, Some(_)) => rest.strip_prefix(':').unwrap_or(rest),
        (None, None) => return None,
    };
    let read = || {
        let system = of_lambda(line).ok_or_else(|| SpecError::lambda(text))?;
        let mut fields = of_node(line);
        put_system(&mut fields, system);
        if let Some(arch) = arch {
            let known = arch_of_image(arch);
            fields.arch = Some(known.ok_or_else(|| SpecError::System(arch.to_owned()))?);
        }
        Ok(fields)
    };
    Some(read())
}

/// `node:22-alpine3.20`, `docker.io/library/node:22`, `arm64v8/node:22-slim`.
fn image(text: &str) -> Option<Result<RuntimeFields, SpecError>> {
    let (path, last) = text.rsplit_once('/').unwrap_or(("", text));
    let (repository, tag) = match last.split_once(':') {
        Some((repository, tag)) => (repository, tag),
        None if path.ends_with("distroless") => (last, ""),
        None => return None,
    };
    let version = version_in(text, repository, tag)?;
    let read = || {
        if version.is_empty() {
            return Err(SpecError::Version(tag.to_owned()));
        }
        let mut fields = of_node(version);
        fields.arch = path.rsplit('/').next().and_then(arch_of_image);
        // The tags of other vendors' images can have any meaning.
        let is_official = repository == RuntimeName::Node.as_str()
            && !text.contains("azure-functions/")
            && !text.contains("devcontainers/");
        let mut system = None;
        for part in parts(repository).skip(1).chain(parts(tag)) {
            let is_other = part.is_empty() || part == version || OTHERS.contains(&part);
            if is_other || names_releases(part) {
                continue;
            } else if let Some(arch) = arch_of_image(part) {
                fields.arch = Some(arch);
            } else if distributions::named(part).is_some() {
                system = Some(part);
            } else if is_official {
                return Err(SpecError::System(part.to_owned()));
            }
        }
        let line = line_of_word(RuntimeName::Node, version);
        let line = major(line.as_deref().unwrap_or(version));
        let of_line = line.filter(|_| is_official).map(of_image);
        put_system(&mut fields, system.or(of_line).unwrap_or("debian"));
        Ok(fields)
    };
    Some(read())
}

/// The release of the distribution in the image `repository:tag`, whose whole name without a digest
/// is `tagged`; `None` if the name doesn't show it.
#[must_use]
pub fn system_of(tagged: &str, repository: &str, tag: &str) -> Option<&'static SystemRelease> {
    let known = |word: &str| distributions::named(word).and_then(|system| system.release);
    let of_parts = parts(repository).skip(1).chain(parts(tag)).find_map(known);
    // debian:12-slim, ubuntu:22.04
    let of_number = || known(&format!("{repository}{}", parts(tag).next()?));
    let of_line = || {
        let is_official = repository == "node"
            && matches!(tagged.split(':').next(), Some("node" | "library/node"));
        let is_plain = !parts(tag).any(is_system);
        let version = version_in(tagged, repository, tag)?;
        let line = major(version)?;
        // The first releases of 18 and 20 had an older Debian than `node:18` and `node:20` have.
        let is_sure = line > 20 || !version.contains('.');
        known(of_image(line)).filter(|_| is_official && is_plain && is_sure)
    };
    of_parts.or_else(of_number).or_else(of_line)
}

fn of_node(version: &str) -> RuntimeFields {
    RuntimeFields {
        runtime: Some(RuntimeName::Node.as_str().to_owned()),
        version: Some(version.to_owned()),
        ..RuntimeFields::default()
    }
}

fn put_system(fields: &mut RuntimeFields, word: &str) {
    if let Some(system) = distributions::named(word) {
        fields.put(&system);
    }
}
