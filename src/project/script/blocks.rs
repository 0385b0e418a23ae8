//! Reads statements in their order, and the errors of which a script has a fallback for.

use super::dead_code::{branches, leaves, throws};
use super::fallback::{has_try, swallows};
use super::rejection::rejects;
use super::said::{Follow, Mention};
use super::state::{Script, Step, Thrown, step};
use super::syntax::Statement;

impl<'s> Script<'s> {
    /// Reads all statements of a script; `may_catch`: it may swallow errors.
    pub(super) fn whole(
        &mut self,
        reader: &mut dyn Follow,
        statements: &[Statement<'s>],
        may_catch: bool,
        guarded: bool,
    ) -> Step {
        if may_catch {
            self.thrown = Thrown::read(statements, self.settled_scope(reader));
        }
        self.block(reader, statements, guarded)?;
        let is_entry = self.depth == 0 && !guarded && reader.host().is_some();
        if is_entry && rejects(statements, self.settled_scope(reader)) {
            return step(reader.tell(Mention::Rejection, guarded));
        }
        Step::Continue(())
    }

    /// Reads statements; `guarded`: the script has a fallback for errors in them.
    pub(super) fn block(
        &mut self,
        reader: &mut dyn Follow,
        statements: &[Statement<'s>],
        guarded: bool,
    ) -> Step {
        for (index, statement) in statements.iter().enumerate() {
            let rest = &statements[index + 1..];
            let failed_later = self.fails_later;
            self.fails_later = failed_later || self.is_demanded_later(reader, statement, rest);
            if let Statement::Try(one) = statement {
                let scope = self.settled_scope(reader);
                let is_swallowed =
                    !guarded && !failed_later && swallows(one, rest, &self.thrown, scope);
                self.block(reader, &one.block, guarded || is_swallowed)?;
                self.block(reader, one.handler.as_deref().unwrap_or_default(), guarded)?;
                self.block(reader, &one.last, guarded)?;
                self.fails_later = failed_later;
                continue;
            }
            self.statement(reader, statement, guarded)?;
            self.fails_later = failed_later;
            if let Statement::If { arms, otherwise } = statement
                && reader.host().is_some()
                && leaves(&branches(arms, otherwise.as_deref(), self.settled_scope(reader)))
            {
                // Functions that are declared there can be called before.
                for statement in rest {
                    if let Statement::Function(function) = statement {
                        self.function(reader, function, guarded)?;
                    }
                }
                break;
            }
        }
        Step::Continue(())
    }

    /// True if the script throws after a statement that tries something: "for (…) { try … } if
    /// (!found) throw …".
    fn is_demanded_later(
        &self,
        reader: &dyn Follow,
        statement: &Statement<'s>,
        rest: &[Statement<'s>],
    ) -> bool {
        let may_try = matches!(
            statement,
            Statement::Block(_) | Statement::If { .. } | Statement::Loop(_) | Statement::Switch(_)
        );
        let scope = self.settled_scope(reader);
        may_try && !rest.is_empty() && has_try(statement, scope) && throws(rest, scope)
    }
}
