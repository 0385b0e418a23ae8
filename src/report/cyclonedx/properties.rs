//! Facts as properties. docs/formats.md describes each name.

use super::schema::Property;
use crate::check::{ListedFile, ListedImage, ListedPackage, State};
use crate::model::{AddonApi, Libc};

/// A property in the namespace of abi-guard.
pub(super) fn property(name: &str, value: impl Into<String>) -> Property {
    Property { name: format!("abi-guard:{name}"), value: value.into() }
}

/// The facts of a package.
pub(super) fn of_package(package: &ListedPackage) -> Vec<Property> {
    // Names of CycloneDX's own taxonomy, as cyclonedx-npm writes them.
    let npm =
        |name: &str, value: String| Property { name: format!("cdx:npm:package:{name}"), value };
    let mut all = Vec::new();
    if package.is_inside && package.place != "." {
        all.push(npm("path", package.place.clone()));
    }
    if package.dev {
        all.push(npm("development", "true".to_owned()));
    }
    all.extend(package.loader.as_ref().map(|loader| property("loader", loader.as_str())));
    let chains = package.required_by.iter().map(|chain| chain.join(" > "));
    all.extend(chains.map(|chain| property("required-by", chain)));
    all.extend(package.problems.iter().map(|code| property("problem", code.as_str())));
    all
}

/// The facts of a file, those of the file first, then those of a judgment.
pub(super) fn of_file(file: &ListedFile) -> Vec<Property> {
    let images = &file.contents.images;
    let mut all = Vec::new();
    for image in images {
        // Slices of a universal file have floors of their own.
        let arch = image.binary.arch.as_ref().filter(|_| images.len() > 1);
        let end = arch.map(|arch| format!(":{arch}")).unwrap_or_default();
        for fact in of_image(image, &end, file.is_library) {
            // Slices have many equal facts.
            if !all.contains(&fact) {
                all.push(fact);
            }
        }
    }
    all.extend(file.contents.unread.as_ref().map(|reason| property("not-hashed", reason)));
    all.extend(file.state.map(|state| {
        property(
            "state",
            match state {
                State::Active => "active",
                State::Dormant => "dormant",
                State::Unknown => "unknown",
            },
        )
    }));
    all.extend(file.reason.as_ref().map(|reason| property("dormant-reason", reason)));
    all.extend(file.found_by.as_ref().map(|runtime| property("loaded-by", runtime)));
    if let Some(verdict) = &file.verdict {
        all.extend(verdict.outcome.map(|outcome| property("outcome", outcome.as_str())));
        all.extend(verdict.problems.iter().map(|code| property("problem", code.as_str())));
    }
    all
}

fn of_image(image: &ListedImage, end: &str, is_library: bool) -> Vec<Property> {
    let ListedImage { binary, addon, floors } = image;
    let mut all = vec![property("format", binary.format.as_str())];
    all.extend(binary.platform.as_ref().map(|platform| property("platform", platform.as_str())));
    all.extend(binary.arch.as_ref().map(|arch| property("arch", arch.as_str())));
    all.extend(binary.libc.map(|libc| property("libc", libc.as_str())));
    if let Some(addon) = addon.as_ref().filter(|_| !is_library) {
        all.push(property("api", addon.api.as_str()));
        // Node.js compares no ABI if an addon registers through Node-API.
        let abi = addon.abi.filter(|_| addon.api == AddonApi::V8);
        all.extend(abi.map(|abi| property("abi", abi.to_string())));
        if let Some(versions) = &addon.node_api {
            let declared = versions.declared.map(|version| version.to_string());
            let computed = versions.computed.map(|version| version.to_string());
            all.extend(declared.map(|version| property("node-api:declared", version)));
            all.extend(computed.map(|version| property("node-api:computed", version)));
        }
    }
    let libc = binary.libc.map_or("libc", Libc::as_str);
    let floors = [
        (libc, floors.libc.clone()),
        ("glibcxx", floors.glibcxx.clone()),
        ("cxxabi", floors.cxxabi.clone()),
        ("macos", floors.macos.clone()),
        ("node-api", floors.node_api.map(|version| version.to_string())),
    ];
    for (name, version) in floors {
        all.extend(version.map(|version| property(&format!("floor:{name}{end}"), version)));
    }
    all.extend(binary.libraries.iter().map(|library| property("needs", library)));
    all
}
