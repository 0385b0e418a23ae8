//! What the operating system's loader finds or misses before Node is asked: symbols.

use super::{Case, Code, Problem, Verdict};

/// Symbols without which loading fails.
pub(super) fn judge(case: &Case<'_>, verdict: &mut Verdict) {
    let Some(missing) = case.linkage.and_then(|linkage| linkage.symbols.as_ref()) else { return };
    let title = case.runtime.title();
    if let Some(name) = &missing.eager {
        let problem = Problem::error(Code::MissingSymbol, format!("needs the function {name}, which {title} doesn't have"));
        verdict.throws(Some(format!("{}: undefined symbol: {name}", case.file)), problem.with("symbol", name.as_str()));
    } else if let Some(name) = &missing.called_by_constructor {
        let message = format!("calls the function {name} while it loads, which {title} doesn't have: the process ends");
        verdict.crashes(Problem::error(Code::MissingSymbol, message).with("symbol", name.as_str()));
    }
}

/// Symbols that are missed only when they are called.
pub(super) fn warn(case: &Case<'_>, verdict: &mut Verdict) {
    let Some(missing) = case.linkage.and_then(|linkage| linkage.symbols.as_ref()) else { return };
    let [first, rest @ ..] = &missing.lazy[..] else { return };
    let others = match rest.len() {
        0 => String::new(),
        1 => " and 1 other function".to_owned(),
        more => format!(" and {more} other functions"),
    };
    verdict.warns(
        Problem::warning(
            Code::LazyMissingSymbol,
            format!("{} doesn't have {first}{others}: the process ends when it is called", case.runtime.title()),
        )
        .with("symbols", missing.lazy.clone()),
    );
}
