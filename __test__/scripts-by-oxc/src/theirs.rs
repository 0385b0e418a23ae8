//! The contents that the full parser finds.

use std::path::Path;

use oxc_allocator::Allocator;
use oxc_ast::ast::{
    BinaryExpression, CallExpression, ConditionalExpression, ExportAllDeclaration,
    ExportFromDeclaration, Expression, IfStatement, ImportAttribute, ImportDeclaration,
    ImportExpression, LogicalExpression, ModuleExportName, NewExpression, PrivateInExpression,
    StringLiteral, SwitchStatement, TemplateElement,
};
use oxc_ast_visit::{Visit, walk};
use oxc_parser::Parser;
use oxc_span::{GetSpan, SourceType, Span};

use crate::ours::printed_text;
use crate::{Contents, add};

/// The contents of a script. `None` if it isn't JavaScript.
pub fn contents(text: &str, file: &Path) -> Option<Contents> {
    let is_module = file.extension().is_some_and(|name| name == "mjs");
    let types = if is_module {
        vec![SourceType::mjs()]
    } else {
        vec![SourceType::cjs(), SourceType::script(), SourceType::mjs()]
    };
    types.into_iter().find_map(|kind| {
        let allocator = Allocator::default();
        let parsed = Parser::new(&allocator, text, kind).parse();
        if parsed.panicked || !parsed.diagnostics.is_empty() {
            return None;
        }
        let mut finder = Finder { text, contents: Contents::new() };
        finder.visit_program(&parsed.program);
        Some(finder.contents)
    })
}

struct Finder<'t> {
    text: &'t str,
    contents: Contents,
}

impl Finder<'_> {
    fn source(&self, span: Span) -> &str {
        span.source_text(self.text)
    }

    fn add_expression(&mut self, kind: &'static str, span: Span) {
        let what = printed_text(self.source(span));
        add(&mut self.contents, kind, what);
    }

    fn add_call(&mut self, callee: Span, arguments: usize) {
        let callee = printed_text(self.source(callee));
        add(&mut self.contents, "call", format!("{callee} of {arguments}"));
    }

    /// Adds the operands of an operator, which a chain of operators of one precedence shares.
    fn operands(&mut self, operator: &str, left: &Expression<'_>, right: Span) {
        let same = match left.without_parentheses() {
            Expression::BinaryExpression(inner) => level(inner.operator.as_str()),
            Expression::LogicalExpression(inner) => level(inner.operator.as_str()),
            _ => 0,
        };
        if same != level(operator) {
            self.add_expression("operand", left.span());
        }
        self.add_expression("operand", right);
    }
}

/// The precedence of an operator. This table is independent of the reader's, so that a mistake
/// there is noticed.
fn level(operator: &str) -> u8 {
    match operator {
        "||" | "??" => 1,
        "&&" => 2,
        "|" => 3,
        "^" => 4,
        "&" => 5,
        "==" | "!=" | "===" | "!==" => 6,
        "<" | ">" | "<=" | ">=" | "in" | "instanceof" => 7,
        "<<" | ">>" | ">>>" => 8,
        "+" | "-" => 9,
        "*" | "/" | "%" => 10,
        _ => 11,
    }
}

impl<'a> Visit<'a> for Finder<'_> {
    fn visit_string_literal(&mut self, it: &StringLiteral<'a>) {
        if !it.lone_surrogates {
            add(&mut self.contents, "string", it.value.to_string());
        }
    }

    fn visit_template_element(&mut self, it: &TemplateElement<'a>) {
        if let Some(text) = it.value.cooked.filter(|_| !it.lone_surrogates) {
            add(&mut self.contents, "string", text.to_string());
        }
    }

    fn visit_import_declaration(&mut self, it: &ImportDeclaration<'a>) {
        add(&mut self.contents, "module", it.source.value.to_string());
    }

    fn visit_export_all_declaration(&mut self, it: &ExportAllDeclaration<'a>) {
        add(&mut self.contents, "module", it.source.value.to_string());
    }

    fn visit_export_from_declaration(&mut self, it: &ExportFromDeclaration<'a>) {
        add(&mut self.contents, "module", it.source.value.to_string());
    }

    fn visit_import_attribute(&mut self, _: &ImportAttribute<'a>) {}

    fn visit_module_export_name(&mut self, _: &ModuleExportName<'a>) {}

    fn visit_if_statement(&mut self, it: &IfStatement<'a>) {
        self.add_expression("condition", it.test.span());
        walk::walk_if_statement(self, it);
    }

    fn visit_conditional_expression(&mut self, it: &ConditionalExpression<'a>) {
        self.add_expression("condition", it.test.span());
        walk::walk_conditional_expression(self, it);
    }

    fn visit_switch_statement(&mut self, it: &SwitchStatement<'a>) {
        self.add_expression("condition", it.discriminant.span());
        for test in it.cases.iter().filter_map(|case| case.test.as_ref()) {
            self.add_expression("condition", test.span());
        }
        walk::walk_switch_statement(self, it);
    }

    fn visit_call_expression(&mut self, it: &CallExpression<'a>) {
        self.add_call(it.callee.span(), it.arguments.len());
        walk::walk_call_expression(self, it);
    }

    fn visit_new_expression(&mut self, it: &NewExpression<'a>) {
        // "new X" without parentheses is only a name in the reader's tree.
        let behind = Span::new(it.callee.span().end, it.span.end);
        if self.source(behind).contains('(') {
            self.add_call(it.callee.span(), it.arguments.len());
        }
        walk::walk_new_expression(self, it);
    }

    fn visit_import_expression(&mut self, it: &ImportExpression<'a>) {
        let arguments = 1 + usize::from(it.options.is_some());
        add(&mut self.contents, "call", format!("import of {arguments}"));
        walk::walk_import_expression(self, it);
    }

    fn visit_binary_expression(&mut self, it: &BinaryExpression<'a>) {
        self.operands(it.operator.as_str(), &it.left, it.right.span());
        walk::walk_binary_expression(self, it);
    }

    fn visit_private_in_expression(&mut self, it: &PrivateInExpression<'a>) {
        self.add_expression("operand", it.left.span);
        self.add_expression("operand", it.right.span());
        walk::walk_private_in_expression(self, it);
    }

    fn visit_logical_expression(&mut self, it: &LogicalExpression<'a>) {
        self.operands(it.operator.as_str(), &it.left, it.right.span());
        walk::walk_logical_expression(self, it);
    }
}
