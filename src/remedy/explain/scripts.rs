//! Messages of package managers that don't run install scripts.

use super::finding::{Finding, Weight};
use super::known::Known;
use super::text::{Window, pattern};
use crate::model::ErrorCode;
use crate::remedy::package_name::is_package_name;

pub(super) const KNOWN: &[Known] = &[
    Known { anchor: "Ignored build scripts: ", read: pnpm_ignored },
    Known { anchor: "not yet covered by allowScripts", read: npm_unapproved },
    Known { anchor: "blocked because they are not covered by allowScripts", read: npm_unapproved },
    Known {
        anchor: "lists build scripts, but all build scripts have been disabled",
        read: yarn_disabled,
    },
    Known {
        anchor: "lists build scripts, but its build has been explicitly disabled",
        read: yarn_disabled,
    },
    Known { anchor: "Run `bun pm untrusted` for details", read: bun_blocked },
    Known {
        anchor: "npm lifecycle scripts (preinstall/install/postinstall) that were not executed",
        read: deno_ignored,
    },
];

fn blocked(summary: String, why: &str) -> Finding {
    Finding::error(ErrorCode::ScriptsBlocked, Weight::Guess, summary, why)
}

fn pnpm_ignored(window: &Window<'_>) -> Option<Finding> {
    // The list is in a box, and in a narrow terminal it has several lines: up to the full stop, or
    // up to a line that doesn't end in a comma.
    let mut list = String::new();
    for line in window.after().lines().take(20) {
        let line = line.rsplit_once("│   ").map_or(line, |(_, line)| line);
        let part = line.trim_end_matches(['│', ' ']);
        list.push_str(if list.is_empty() { "" } else { " " });
        list.push_str(part.trim());
        if !part.ends_with(',') {
            break;
        }
    }
    // "… Run "pnpm approve-builds" to pick which dependencies should be allowed": in one line.
    let list = list.split(". ").next().unwrap_or_default().trim_end_matches('.');
    let first = list.split(',').next()?.trim();
    let name = first.get(1..)?.find('@').map_or(first, |at| &first[..=at]);
    let finding = blocked(
        format!("pnpm didn't run the install scripts of {list}"),
        "pnpm 10 and newer run them for approved packages only",
    );
    // Names make it work without a terminal from pnpm 11 on. pnpm 10 ignores them.
    let name_of = |entry: &str| {
        let entry = entry.trim();
        let at = entry.get(1..).and_then(|rest| rest.find('@'));
        let (name, what) = at.map_or((entry, ""), |at| (&entry[..=at], &entry[at + 2..]));
        // A package from a file is approved by its full specifier only.
        let is_version = what.is_empty() || what.starts_with(|c: char| c.is_ascii_digit());
        (is_version && is_package_name(name)).then(|| name.to_owned())
    };
    let names: Option<Vec<String>> = list.split(',').map(name_of).collect();
    let names = names.unwrap_or_default();
    let command: Vec<&str> =
        ["pnpm", "approve-builds"].into_iter().chain(names.iter().map(String::as_str)).collect();
    let summary = "Approve those that build an addon (pnpm 10 ignores the names and asks, which \
        needs a terminal: add them to onlyBuiltDependencies elsewhere)";
    Some(finding.package(name).command(summary, &command))
}

fn npm_unapproved(window: &Window<'_>) -> Option<Finding> {
    let blocks = window.line().contains("blocked");
    // "npm warn install-scripts   tiny-addon@1.0.0 (install: node-gyp rebuild)"
    let named = window.after().lines().skip(1).take(50).map_while(|line| {
        let said = pattern!(r" (@?[\w./~-]{1,200}?)@[^\s(]{1,200} \((?:pre|post)?install: ")
            .captures(line)?;
        Some(said[1].to_owned())
    });
    let mut names: Vec<String> = Vec::new();
    for name in named.filter(|name| is_package_name(name)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let summary = if blocks {
        "npm didn't run install scripts that aren't approved"
    } else {
        "npm will not run these install scripts in its next version"
    };
    let finding =
        blocked(summary.to_owned(), "npm 12 and newer run them for packages in allowScripts only");
    let Some(first) = names.first() else { return Some(finding) };
    let command: Vec<&str> =
        ["npm", "approve-scripts"].into_iter().chain(names.iter().map(String::as_str)).collect();
    Some(finding.command("Approve those that build an addon", &command).package(first))
}

fn yarn_disabled(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(r"(<package>)@[^\s]{1,400} $").captures(window.before())?;
    let package = said[1].to_owned();
    if !is_package_name(&package) {
        return None;
    }
    let why = if window.from().starts_with("lists build scripts, but all") {
        "enableScripts forbids it, as it does since Yarn 4.14"
    } else {
        "dependenciesMeta in package.json forbids it"
    };
    let finding = blocked(format!("Yarn didn't run the install script of {package}"), why);
    let setting = format!("dependenciesMeta[{package}].built=true");
    Some(finding.command("Let it run", &["npm", "pkg", "set", "--json", &setting]).package(package))
}

fn bun_blocked(window: &Window<'_>) -> Option<Finding> {
    if !window.before().contains("Blocked ") {
        return None;
    }
    let finding = blocked(
        "Bun didn't run install scripts".to_owned(),
        "Bun runs those of packages in trustedDependencies only",
    );
    Some(finding.command(
        "See which, and trust those that build an addon (bun pm trust <package>)",
        &["bun", "pm", "untrusted"],
    ))
}

fn deno_ignored(window: &Window<'_>) -> Option<Finding> {
    // "┠─ npm:better-sqlite3@11.8.1"
    let said = pattern!(r"npm:(<package>)@([\w.+-]{1,60})").captures(window.after())?;
    if !is_package_name(&said[1]) {
        return None;
    }
    let allowed = format!("--allow-scripts=npm:{}@{}", &said[1], &said[2]);
    let why = "Deno runs them for allowed packages only";
    let finding = blocked(format!("Deno didn't run the install script of {}", &said[1]), why);
    Some(finding.package(&said[1]).command("Let it run", &["deno", "install", &allowed]))
}
