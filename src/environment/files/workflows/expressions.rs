//! `${{ … }}`: the few expressions that have a value without running anything.

use std::collections::HashMap;

use super::Values;

/// What an expression can refer to.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    /// `env`, as written.
    pub environment: HashMap<String, String>,
    /// `matrix`; `None` where it is made while the workflow runs.
    pub matrix: Option<HashMap<String, Vec<String>>>,
    /// `inputs` of an action; of a workflow they aren't known.
    pub inputs: Option<HashMap<String, Values>>,
}

/// Most values of one text.
const MOST: usize = 64;
/// Longest chain of variables in variables.
const LONGEST: usize = 4;

/// What `text` comes to.
pub(super) fn values(text: &str, scope: &Scope) -> Values {
    resolve(text.trim(), scope, LONGEST)
}

fn resolve(text: &str, scope: &Scope, left: usize) -> Values {
    let mut all = Values { known: Some(vec![String::new()]), of_matrix: false };
    let mut rest = text;
    while let Some(start) = rest.find("${{") {
        append(&mut all, &literal(&rest[..start]));
        let Some(end) = rest[start..].find("}}") else { return Values { known: None, ..all } };
        append(&mut all, &evaluate(rest[start + 3..start + end].trim(), scope, left));
        rest = &rest[start + end + 2..];
    }
    append(&mut all, &literal(rest));
    all
}

fn literal(text: &str) -> Values {
    Values { known: Some(vec![text.to_owned()]), of_matrix: false }
}

fn append(all: &mut Values, more: &Values) {
    all.of_matrix |= more.of_matrix;
    all.known = match (&all.known, &more.known) {
        (Some(starts), Some(ends)) if starts.len() * ends.len() <= MOST => {
            Some(starts.iter().flat_map(|start| ends.iter().map(move |end| format!("{start}{end}"))).collect())
        }
        _ => None,
    };
}

fn evaluate(expression: &str, scope: &Scope, left: usize) -> Values {
    // `matrix.node || '20'`: any of them.
    if let Some((first, second)) = expression.split_once("||") {
        let (first, second) = (evaluate(first.trim(), scope, left), evaluate(second.trim(), scope, left));
        let known = first.known.zip(second.known).map(|(mut known, more)| {
            known.extend(more);
            known
        });
        return Values { known, of_matrix: first.of_matrix || second.of_matrix };
    }
    let unknown = Values::default();
    if let Some(text) = expression.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        return literal(text);
    }
    let path = expression.replace("['", ".").replace("']", "");
    let Some((context, name)) = path.split_once('.') else { return unknown };
    match context {
        "matrix" => {
            let known = scope.matrix.as_ref().and_then(|axes| axes.get(name)).cloned();
            // A value of the matrix may be an expression itself.
            let known = known.filter(|values| !values.iter().any(|value| value.contains("${{")));
            Values { known, of_matrix: true }
        }
        "env" => match (scope.environment.get(name), left.checked_sub(1)) {
            (Some(text), Some(left)) => resolve(text, scope, left),
            _ => unknown,
        },
        "inputs" => scope.inputs.as_ref().and_then(|inputs| inputs.get(&name.to_ascii_lowercase())).cloned().unwrap_or_default(),
        _ => unknown,
    }
}
