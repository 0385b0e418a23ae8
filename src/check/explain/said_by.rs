//! Determines the runtime that printed an error.

use semver::Version;

use crate::model::RuntimeName;
use crate::remedy::explain::Finding;
use crate::runtime::{Runtime, registry};

/// The runtime that printed the error: this one, unless the text names another.
pub(super) fn runtime(finding: &Finding, host: &Runtime) -> Runtime {
    let said = finding.abis.map(|(_, needed)| needed).or(finding.said_by);
    let Some(abi) = said.and_then(|abi| u32::try_from(abi).ok()) else {
        return of_text(finding, host);
    };
    if Some(abi) == host.abi {
        return host.clone();
    }
    let kinds = [RuntimeName::Node, RuntimeName::Electron, RuntimeName::Nw];
    let known =
        kinds.into_iter().find_map(|kind| Some((kind, registry::newest_with_abi(kind, abi)?)));
    match known {
        Some((kind, version)) => Runtime {
            kind,
            is_host: false,
            exec_path: None,
            ..host.at(&registry::release(kind, &version))
        },
        None => Runtime {
            abi: Some(abi),
            version: None,
            node: None,
            is_host: false,
            exec_path: None,
            ..host.clone()
        },
    }
}

/// The runtime that a text without ABIs names, or whose stack it shows.
fn of_text(finding: &Finding, host: &Runtime) -> Runtime {
    let context = &finding.context;
    let kind = context.runner.unwrap_or(RuntimeName::Node);
    let is_host = |version: &Version| host.version.as_ref() == Some(version);
    if kind == host.kind && context.version.as_ref().is_none_or(is_host) {
        return host.clone();
    }
    let other = Runtime { kind, is_host: false, exec_path: None, ..host.clone() };
    match &context.version {
        Some(version) => other.at(&registry::release(kind, version)),
        None => Runtime { version: None, node: None, abi: None, node_api: None, ..other },
    }
}
