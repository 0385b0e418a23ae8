//! Variables and parameters of Azure Pipelines.

use std::collections::HashMap;

use crate::environment::files::budget::Budget;
use crate::environment::files::plans::plan::MOST;
use crate::environment::files::variables::LONGEST;

/// The values of variables and parameters, by the text that refers to them, without brackets.
pub(super) type Variables = HashMap<String, Vec<String>>;

/// `text` with `$(name)`, `${{ variables.name }}` and `${{ parameters.name }}` replaced by each of
/// their values; `None` if one isn't known.
pub(super) fn values(text: &str, variables: &Variables, budget: &Budget) -> Option<Vec<String>> {
    if !budget.spend(text.len()) {
        return None;
    }
    let most = variables.values().map(Vec::len).max().unwrap_or(1).clamp(1, MOST);
    let mut all: Vec<String> = Vec::new();
    for number in 0..most {
        let mut one = String::new();
        let mut rest = text;
        while let Some(start) = rest.find("$(").or_else(|| rest.find("${{")) {
            let (open, close) = if rest[start..].starts_with("$(") { (2, ")") } else { (3, "}}") };
            let end = rest[start..].find(close)? + start;
            let name = rest[start + open..end].trim();
            let name = name.strip_prefix("variables.").unwrap_or(name);
            let known = variables.get(name)?;
            let value = known.get(number).or_else(|| known.first())?;
            one.push_str(&rest[..start]);
            one.push_str(value);
            if one.len() > LONGEST || !budget.spend(one.len()) {
                return None;
            }
            rest = &rest[end + close.len()..];
        }
        one.push_str(rest);
        // A value that refers to other variables isn't expanded again.
        if one.contains("$(") || one.contains("${{") {
            return None;
        }
        if !all.contains(&one) {
            all.push(one);
        }
    }
    Some(all)
}
