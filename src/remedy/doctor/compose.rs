//! Compose files: images of services, and the node_modules of the host in a container.

use std::path::Path;

use super::docker::{of_image, shown};
use super::facts::Facts;
use super::versions::preferred;
use crate::environment::files::compose::{Compose, Mount, Service};
use crate::environment::files::dockerfile::Action;
use crate::environment::files::{Docker, File, Image, relative};
use crate::files::normalized;
use crate::model::reports::Finding;
use crate::model::{FindingCode, FindingSeverity};

pub(super) fn findings(facts: &Facts<'_>) -> Vec<Finding> {
    let all = facts.files.composes.iter();
    all.flat_map(|file| {
        file.says.services.iter().flat_map(|service| of_service(service, file, facts))
    })
    .collect()
}

fn of_service(service: &Service, file: &File<Compose>, facts: &Facts<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    // With `build`, `image` is only the name for the result.
    if let Some(spot) = service.image.as_ref().filter(|_| service.build.is_none()) {
        let image = Image::parse(&spot.text);
        let finding =
            image.node.as_ref().and_then(|wish| of_image(&spot.shown, wish, &facts.pins, facts));
        let is_plain = spot.shown == spot.text;
        let snippet = preferred(&facts.pins, facts)
            .filter(|_| is_plain)
            .and_then(|version| image.with_version(&version));
        found.extend(finding.map(|finding| {
            finding.at(&file.path, spot.line).with(snippet.map(|image| format!("image: {image}")))
        }));
    }
    // A dev container mounts the project on purpose: people install and start it inside.
    let is_dev = file.path.parent().is_some_and(|folder| folder.ends_with(".devcontainer"));
    if !facts.is_plug_and_play && !is_dev {
        found
            .extend(service.mounts.iter().filter_map(|mount| mounted(mount, service, file, facts)));
    }
    found
}

/// A mount that replaces the container's node_modules with those of the host.
fn mounted(
    mount: &Mount,
    service: &Service,
    file: &File<Compose>,
    facts: &Facts<'_>,
) -> Option<Finding> {
    let around = file.path.parent()?;
    let host = relative(&facts.root, &normalized(&around.join(mount.host.as_ref()?)))?;
    let is_modules = host.rsplit('/').next() == Some("node_modules");
    let target = mount.target.trim_end_matches('/');
    let inner = if is_modules { target.to_owned() } else { format!("{target}/node_modules") };
    if !is_modules && !facts.files.packages.contains(&host) {
        return None;
    }
    let docker = dockerfile(service, around, facts);
    let is_masked = service_in_all(service, file, facts)
        .any(|mount| mount.host.is_none() && mount.target.trim_end_matches('/') == inner)
        || docker.is_some_and(|docker| declares_volume(docker, &inner));
    if is_masked || !runs_node(service, docker) {
        return None;
    }
    let what = match host.as_str() {
        _ if mount.is_secret => "a folder of the project".to_owned(),
        "" => "the project".to_owned(),
        host => shown(&facts.root.join(host), facts),
    };
    let shown_target =
        if mount.is_secret { "the folder that a variable in .env names" } else { target };
    let message = if service.build.is_some() {
        format!(
            "{what} is mounted on {shown_target} with the node_modules of the host, which replace \
                those of the image: their addons are for the host's system and Node.js"
        )
    } else {
        format!(
            "{what} is mounted on {shown_target}, so host and container share one \
                node_modules: its addons are for the system and the Node.js of the last \
                installation"
        )
    };
    let snippet = if is_modules {
        format!("volumes:\n  - {inner}")
    } else {
        format!("volumes:\n  - {}:{target}\n  - {inner}", mount.host.as_deref().unwrap_or("."))
    };
    Some(
        Finding::new(FindingCode::HostModulesMounted, FindingSeverity::Warning, message)
            .at(&file.path, mount.line)
            .with((!mount.is_secret).then_some(snippet)),
    )
}

/// The mounts of the service in this file, and in the files that override it
/// (compose.override.yaml).
fn service_in_all<'a>(
    service: &'a Service,
    file: &'a File<Compose>,
    facts: &'a Facts<'_>,
) -> impl Iterator<Item = &'a Mount> {
    let beside =
        facts.files.composes.iter().filter(|other| other.path.parent() == file.path.parent());
    beside
        .flat_map(|other| &other.says.services)
        .filter(|other| other.name == service.name)
        .flat_map(|other| &other.mounts)
}

fn dockerfile<'a>(service: &Service, around: &Path, facts: &'a Facts<'_>) -> Option<&'a Docker> {
    let build = service.build.as_ref()?;
    let path = normalized(&around.join(&build.context).join(&build.dockerfile));
    facts.files.dockerfiles.iter().find(|docker| docker.file.path == path)
}

/// `VOLUME /app/node_modules` hides a mount around it, like an anonymous volume.
fn declares_volume(docker: &Docker, target: &str) -> bool {
    let steps = docker.file.says.stages.iter().flat_map(|stage| &stage.steps);
    steps.into_iter().any(|step| {
        let Action::Volume(paths) = &step.action else { return false };
        paths.iter().any(|path| path.trim_end_matches('/') == target)
    })
}

/// True if the service is certain to have Node.js.
fn runs_node(service: &Service, docker: Option<&Docker>) -> bool {
    if let Some(docker) = docker {
        let file = &docker.file.says;
        let target = service.build.as_ref().and_then(|build| build.target.as_ref());
        let number = target.and_then(|name| file.stage(name)).or(file.stages.len().checked_sub(1));
        return number
            .and_then(|number| file.image(number))
            .is_some_and(|image| image.node.is_some());
    }
    service.build.is_none()
        && service.image.as_ref().is_some_and(|image| Image::parse(&image.text).node.is_some())
}
