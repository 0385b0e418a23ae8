//! Reads one script in its order: reports what it requires, imports, calls and contains as text.

use super::dead_code::cases;
use super::loads::{is_require, loader_named};
use super::said::{Follow, Mention};
use super::state::{Script, Step, step};
use super::syntax::{
    Assignment, Chain, Chunk, Class, Conditional, Expression, Function, Link, Operation, Property,
    Statement, Switch,
};
use super::value::product;
use crate::model::Convention;

impl<'s> Script<'s> {
    pub(super) fn statement(
        &mut self,
        reader: &mut dyn Follow,
        statement: &Statement<'s>,
        guarded: bool,
    ) -> Step {
        match statement {
            Statement::Expression(value) | Statement::Return(value) | Statement::Throw(value) => {
                self.expression(reader, value, guarded)
            }
            Statement::Declare(declarations) => {
                for declaration in declarations {
                    let (target, value) = (&declaration.target, &declaration.value);
                    self.assign(reader, target, "=", value, guarded)?;
                    self.expression(reader, value, guarded)?;
                }
                Step::Continue(())
            }
            Statement::Block(statements) => self.block(reader, statements, guarded),
            Statement::If { arms, otherwise } => {
                for (test, body) in arms {
                    self.expression(reader, test, guarded)?;
                    match self.is_known(reader, test) {
                        Some(false) => {}
                        Some(true) => return self.statement(reader, body, guarded),
                        None => self.statement(reader, body, guarded)?,
                    }
                }
                otherwise
                    .as_deref()
                    .map_or(Step::Continue(()), |body| self.statement(reader, body, guarded))
            }
            Statement::Loop(one) => {
                self.block(reader, &one.head, guarded)?;
                if let Some(list) = &one.list {
                    self.expression(reader, list, guarded)?;
                }
                self.statement(reader, &one.body, guarded)
            }
            Statement::Switch(one) => self.switch(reader, one, guarded),
            Statement::Try(_) => self.block(reader, std::slice::from_ref(statement), guarded),
            Statement::Function(function) => self.function(reader, function, guarded),
            Statement::Module(module) => match self.own_script(reader, module.specifier) {
                Some(path) => step(reader.resolve_import(&path, guarded, self.depth + 1)),
                None => self.specifier(reader, module.specifier, &module.names, guarded),
            },
            Statement::Empty => Step::Continue(()),
        }
    }

    fn switch(&mut self, reader: &mut dyn Follow, one: &Switch<'s>, guarded: bool) -> Step {
        self.expression(reader, &one.value, guarded)?;
        let live: Vec<*const _> =
            cases(one, self.settled_scope(reader)).into_iter().map(std::ptr::from_ref).collect();
        for case in &one.cases {
            if let Some(label) = &case.label {
                self.expression(reader, label, guarded)?;
            }
            if live.contains(&std::ptr::from_ref(case)) {
                self.block(reader, &case.body, guarded)?;
            }
        }
        Step::Continue(())
    }

    pub(super) fn function(
        &mut self,
        reader: &mut dyn Follow,
        function: &Function<'s>,
        guarded: bool,
    ) -> Step {
        for parameter in &function.parameters {
            if !matches!(parameter, Expression::Name(_)) {
                self.expression(reader, parameter, guarded)?;
            }
        }
        if self.leaves_functions_out {
            return Step::Continue(());
        }
        // A function runs at another time than the statements around it.
        let fails_later = std::mem::take(&mut self.fails_later);
        let step = self.block(reader, &function.body, guarded);
        self.fails_later = fails_later;
        step
    }

    fn class(&mut self, reader: &mut dyn Follow, class: &Class<'s>, guarded: bool) -> Step {
        if let Some(base) = &class.base {
            self.expression(reader, base, guarded)?;
        }
        self.properties(reader, &class.members, guarded)
    }

