//! What the operating system's loader finds or misses before Node is asked: symbols.

use super::{Case, Code, Problem, Verdict, words};

/// Symbols without which loading fails.
pub(super) fn judge(case: &Case<'_>, verdict: &mut Verdict) {
    let Some(missing) = case.linkage.and_then(|linkage| linkage.symbols.as_ref()) else { return };
    let title = case.runtime.title();
    if let Some(number) = missing.unsupported {
        let text = format!("Error relocating {}: unsupported relocation type {number}", case.file);
        let built_for = case.image.and_then(|image| image.arch).unwrap_or("another processor");
        let message = format!("built for {built_for}, {}", words::system(case.runtime));
        let problem = Problem::error(Code::WrongArch, message).with("builtFor", built_for);
        return verdict.throws(Some(text), problem.with("required", case.runtime.arch.as_str()));
    }
    if let Some(name) = &missing.fixed_storage {
        let file = case.file;
        let text = format!("Error relocating {file}: {name}: initial-exec TLS resolves to dynamic definition in {file}");
        let message = "its thread-local storage needs a place that musl gives only to what is there when the process starts: it was \
                       built for glibc, or with the wrong TLS model";
        return verdict.throws(Some(text), Problem::error(Code::StaticTls, message).with("symbol", name.as_str()));
    }
    if let Some(name) = &missing.eager {
        let problem = Problem::error(Code::MissingSymbol, format!("needs the function {name}, which {title} doesn't have"));
        let text = match case.runtime.libc.as_deref() {
            Some("musl") => format!("Error relocating {}: {name}: symbol not found", case.file),
            _ => format!("{}: undefined symbol: {name}", case.file),
        };
        verdict.throws(Some(text), problem.with("symbol", name.as_str()));
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
