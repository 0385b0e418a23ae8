//! Hybrids: addons that register through Node-API, so Node does no ABI check, but also call V8 or
//! Node's C++ functions.

use semver::Version;

use super::case::{Case, Verdict};
use super::words;
use crate::addon::is_cxx_host_symbol;
use crate::linking::Missing;
use crate::model::problem::abi::V8Coupled;
use crate::model::problem::file::Subject;
use crate::model::{AddonApi, Problem};

pub(super) fn judge(case: &Case<'_>, verdict: &mut Verdict) {
    let (Some(addon), Some(linkage)) = (case.addon, case.linkage) else { return };
    if addon.api() != AddonApi::Hybrid {
        return;
    }
    let fits = linkage.releases.as_deref().map(lines);
    let has = |abi: u32| i32::try_from(abi).map_or(Some(false), |abi| case.runtime.has_abi(abi));
    let named = case.named_abi.filter(|named| has(*named) == Some(false));
    let range = fits.as_deref().filter(|lines| !lines.is_empty()).map(spoken);
    let lacks = |missing: &Missing| {
        missing.lazy.iter().chain(&missing.eager).any(|name| is_cxx_host_symbol(name.as_bytes()))
    };
    let beginning = "registers through Node-API, so no runtime checks its ABI, but calls V8 \
        directly";
    // No warning if the file's name states exactly the runtime's ABI. If the runtime's ABI isn't
    // known, the exported C++ functions decide.
    let is_unknown = case.runtime.is_unlisted();
    let is_known = case.runtime.abi.is_some() || !linkage.symbols.as_ref().is_some_and(lacks);
    if !is_unknown && named.is_none() && case.named_abi.is_some() && is_known {
        return;
    }
    let message = match (&range, named) {
        (_, Some(named)) => format!(
            "{beginning}; its name says {}, {}",
            words::built_for(i32::try_from(named).unwrap_or(i32::MAX)),
            words::needs_abi(case.runtime)
        ),
        (Some(range), None) => format!("{beginning}: the functions it calls exist in {range}"),
        (None, None) => format!(
            "{beginning}, and no release from Node.js 16 on has all the \
            functions it calls"
        ),
    };
    if fits.is_some() || named.is_some() {
        let facts = V8Coupled { fits, named_abi: case.named_abi };
        verdict.warns(Problem::warning(facts, message));
    }
    if is_unknown {
        let message = format!(
            "abi-guard doesn't know whether it works with the V8 of {}",
            case.runtime.title()
        );
        verdict.unknown(Subject::Abi, message);
    }
}

fn lines(releases: &[Version]) -> Vec<u64> {
    releases.iter().map(|release| release.major).collect()
}

/// "Node.js 18 to 20 and 22". An odd release line between two lines that fit is included without a
/// check, because the exports of odd lines are not all known.
fn spoken(lines: &[u64]) -> String {
    let mut runs: Vec<(u64, u64)> = Vec::new();
    for line in lines {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *line || (*last % 2 == 0 && *last + 2 == *line) => {
                *last = *line;
            }
            _ => runs.push((*line, *line)),
        }
    }
    let runs: Vec<String> = runs
        .into_iter()
        .map(
            |(first, last)| {
                if first == last { first.to_string() } else { format!("{first} to {last}") }
            },
        )
        .collect();
    match runs.split_last() {
        Some((last, [])) => format!("Node.js {last}"),
        Some((last, others)) => format!("Node.js {} and {last}", others.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::spoken;

    #[test]
    fn release_lines_are_written_as_ranges() {
        assert_eq!(spoken(&[18]), "Node.js 18");
        assert_eq!(spoken(&[18, 19, 20]), "Node.js 18 to 20");
        assert_eq!(spoken(&[16, 19, 20, 26]), "Node.js 16, 19 to 20 and 26");
        assert_eq!(spoken(&[18, 20, 22]), "Node.js 18 to 22");
    }
}
