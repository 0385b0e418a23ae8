//! Scripts that throw on a system before they load anything:
//! `if (platform === 'linux' && arch === 'x64') … else throw new Error('Unsupported')`.

use super::dead_code::{branches, cases, leaves};
use super::syntax::Statement;
use super::value::Scope;

/// True if the statements of a script end with a `throw` on the system, whatever else it does.
pub fn rejects(statements: &[Statement<'_>], scope: Scope<'_, '_>) -> bool {
    for (index, statement) in statements.iter().enumerate() {
        if index % 8 == 7 && !scope.work.spend(1) {
            return false;
        }
        match statement {
            Statement::Throw(_) => return true,
            Statement::Return(_) => return false,
            Statement::Block(inner) if rejects(inner, scope) => return true,
            Statement::If { arms, otherwise } => {
                let branches = branches(arms, otherwise.as_deref(), scope);
                if let ([live], true) = (branches.live.as_slice(), branches.is_decided)
                    && rejects(std::slice::from_ref(live), scope)
                {
                    return true;
                }
                if leaves(&branches) {
                    return false;
                }
            }
            // Which of several cases runs isn't always known.
            Statement::Switch(one) => {
                let live = cases(one, scope);
                let has_default = live.iter().any(|case| case.label.is_none());
                if has_default && live.iter().all(|case| rejects(&case.body, scope)) {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}
