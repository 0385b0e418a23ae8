//! The fix for engines of Prisma: `prisma generate` copies them into the generated client.

use crate::model::{Code, Facts, Fix};
use crate::remedy::commands::argv;
use crate::remedy::patient::{Patient, Reason};

impl Patient<'_> {
    /// Generates the client again. None for a problem of which the engine isn't the reason.
    pub(super) fn generate(&self, reason: &Reason) -> Option<Fix> {
        let commands = vec![argv(&["npx", "prisma", "generate"])];
        match (reason.code, &reason.facts) {
            (Code::NoMatchingPrebuild, Some(Facts::NoMatchingPrebuild(facts))) => {
                let wanted = &facts.wanted;
                let summary = match self.runtime.is_host {
                    true => format!(
                        "Run prisma generate on this system; binaryTargets in schema.prisma needs \
                            \"native\" or \"{wanted}\""
                    ),
                    false => format!(
                        "Add \"{}\" to binaryTargets in schema.prisma, and run prisma generate",
                        wanted.replace(" or ", "\" or \"")
                    ),
                };
                let why = "prisma generate copies the engines for binaryTargets into the client; \
                    by default only the one for the system that it runs on";
                Some(Fix { summary, why: why.to_owned(), commands, ..Fix::default() })
            }
            (
                Code::WrongPlatform
                | Code::WrongArch
                | Code::WrongLibc
                | Code::NotABinary
                | Code::Truncated
                | Code::Malformed,
                _,
            ) => Some(Fix {
                summary: "Generate Prisma Client again: run prisma generate".to_owned(),
                why:
                    "the engine isn't the file that its name says; prisma generate copies it again"
                        .to_owned(),
                commands,
                ..Fix::default()
            }),
            _ => None,
        }
    }
}