    fn properties(
        &mut self,
        reader: &mut dyn Follow,
        properties: &[Property<'s>],
        guarded: bool,
    ) -> Step {
        for property in properties {
            if let (Some(key), true) = (property.key, property.is_quoted) {
                self.report(reader, &Expression::Text(key), false, guarded)?;
            }
            if let Some(key) = &property.computed {
                self.expression(reader, key, guarded)?;
            }
            self.expression(reader, &property.value, guarded)?;
        }
        Step::Continue(())
    }

    pub(super) fn all(
        &mut self,
        reader: &mut dyn Follow,
        expressions: &[Expression<'s>],
        guarded: bool,
    ) -> Step {
        expressions.iter().try_for_each(|one| self.expression(reader, one, guarded))
    }

    pub(super) fn chunks(
        &mut self,
        reader: &mut dyn Follow,
        chunks: &[Chunk<'s>],
        guarded: bool,
    ) -> Step {
        chunks.iter().try_for_each(|chunk| match chunk {
            Chunk::Text(_) => Step::Continue(()),
            Chunk::Expression(expression) => self.expression(reader, expression, guarded),
        })
    }

    /// Reads an expression. If it is a path as a whole, that is reported, else its parts are read.
    pub(super) fn expression(
        &mut self,
        reader: &mut dyn Follow,
        expression: &Expression<'s>,
        guarded: bool,
    ) -> Step {
        if reader.work().is_spent() {
            return Step::Break(());
        }
        match expression {
            Expression::Chain(chain) => {
                let is_known =
                    !self.loads.begin(chain) && self.report(reader, expression, false, guarded)?;
                self.muted(is_known, reader, |script, reader| script.chain(reader, chain, guarded))
            }
            Expression::Text(_) | Expression::Name(_) => {
                self.report(reader, expression, false, guarded).map_continue(|_| ())
            }
            Expression::Template(chunks) => {
                let is_known = self.report(reader, expression, false, guarded)?;
                self.muted(is_known, reader, |script, reader| {
                    script.chunks(reader, chunks, guarded)
                })
            }
            Expression::Conditional(choice) => {
                if self.is_reported(reader, expression, guarded)? {
                    return Step::Continue(());
                }
                self.conditional(reader, choice, guarded)
            }
            Expression::Operation(operation) => {
                if self.is_reported(reader, expression, guarded)? {
                    return Step::Continue(());
                }
                self.operation(reader, operation, guarded)
            }
            Expression::Assignment(one) => {
                let Assignment { targets, value } = one.as_ref();
                for (target, operator) in targets {
                    self.assign(reader, target, operator, value, guarded)?;
                }
                self.expression(reader, value, guarded)
            }
            Expression::List(values) | Expression::Sequence(values) => {
                self.all(reader, values, guarded)
            }
            Expression::Object(properties) => self.properties(reader, properties, guarded),
            Expression::Function(function) => self.function(reader, function, guarded),
            Expression::Class(class) => self.class(reader, class, guarded),
            Expression::Unary(_, operand) => self.expression(reader, operand, guarded),
            Expression::Number | Expression::Regex | Expression::Missing => Step::Continue(()),
        }
    }

    /// Reports a choice or an operation that requires nothing. False if its parts must be read.
    fn is_reported(
        &mut self,
        reader: &mut dyn Follow,
        expression: &Expression<'s>,
        guarded: bool,
    ) -> Step<bool> {
        if self.has_load(reader, expression) {
            return Step::Continue(false);
        }
        self.report(reader, expression, false, guarded)
    }

    fn conditional(
        &mut self,
        reader: &mut dyn Follow,
        choice: &Conditional<'s>,
        guarded: bool,
    ) -> Step {
        for (test, value) in &choice.arms {
            self.expression(reader, test, guarded)?;
            match self.is_known(reader, test) {
                Some(false) => {}
                Some(true) => return self.expression(reader, value, guarded),
                None => self.expression(reader, value, guarded)?,
            }
        }
        self.expression(reader, &choice.otherwise, guarded)
    }

    fn operation(
        &mut self,
        reader: &mut dyn Follow,
        operation: &Operation<'s>,
        guarded: bool,
    ) -> Step {
        self.expression(reader, &operation.first, guarded)?;
        let mut before = &operation.first;
        for (operator, operand) in &operation.rest {
            // "isWindows && require(…)"
            if *operator == "&&" && self.is_known(reader, before) == Some(false) {
                break;
            }
            self.expression(reader, operand, guarded)?;
            before = operand;
        }
        Step::Continue(())
    }

    /// Notes what a target of an assignment or a declaration stands for. The caller reads the
    /// value.
    fn assign(
        &mut self,
        reader: &mut dyn Follow,
        target: &Expression<'s>,
        operator: &str,
        value: &Expression<'s>,
        guarded: bool,
    ) -> Step {
        if let Expression::Name(name) = target {
            match operator {
                "=" if !self.settled.names.contains_key(name) => {
                    let values = self.values(reader, value);
                    self.note(name, values);
                }
                // "name += '-musl'": it may run, or not.
                "+=" => {
                    let known = self.constants.names.get(name).cloned().unwrap_or_default();
                    let more = self.values(reader, value);
                    self.note(name, product(known, more, ""));
                }
                _ => {}
            }
        } else {
            self.expression(reader, target, guarded)?;
        }
        if operator == "=" {
            self.loads.note(self.folder, target, value);
        }
        Step::Continue(())
    }

    /// Reads members and calls of a value, from left to right.
    pub(super) fn chain(
        &mut self,
        reader: &mut dyn Follow,
        chain: &Chain<'s>,
        guarded: bool,
    ) -> Step {
        let (mut name, mut module) = match &chain.head {
            Expression::Name(name) => (Some(*name), self.loads.loaders.get(name).copied()),
            head => {
                self.expression(reader, head, guarded)?;
                (None, self.loads.loader_of(head))
            }
        };
        for (index, link) in chain.links.iter().enumerate() {
            match link {
                Link::Member(member) => name = Some(member),
                Link::Index(key) => {
                    self.expression(reader, key, guarded)?;
                    (name, module) = (None, None);
                }
                Link::Tagged(chunks) => {
                    self.chunks(reader, chunks, guarded)?;
                    (name, module) = (None, None);
                }
                Link::Call(arguments) => {
                    if let Some(loader) = module.take() {
                        self.call(reader, loader, arguments, guarded)?;
                        self.all(reader, arguments, guarded)?;
                        name = None;
                    } else if name.is_some_and(is_require) || (index == 0 && name == Some("import"))
                    {
                        module = self.required(reader, arguments, guarded)?;
                        name = None;
                    } else if name == Some("createRequire") {
                        name = Some("require");
                    } else {
                        self.all(reader, arguments, guarded)?;
                        // "__importDefault(require('bindings')).default('x')"
                        module = match arguments.as_slice() {
                            [argument @ Expression::Chain(_)] => self.loads.loader_of(argument),
                            _ => None,
                        };
                        name = None;
                    }
                }
            }
        }
        Step::Continue(())
    }

    /// `require(…)` and `import(…)`: the convention of the module, if it loads addons.
    fn required(
        &mut self,
        reader: &mut dyn Follow,
        arguments: &[Expression<'s>],
        guarded: bool,
    ) -> Step<Option<&'static Convention>> {
        let [first, rest @ ..] = arguments else { return Step::Continue(None) };
        if let (Expression::Text(specifier), []) = (first, rest) {
            let loader = loader_named(specifier);
            match loader {
                // Called as a method: "require.addon('.', __filename)".
                Some(loader @ Convention::RequireAddon) => {
                    let folder = self.folder.to_owned();
                    let mention = Mention::Loader { loader, folder, arguments: Vec::new() };
                    step(reader.tell(mention, guarded))?;
                    return Step::Continue(None);
                }
                Some(_) => {}
                None => self.specifier(reader, specifier, &[], guarded)?,
            }
            return Step::Continue(loader);
        }
        let is_known = self.report(reader, first, true, guarded)?;
        self.muted(is_known, reader, |script, reader| script.expression(reader, first, guarded))?;
        self.all(reader, rest, guarded)?;
        Step::Continue(None)
    }
}
