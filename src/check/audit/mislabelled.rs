//! Wrong names: the platform, processor, libc or ABI that a name claims, and the contents of the
//! file deny.

use super::releases::abi_of;
use super::subject::Audit;
use crate::check::file::Inspected;
use crate::model::problem::package::{Mark, Mislabelled};
use crate::model::reports::AbiReport;
use crate::model::{AddonApi, Arch, Platform, Problem};
use crate::project::{Claims, Release, claims};

impl Audit<'_> {
    /// What the name of the file, its folder or its package claims, and its contents deny.
    pub(super) fn mislabelled(
        &self,
        own: &Claims,
        inspected: &Inspected,
        report: &AbiReport,
    ) -> Vec<Problem> {
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
}

/// Names with a `+` between them.
fn joined(names: impl IntoIterator<Item = impl std::fmt::Display>) -> String {
    names.into_iter().map(|name| name.to_string()).collect::<Vec<_>>().join("+")
}
