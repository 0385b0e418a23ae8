//! Parts of errors, as issue titles and searches quote them: the general explanation, and the line
//! to look for.

use super::finding::Finding;
use super::text::pattern;
use crate::model::Code;
use crate::runtime::registry::title_of_abi;

/// A longer text is not read as a quotation.
const LONGEST: usize = 200;

/// Explains a text that is only a part of a known error.
pub(super) fn read(text: &str) -> Option<Finding> {
    if text.len() > LONGEST {
        return None;
    }
    let line = text.trim().trim_matches(['"', '\'', '`', '.', '*', ' ']);
    let line = line.strip_prefix("Error: ").unwrap_or(line).trim_matches(['"', '\'', '`', '.']);
    if line.contains('\n') {
        return None;
    }
    let finding = if line == "invalid ELF header" {
        let why = "the file is for another system (macOS or Windows), or it is not a binary; the \
            whole line names the file";
        Finding::refusal(Code::NotABinary, "a file is not a binary for Linux", why)
    } else if line == "Module did not self-register" {
        let why = "a file registers for another ABI only, or was loaded a second time; the lines \
            after it name the file";
        Finding::refusal(
            Code::SelfRegisterMismatch,
            "a file did not register as an addon for the runtime",
            why,
        )
    } else if let Some(said) =
        pattern!(r"^(?:version )?[`']?(GLIBC|GLIBCXX|CXXABI)_([\d.]{1,12})['`]? not found$")
            .captures(line)
    {
        let version = said[2].to_owned();
        match &said[1] {
            "GLIBC" => {
                let since = crate::verdict::since_glibc(&version)
                    .map(|since| format!(" ({since})"))
                    .unwrap_or_default();
                let why = format!(
                    "a file was built on a newer system, and needs glibc {version} or \
                        newer{since}; the whole line names it after \"required by\""
                );
                Finding::refusal(Code::GlibcTooOld, "the system's glibc is too old for a file", why)
            }
            name => {
                let why = format!(
                    "a file was built with a newer compiler, but the system's libstdc++ has no \
                        {name}_{version}; the whole line names it after \"required by\""
                );
                Finding::refusal(
                    Code::LibstdcxxTooOld,
                    "the system's libstdc++ is too old for a file",
                    why,
                )
            }
        }
    } else if let Some(said) = pattern!(
        r"^was compiled against a different Node\.js version using NODE_MODULE_VERSION (\d{1,4})$"
    )
    .captures(line)
    {
        let abi: i32 = said[1].parse().ok()?;
        let name = title_of_abi(abi);
        let why =
            "another release runs it; the next line has the number that this release requires";
        Finding::refusal(Code::AbiMismatch, format!("an addon was built for {name}"), why)
    } else {
        return None;
    };
    Some(finding.unsure())
}
