//! node-gyp-build 4.8 (node-gyp-build.js): a local build, else the best tagged prebuild.

use super::{Active, Contents, tag_of};
use crate::runtime::{Kind, Runtime};

pub(super) fn choose(contents: Contents<'_>, runtime: &Runtime) -> Option<Active> {
    if !contents.manifest.depends_on("node-gyp-build") {
        return None;
    }
    // Whatever was built is taken, without a look at tags or ABI.
    for folder in ["build/Release/", "build/Debug/"] {
        if let Some(built) = contents.files.iter().find(|file| is_directly_in(file, folder)) {
            return Some(Active::File(built.clone()));
        }
    }
    let mut folders: Vec<(Tuple<'_>, &str)> = contents
        .files
        .iter()
        .filter_map(|file| file.strip_prefix("prebuilds/")?.split_once('/'))
        .filter_map(|(folder, _)| Some((Tuple::parse(folder)?, folder)))
        .filter(|(tuple, _)| tuple.platform == runtime.platform && tuple.archs.contains(&runtime.arch.as_str()))
        .collect();
    // The folder for the fewest processors is the most specific.
    folders.sort_by_key(|(tuple, folder)| (tuple.archs.len(), *folder));
    let Some((_, folder)) = folders.first() else { return Some(Active::Nothing) };
    let folder = format!("prebuilds/{folder}/");
    let mut candidates: Vec<(Tags<'_>, &String)> = contents
        .files
        .iter()
        .filter(|file| is_directly_in(file, &folder))
        .filter_map(|file| Some((Tags::parse(&file[folder.len()..])?, file)))
        .filter(|(tags, _)| tags.fit(runtime))
        .collect();
    let own = tag_of(runtime.kind);
    candidates.sort_by_key(|(tags, _)| (tags.runtime != Some(own), tags.abi.is_none(), usize::MAX - tags.specificity));
    Some(candidates.first().map_or(Active::Nothing, |(_, file)| Active::File((*file).clone())))
}

fn is_directly_in(file: &str, folder: &str) -> bool {
    file.strip_prefix(folder).is_some_and(|name| !name.contains('/'))
}

/// `<platform>-<arch>[+<arch>…]`
struct Tuple<'a> {
    platform: &'a str,
    archs: Vec<&'a str>,
}

impl<'a> Tuple<'a> {
    fn parse(folder: &'a str) -> Option<Tuple<'a>> {
        let (platform, archs) = folder.split_once('-')?;
        let archs: Vec<&str> = archs.split('+').collect();
        let valid = !platform.is_empty() && archs.iter().all(|arch| !arch.is_empty() && !arch.contains('-'));
        valid.then_some(Tuple { platform, archs })
    }
}

/// What the dotted parts of a file's name say.
#[derive(Default)]
struct Tags<'a> {
    runtime: Option<&'a str>,
    napi: bool,
    abi: Option<&'a str>,
    uv: Option<&'a str>,
    armv: Option<&'a str>,
    libc: Option<&'a str>,
    specificity: usize,
}

impl<'a> Tags<'a> {
    fn parse(name: &'a str) -> Option<Tags<'a>> {
        let mut tags = Tags::default();
        for part in name.strip_suffix(".node")?.split('.') {
            // By prefix, as the loader does it: "uvu.node" counts as a tag that fits nothing.
            match part {
                "node" | "electron" | "node-webkit" => tags.runtime = Some(part),
                "napi" => tags.napi = true,
                "glibc" | "musl" => tags.libc = Some(part),
                _ if part.starts_with("abi") => tags.abi = Some(&part[3..]),
                _ if part.starts_with("uv") => tags.uv = Some(&part[2..]),
                _ if part.starts_with("armv") => tags.armv = Some(&part[4..]),
                _ => continue,
            }
            tags.specificity += 1;
        }
        Some(tags)
    }

    fn fit(&self, runtime: &Runtime) -> bool {
        let abi = runtime.abi.map(|abi| abi.to_string());
        let own = tag_of(runtime.kind);
        let right_runtime = self.runtime.is_none_or(|tag| tag == own || (tag == "node" && self.napi));
        let right_abi = self.abi.is_none() || self.abi == abi.as_deref() || self.napi;
        // Every libuv since Node 4 is 1.x.
        let right_uv = self.uv.is_none_or(|uv| uv == "1");
        let armv = match (runtime.arch.as_str(), runtime.kind) {
            ("arm64", _) => "8",
            ("arm", Kind::Node | Kind::Electron) => "7",
            _ => "",
        };
        let right_armv = self.armv.is_none_or(|version| version == armv);
        // It takes every system without /etc/alpine-release for glibc, whatever it is.
        let libc = runtime.libc.as_deref().unwrap_or("glibc");
        let right_libc = self.libc.is_none_or(|tag| tag == libc);
        right_runtime && right_abi && right_uv && right_armv && right_libc
    }
}
