//! Names of container images: the Node.js and the libc that they contain.

use crate::environment::wish::Wish;
use crate::model::Libc;
use crate::runtime::images::{names_releases, parts, system_of, version_in};
use crate::runtime::line_of_codename;
use crate::versions::Range;

/// The facts in the name of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// The name, with its variables expanded.
    pub name: String,
    /// The Node.js in it; `None` if the image has none, or it isn't known.
    pub node: Option<Wish>,
    /// The libc, if the name shows it.
    pub libc: Option<Libc>,
    /// The release of the Linux distribution in it and the version of its glibc, if the name shows
    /// them.
    pub glibc: Option<ImageSystem>,
    /// True if it has Bun.
    pub has_bun: bool,
    /// True if the name has a digest, so it always means the same image.
    pub has_digest: bool,
}

/// A release of a Linux distribution with glibc.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImageSystem {
    /// For example "Debian 12".
    pub name: &'static str,
    /// For example "2.36".
    pub glibc: &'static str,
}

/// Systems with glibc that are in use as base images; their tags may override that.
const GLIBC: [&str; 15] = [
    "debian",
    "ubuntu",
    "buildpack-deps",
    "amazonlinux",
    "fedora",
    "rockylinux",
    "almalinux",
    "centos",
    "ubi8",
    "ubi9",
    "ubi10",
    "ubi-minimal",
    "ubi",
    "archlinux",
    "opensuse",
];

impl Image {
    /// Reads a name like `node:20-alpine`, `docker.io/library/node@sha256:…` or
    /// `gcr.io/distroless/nodejs22-debian12`.
    #[must_use]
    pub fn parse(name: &str) -> Image {
        let (tagged, digest) =
            name.split_once('@').map_or((name, None), |(tagged, digest)| (tagged, Some(digest)));
        let last = tagged.rsplit('/').next().unwrap_or(tagged);
        let (repository, tag) =
            last.split_once(':').map_or((last, None), |(repository, tag)| (repository, Some(tag)));
        let repository = repository.to_ascii_lowercase();
        let tag = tag.map(str::to_ascii_lowercase);
        let node = node(tagged, &repository, tag.as_deref(), digest.is_some());
        let is_alpine = repository == "alpine"
            || tag.as_deref().is_some_and(|tag| parts(tag).any(|part| part.starts_with("alpine")));
        let is_glibc = node.is_some()
            || GLIBC.contains(&repository.as_str())
            || tagged.contains("distroless/");
        let libc = match (is_alpine, is_glibc) {
            (true, _) => Some(Libc::Musl),
            (false, true) => Some(Libc::Glibc),
            _ => None,
        };
        let release = system_of(tagged, &repository, tag.as_deref().unwrap_or_default());
        let glibc = release.and_then(|release| {
            let glibc = release.glibc.as_deref()?;
            Some(ImageSystem { name: &release.name, glibc })
        });
        Image {
            name: name.to_owned(),
            node,
            libc,
            glibc,
            has_bun: tagged == "oven/bun" || tagged.starts_with("oven/bun:"),
            has_digest: digest.is_some(),
        }
    }

    /// The same image with Node.js of `version` in its tag; `None` if the name can't contain a
    /// version.
    #[must_use]
    pub fn with_version(&self, version: &str) -> Option<String> {
        let tagged = self.name.split('@').next()?;
        let slash = tagged.rfind('/').map_or(0, |at| at + 1);
        let (path, last) = tagged.split_at(slash);
        let (repository, tag) =
            last.split_once(':').map_or((last, ""), |(repository, tag)| (repository, tag));
        // CircleCI publishes no image for a major version alone.
        let is_published = !path.ends_with("cimg/") || version.contains('.');
        if repository != "node" || !is_published {
            return None;
        }
        let first = tag.split('-').next().unwrap_or_default();
        let is_version = first.starts_with(|c: char| c.is_ascii_digit()) || names_releases(first);
        let rest = if is_version { tag.get(first.len() + 1..).unwrap_or_default() } else { tag };
        let suffix = if rest.is_empty() { String::new() } else { format!("-{rest}") };
        Some(format!("{path}{repository}:{version}{suffix}"))
    }
}

