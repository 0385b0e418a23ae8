//! Errors of Prisma about its engines, which are addons.

use super::finding::{Finding, Weight};
use super::known::Known;
use super::text::{Window, pattern};
use crate::model::Code;

pub(super) const KNOWN: &[Known] = &[
    Known { anchor: "could not locate the Query Engine for runtime ", read: engine },
    Known { anchor: "uery engine library for current platform ", read: engine },
    Known { anchor: "uery Engine library for current platform ", read: engine },
    Known { anchor: "uery engine binary for current platform ", read: engine },
    Known { anchor: "uery Engine binary for current platform ", read: engine },
    Known { anchor: "Prisma cannot find the required `libssl`", read: openssl },
];

/// "Prisma cannot find the required `libssl` system library in your system. Please install
/// openssl-3.0.x and try again."
fn openssl(window: &Window<'_>) -> Option<Finding> {
    let said = pattern!(r"install openssl-([\d.x]{1,10})").captures(window.rest());
    let version =
        said.map(|said| format!(" {}", said[1].trim_end_matches(".x"))).unwrap_or_default();
    let finding = Finding::refusal(
        Code::MissingLibrary,
        format!("the library libssl of OpenSSL{version} is missing"),
        "the engine of Prisma needs it, and small images don't contain it",
    );
    Some(finding.package("@prisma/client").advice(
        "Install openssl in the image (apt-get install openssl, apk add openssl), then run prisma \
            generate again",
    ))
}

fn engine(window: &Window<'_>) -> Option<Finding> {
    let needed = pattern!(r#"^[\\"'`]{0,2}([\w.-]{1,60})"#).captures(window.after())?[1].to_owned();
    let generated = pattern!(r#"generated for "([\w.-]{1,60})""#).captures(window.after());
    let (summary, why) = match generated {
        Some(said) => (
            format!("Prisma Client has an engine for {}, but {needed} runs it", &said[1]),
            "the engine was generated on another system, or for another OpenSSL, than the system \
                that runs it",
        ),
        None => (
            format!("Prisma Client has no engine for {needed}"),
            "the engine was generated on another system, or a bundler or a deployment didn't copy \
                it",
        ),
    };
    let how = format!(
        "Add \"{needed}\" to binaryTargets in schema.prisma, and run prisma generate before the \
            project is packed"
    );
    Some(
        Finding::of(Code::NoMatchingPrebuild, Weight::Refusal, summary, why)
            .package("@prisma/client")
            .command(how, &["npx", "prisma", "generate"]),
    )
}
