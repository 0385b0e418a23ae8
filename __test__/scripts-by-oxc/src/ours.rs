//! The contents that abi-guard's script reader finds.

use crate::syntax::{
    Chain, Chunk, Expression, Link, Node, Property, Statement, parse, tokens, walk,
};
use crate::{Contents, add};

/// The contents of a script.
pub fn contents(text: &str) -> Contents {
    let mut contents = Contents::new();
    let tokens = tokens(text);
    let tree = parse(&tokens);
    if !tree.is_whole {
        add(&mut contents, "end", "brackets are nested too deeply".to_owned());
    }
    walk(&tree.statements, &mut |node| {
        match node {
            Node::Statement(statement) => of_statement(statement, &mut contents),
            Node::Expression(expression) => of_expression(expression, &mut contents),
        }
        true
    });
    contents
}

/// An expression in a form that doesn't depend on spaces and parentheses.
pub fn printed_text(text: &str) -> String {
    let text = format!("({text})");
    let tokens = tokens(&text);
    match parse(&tokens).statements.as_slice() {
        [Statement::Expression(expression)] => printed(expression),
        _ => text,
    }
}

fn of_statement(statement: &Statement<'_>, contents: &mut Contents) {
    match statement {
        Statement::If { arms, .. } => {
            for (test, _) in arms {
                add(contents, "condition", printed(test));
            }
        }
        Statement::Switch(one) => {
            add(contents, "condition", printed(&one.value));
            for label in one.cases.iter().filter_map(|case| case.label.as_ref()) {
                add(contents, "condition", printed(label));
            }
        }
        Statement::Module(module) => add(contents, "module", module.specifier.to_owned()),
        _ => {}
    }
}

fn of_expression(expression: &Expression<'_>, contents: &mut Contents) {
    match expression {
        Expression::Text(text) => add(contents, "string", (*text).to_owned()),
        Expression::Template(chunks) => texts(chunks, contents),
        Expression::Object(properties) => keys(properties, contents),
        Expression::Class(class) => keys(&class.members, contents),
        Expression::Conditional(choice) => {
            for (test, _) in &choice.arms {
                add(contents, "condition", printed(test));
            }
        }
        Expression::Operation(operation) => {
            add(contents, "operand", printed(&operation.first));
            for (_, operand) in &operation.rest {
                add(contents, "operand", printed(operand));
            }
        }
        Expression::Chain(chain) => of_chain(chain, contents),
        _ => {}
    }
}

fn of_chain(chain: &Chain<'_>, contents: &mut Contents) {
    let mut before = printed(&chain.head);
    for link in &chain.links {
        match link {
            Link::Call(arguments) => {
                add(contents, "call", format!("{before} of {}", arguments.len()));
            }
            Link::Tagged(chunks) => texts(chunks, contents),
            Link::Member(_) | Link::Index(_) => {}
        }
        before.push_str(&printed_link(link));
    }
}

fn texts(chunks: &[Chunk<'_>], contents: &mut Contents) {
    for chunk in chunks {
        if let Chunk::Text(text) = chunk {
            add(contents, "string", (*text).to_owned());
        }
    }
}

fn keys(properties: &[Property<'_>], contents: &mut Contents) {
    for property in properties.iter().filter(|property| property.is_quoted) {
        add(contents, "string", property.key.unwrap_or_default().to_owned());
    }
}

fn printed(expression: &Expression<'_>) -> String {
    match expression {
        Expression::Name(name) => (*name).to_owned(),
        Expression::Text(text) => format!("{text:?}"),
        Expression::Template(chunks) => template(chunks),
        Expression::Number => "0".to_owned(),
        Expression::Regex => "/".to_owned(),
        Expression::List(values) => format!("[{}]", all(values)),
        Expression::Object(_) => "{}".to_owned(),
        Expression::Function(_) => "f".to_owned(),
        Expression::Class(_) => "c".to_owned(),
        Expression::Chain(chain) => {
            let links: String = chain.links.iter().map(printed_link).collect();
            format!("{}{links}", printed(&chain.head))
        }
        Expression::Unary(operator, operand) => format!("{operator} {}", printed(operand)),
        Expression::Operation(operation) => {
            let rest: String = operation
                .rest
                .iter()
                .map(|(operator, operand)| format!(" {operator} {}", printed(operand)))
                .collect();
            format!("({}{rest})", printed(&operation.first))
        }
        Expression::Conditional(choice) => {
            let arms: String = choice
                .arms
                .iter()
                .map(|(test, value)| format!("{} ? {} : ", printed(test), printed(value)))
                .collect();
            format!("({arms}{})", printed(&choice.otherwise))
        }
        Expression::Assignment(one) => {
            let targets: String = one
                .targets
                .iter()
                .map(|(target, operator)| format!("{} {operator} ", printed(target)))
                .collect();
            format!("({targets}{})", printed(&one.value))
        }
        Expression::Sequence(values) => format!("({})", all(values)),
        Expression::Missing => String::new(),
    }
}

fn printed_link(link: &Link<'_>) -> String {
    match link {
        Link::Member(name) => format!(".{name}"),
        Link::Index(key) => format!("[{}]", printed(key)),
        Link::Call(arguments) => format!("({})", all(arguments)),
        Link::Tagged(chunks) => template(chunks),
    }
}

fn template(chunks: &[Chunk<'_>]) -> String {
    let parts: String = chunks
        .iter()
        .map(|chunk| match chunk {
            Chunk::Text(text) => format!("{text:?}"),
            Chunk::Expression(expression) => format!("${{{}}}", printed(expression)),
        })
        .collect();
    format!("`{parts}`")
}

fn all(values: &[Expression<'_>]) -> String {
    values.iter().map(printed).collect::<Vec<_>>().join(", ")
}
