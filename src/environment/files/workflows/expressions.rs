//! `${{ … }}`: the expressions whose value is known without running the workflow.

use std::collections::HashMap;
use std::rc::Rc;

use super::super::budget::Budget;
use super::super::variables::LONGEST as LONGEST_VALUE;

/// The values of an expression.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values {
    /// Each value it may have; `None` if the file doesn't show them.
    pub known: Option<Vec<String>>,
    /// True if the value differs between the jobs of a matrix.
    pub of_matrix: bool,
}

/// The contexts that an expression can refer to.
#[derive(Clone, Debug)]
pub(super) struct Scope<'a> {
    /// `env`, as written.
    pub environment: Rc<HashMap<String, String>>,
    /// `matrix`; `None` if it is computed while the workflow runs.
    pub matrix: Option<Rc<HashMap<String, Vec<String>>>>,
    /// `inputs` of an action. Those of a workflow aren't known.
    pub inputs: Option<Rc<HashMap<String, Values>>>,
    /// Limits the cost of evaluation.
    pub budget: &'a Budget,
}

/// The maximum number of values of one text.
const MOST: usize = 64;
/// The longest chain of variables in variables.
const LONGEST: usize = 4;

/// The values of `text`.
pub(super) fn values(text: &str, scope: &Scope<'_>) -> Values {
    resolve(text.trim(), scope, LONGEST)
}

fn resolve(text: &str, scope: &Scope<'_>, left: usize) -> Values {
    let mut all = Values { known: Some(vec![String::new()]), of_matrix: false };
    let mut rest = text;
    while let Some(start) = rest.find("${{") {
        if !scope.budget.spend(64) {
            return Values { known: None, ..all };
        }
        append(&mut all, &literal(&rest[..start]), scope.budget);
        let Some(end) = rest[start..].find("}}") else { return Values { known: None, ..all } };
        append(&mut all, &evaluate(rest[start + 3..start + end].trim(), scope, left), scope.budget);
        rest = &rest[start + end + 2..];
    }
    append(&mut all, &literal(rest), scope.budget);
    all
}

fn literal(text: &str) -> Values {
    Values { known: Some(vec![text.to_owned()]), of_matrix: false }
}

fn append(all: &mut Values, more: &Values, budget: &Budget) {
    all.of_matrix |= more.of_matrix;
    let longest =
        |known: &Option<Vec<String>>| known.iter().flatten().map(String::len).max().unwrap_or(0);
    let length = longest(&all.known) + longest(&more.known);
    let count = |known: &Option<Vec<String>>| known.as_ref().map_or(0, Vec::len);
    let is_affordable = length <= LONGEST_VALUE
        && budget.spend(length * count(&all.known).min(MOST) * count(&more.known).min(MOST));
    all.known = match (&all.known, &more.known) {
        (Some(starts), Some(ends)) if is_affordable && starts.len() * ends.len() <= MOST => Some(
            starts
                .iter()
                .flat_map(|start| ends.iter().map(move |end| format!("{start}{end}")))
                .collect(),
        ),
        _ => None,
    };
}

fn evaluate(expression: &str, scope: &Scope<'_>, left: usize) -> Values {
    // `matrix.node || '20'`: the values of both sides.
    if expression.contains("||") {
        let mut all = Values { known: Some(Vec::new()), of_matrix: false };
        for one in expression.split("||").take(MOST) {
            let one = single(one.trim(), scope, left);
            all.of_matrix |= one.of_matrix;
            all.known = all.known.zip(one.known).map(|(mut known, more)| {
                known.extend(more);
                known
            });
            all.known = all.known.filter(|known| known.len() <= MOST);
        }
        return all;
    }
    single(expression, scope, left)
}

/// The values of an expression without `||`.
fn single(expression: &str, scope: &Scope<'_>, left: usize) -> Values {
    let unknown = Values::default();
    if !scope.budget.spend(64 + expression.len()) {
        return unknown;
    }
    if let Some(text) = expression.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        return literal(text);
    }
    let path = expression.replace("['", ".").replace("']", "");
    let Some((context, name)) = path.split_once('.') else { return unknown };
    match context {
        "matrix" => {
            let known = scope
                .matrix
                .as_ref()
                .and_then(|axes| axes.get(name))
                .filter(|values| values.len() <= MOST);
            let known =
                known.filter(|values| scope.budget.spend(values.iter().map(String::len).sum()));
            // A value of the matrix may itself be an expression.
            let known =
                known.filter(|values| !values.iter().any(|value| value.contains("${{"))).cloned();
            Values { known, of_matrix: true }
        }
        "env" => match (scope.environment.get(name), left.checked_sub(1)) {
            (Some(text), Some(left)) => resolve(text, scope, left),
            _ => unknown,
        },
        "inputs" => scope
            .inputs
            .as_ref()
            .and_then(|inputs| inputs.get(&name.to_ascii_lowercase()))
            .cloned()
            .unwrap_or_default(),
        _ => unknown,
    }
}