fn node(tagged: &str, repository: &str, tag: Option<&str>, has_digest: bool) -> Option<Wish> {
    let tag = tag.unwrap_or(if has_digest { "" } else { "latest" });
    let version = version_in(tagged, repository, tag)?;
    let wish = match line_of_codename(version) {
        Some(line) => Wish::Range(Range::line(line)),
        None => Wish::parse(version),
    };
    Some(if has_digest && wish.moves() { Wish::Other } else { wish })
}

#[cfg(test)]
mod tests {
    use super::Image;
    use crate::environment::wish::Wish;
    use crate::model::Libc;

    #[test]
    fn image_names_give_the_version_and_the_libc() {
        let newest = Some(Wish::Newest);
        let major = |number: u64| Some(Wish::parse(&number.to_string()));
        for (name, node, libc) in [
            ("node", newest.clone(), Some(Libc::Glibc)),
            ("node:latest", newest.clone(), Some(Libc::Glibc)),
            ("node:alpine", newest.clone(), Some(Libc::Musl)),
            ("node:alpine3.20", newest.clone(), Some(Libc::Musl)),
            ("node:current-slim", newest, Some(Libc::Glibc)),
            ("node:lts", Some(Wish::Lts), Some(Libc::Glibc)),
            ("node:lts-alpine", Some(Wish::Lts), Some(Libc::Musl)),
            ("node:20", major(20), Some(Libc::Glibc)),
            ("node:jod-alpine", major(22), Some(Libc::Musl)),
            ("node:22-bookworm-slim", major(22), Some(Libc::Glibc)),
            ("docker.io/library/node:20-alpine3.19", major(20), Some(Libc::Musl)),
            ("localhost:5000/library/node:20", major(20), Some(Libc::Glibc)),
            ("node:20-alpine@sha256:0123", major(20), Some(Libc::Musl)),
            ("node@sha256:0123", Some(Wish::Other), Some(Libc::Glibc)),
            ("gcr.io/distroless/nodejs22-debian12:nonroot", major(22), Some(Libc::Glibc)),
            ("public.ecr.aws/lambda/nodejs:20", major(20), Some(Libc::Glibc)),
            ("mcr.microsoft.com/azure-functions/node:4-node20", major(20), Some(Libc::Glibc)),
            (
                "mcr.microsoft.com/devcontainers/javascript-node:1-22-bookworm",
                major(22),
                Some(Libc::Glibc),
            ),
            ("alpine:3.20", None, Some(Libc::Musl)),
            ("nginx:1.27-alpine", None, Some(Libc::Musl)),
            ("nginx", None, None),
            ("debian:12-slim", None, Some(Libc::Glibc)),
            ("scratch", None, None),
            ("", None, None),
        ] {
            let image = Image::parse(name);
            assert_eq!((image.node, image.libc), (node, libc), "{name}");
        }
        assert_eq!(Image::parse("node:20.11.1-slim").node.and_then(|wish| wish.major()), Some(20));
    }

    #[test]
    fn a_new_version_replaces_the_one_in_the_tag() {
        for (name, expected) in [
            ("node", Some("node:22")),
            ("node:latest", Some("node:22")),
            ("node:alpine", Some("node:22-alpine")),
            ("node:lts-alpine", Some("node:22-alpine")),
            ("node:20.1-bookworm-slim", Some("node:22-bookworm-slim")),
            ("a.b:5000/x/node:20@sha256:01", Some("a.b:5000/x/node:22")),
            ("nginx", None),
        ] {
            assert_eq!(Image::parse(name).with_version("22").as_deref(), expected, "{name}");
        }
    }
}
