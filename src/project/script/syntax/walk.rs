//! Walks over a tree in the order of the script.

use super::tree::{Chunk, Expression, Link, Property, Statement};

/// What a walk meets.
#[derive(Clone, Copy, Debug)]
pub enum Node<'x, 't> {
    /// A statement, before what is in it.
    Statement(&'x Statement<'t>),
    /// An expression, before what is in it.
    Expression(&'x Expression<'t>),
}

/// Calls `visit` for every statement and expression. What is in a node is left out if `visit`
/// returns false for it.
pub fn walk<'x, 't>(statements: &'x [Statement<'t>], visit: &mut dyn FnMut(Node<'x, 't>) -> bool) {
    for statement in statements {
        walk_statement(statement, visit);
    }
}

/// Like [`walk`], for one statement.
pub fn walk_statement<'x, 't>(
    statement: &'x Statement<'t>,
    visit: &mut dyn FnMut(Node<'x, 't>) -> bool,
) {
    if !visit(Node::Statement(statement)) {
        return;
    }
    match statement {
        Statement::Expression(value) | Statement::Return(value) | Statement::Throw(value) => {
            walk_expression(value, visit);
        }
        Statement::Declare(declarations) => {
            for declaration in declarations {
                walk_expression(&declaration.target, visit);
                walk_expression(&declaration.value, visit);
            }
        }
        Statement::Block(statements) => walk(statements, visit),
        Statement::If { arms, otherwise } => {
            for (test, body) in arms {
                walk_expression(test, visit);
                walk_statement(body, visit);
            }
            if let Some(body) = otherwise {
                walk_statement(body, visit);
            }
        }
        Statement::Loop(one) => {
            walk(&one.head, visit);
            if let Some(list) = &one.list {
                walk_expression(list, visit);
            }
            walk_statement(&one.body, visit);
        }
        Statement::Switch(one) => {
            walk_expression(&one.value, visit);
            for case in &one.cases {
                if let Some(label) = &case.label {
                    walk_expression(label, visit);
                }
                walk(&case.body, visit);
            }
        }
        Statement::Try(one) => {
            walk(&one.block, visit);
            walk(one.handler.as_deref().unwrap_or_default(), visit);
            walk(&one.last, visit);
        }
        Statement::Function(function) => {
            walk_all(&function.parameters, visit);
            walk(&function.body, visit);
        }
        Statement::Module(_) | Statement::Empty => {}
    }
}

/// Like [`walk`], for one expression.
pub fn walk_expression<'x, 't>(
    expression: &'x Expression<'t>,
    visit: &mut dyn FnMut(Node<'x, 't>) -> bool,
) {
    if !visit(Node::Expression(expression)) {
        return;
    }
    match expression {
        Expression::Template(chunks) => walk_chunks(chunks, visit),
        Expression::List(values) | Expression::Sequence(values) => walk_all(values, visit),
        Expression::Object(properties) => walk_properties(properties, visit),
        Expression::Function(function) => {
            walk_all(&function.parameters, visit);
            walk(&function.body, visit);
        }
        Expression::Class(class) => {
            if let Some(base) = &class.base {
                walk_expression(base, visit);
            }
            walk_properties(&class.members, visit);
        }
        Expression::Chain(chain) => {
            walk_expression(&chain.head, visit);
            for link in &chain.links {
                match link {
                    Link::Member(_) => {}
                    Link::Index(key) => walk_expression(key, visit),
                    Link::Call(arguments) => walk_all(arguments, visit),
                    Link::Tagged(chunks) => walk_chunks(chunks, visit),
                }
            }
        }
        Expression::Unary(_, operand) => walk_expression(operand, visit),
        Expression::Operation(operation) => {
            walk_expression(&operation.first, visit);
            for (_, operand) in &operation.rest {
                walk_expression(operand, visit);
            }
        }
        Expression::Conditional(choice) => {
            for (test, value) in &choice.arms {
                walk_expression(test, visit);
                walk_expression(value, visit);
            }
            walk_expression(&choice.otherwise, visit);
        }
        Expression::Assignment(assignment) => {
            for (target, _) in &assignment.targets {
                walk_expression(target, visit);
            }
            walk_expression(&assignment.value, visit);
        }
        Expression::Name(_)
        | Expression::Text(_)
        | Expression::Number
        | Expression::Regex
        | Expression::Missing => {}
    }
}

fn walk_all<'x, 't>(
    expressions: &'x [Expression<'t>],
    visit: &mut dyn FnMut(Node<'x, 't>) -> bool,
) {
    for expression in expressions {
        walk_expression(expression, visit);
    }
}

fn walk_chunks<'x, 't>(chunks: &'x [Chunk<'t>], visit: &mut dyn FnMut(Node<'x, 't>) -> bool) {
    for chunk in chunks {
        if let Chunk::Expression(expression) = chunk {
            walk_expression(expression, visit);
        }
    }
}

fn walk_properties<'x, 't>(
    properties: &'x [Property<'t>],
    visit: &mut dyn FnMut(Node<'x, 't>) -> bool,
) {
    for property in properties {
        if let Some(key) = &property.computed {
            walk_expression(key, visit);
        }
        walk_expression(&property.value, visit);
    }
}
