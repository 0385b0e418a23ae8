//! Tokens → statements. What isn't JavaScript is skipped token by token.

use super::cursor::Parser;
use super::token::Token;
use super::tree::{
    Case, Declaration, Expression, Function, Loop, Module, Statement, Switch, Tree, Try,
};

/// The tree of a script.
#[must_use]
pub fn parse<'t>(tokens: &'t [Token<'t>]) -> Tree<'t> {
    let mut parser = Parser::new(tokens, 0);
    let mut statements = Vec::new();
    while parser.at < tokens.len() {
        parser.statements(&mut statements);
        // A bracket that closes nothing.
        parser.at += 1;
    }
    Tree { statements, is_whole: parser.is_whole }
}

impl<'t> Parser<'t> {
    /// Statements up to a closing bracket, or to the end.
    fn statements(&mut self, statements: &mut Vec<Statement<'t>>) {
        while self.at < self.tokens.len() && !matches!(self.mark(0), ")" | "]" | "}") {
            let start = self.at;
            match self.statement() {
                Statement::Empty => {}
                statement => statements.push(statement),
            }
            self.at = self.at.max(start + 1);
        }
    }

    /// The statements between braces; none if there are no braces.
    pub(super) fn block(&mut self) -> Vec<Statement<'t>> {
        let mut statements = Vec::new();
        if self.mark(0) == "{" {
            let end = self.end_of_group(0);
            self.at += 1;
            let was_in_head = std::mem::take(&mut self.is_in_head);
            self.statements(&mut statements);
            self.is_in_head = was_in_head;
            // A bracket of another kind in between isn't JavaScript.
            self.at = self.at.max(end) + 1;
        }
        statements
    }

    fn statement(&mut self) -> Statement<'t> {
        if !self.enter() {
            return Statement::Empty;
        }
        let statement = self.statement_inside();
        self.leave();
        statement
    }

    fn statement_inside(&mut self) -> Statement<'t> {
        match self.peek(0) {
            Some(Token::Mark("{")) => Statement::Block(self.block()),
            Some(Token::Mark(";")) => {
                self.at += 1;
                Statement::Empty
            }
            Some(Token::Word(word)) => self.statement_of_word(word),
            _ => self.expression_statement(),
        }
    }

    fn statement_of_word(&mut self, word: &'t str) -> Statement<'t> {
        match word {
            "import" if !matches!(self.mark(1), "(" | ".") => self.import(),
            "export" => self.export(),
            "const" | "var" => self.declarations(),
            "let" if matches!(self.peek(1), Some(Token::Word(_) | Token::Mark("[" | "{"))) => {
                self.declarations()
            }
            "function" => self.function_statement(),
            "async" if self.word(1) == "function" => {
                self.at += 1;
                self.function_statement()
            }
            // No call or member follows a class that is a statement.
            "class" => Statement::Expression(self.primary()),
            "if" if self.mark(1) == "(" => self.conditions(),
            "for" | "while" | "with" => self.head_and_body(),
            "do" => self.repeated(),
            "switch" if self.mark(1) == "(" => self.switch(),
            "try" if self.mark(1) == "{" => self.attempt(),
            "return" => {
                self.at += 1;
                Statement::Return(self.optional_expression())
            }
            "throw" => {
                self.at += 1;
                Statement::Throw(self.optional_expression())
            }
            "break" | "continue" => {
                self.at += 1;
                let has_label = !self.word(0).is_empty() && matches!(self.mark(1), ";" | "}");
                self.at += usize::from(has_label);
                Statement::Empty
            }
            "debugger" | "else" => {
                self.at += 1;
                Statement::Empty
            }
            _ if self.mark(1) == ":" => {
                self.at += 2;
                self.statement()
            }
            _ => self.expression_statement(),
        }
    }

    fn expression_statement(&mut self) -> Statement<'t> {
        let expression = self.expression();
        self.take(";");
        match expression {
            Expression::Missing => Statement::Empty,
            expression => Statement::Expression(expression),
        }
    }

    /// The value of a `return`.
    fn optional_expression(&mut self) -> Expression<'t> {
        let is_there =
            self.peek(0).is_some() && !matches!(self.mark(0), ";" | "}" | ")" | "]" | ",");
        let value = if is_there { self.expression() } else { Expression::Missing };
        self.take(";");
        value
    }

    fn declarations(&mut self) -> Statement<'t> {
        self.at += 1;
        let mut declarations = Vec::new();
        loop {
            let target = self.pattern();
            let value = if self.take("=") { self.assignment() } else { Expression::Missing };
            declarations.push(Declaration { target, value });
            if !self.take(",") {
                break;
            }
        }
        self.take(";");
        Statement::Declare(declarations)
    }

    /// A name, or a pattern.
    fn pattern(&mut self) -> Expression<'t> {
        match self.peek(0) {
            Some(Token::Word(name)) => {
                self.at += 1;
                Expression::Name(name)
            }
            Some(Token::Mark("[" | "{")) => self.primary(),
            _ => Expression::Missing,
        }
    }

    fn function_statement(&mut self) -> Statement<'t> {
        Statement::Function(Box::new(self.function()))
    }

    /// A function from its keyword on.
    pub(super) fn function(&mut self) -> Function<'t> {
        self.at += 1;
        self.take("*");
        let name = match self.word(0) {
            "" => None,
            name => {
                self.at += 1;
                Some(name)
            }
        };
        let parameters = self.arguments();
        Function { name, parameters, body: self.block() }
    }

    fn conditions(&mut self) -> Statement<'t> {
        let mut arms = Vec::new();
        let mut otherwise = None;
        loop {
            self.at += 1;
            let test = self.group();
            arms.push((test, self.statement()));
            if !self.take_word("else") {
                break;
            }
            if self.word(0) == "if" && self.mark(1) == "(" {
                continue;
            }
            otherwise = Some(Box::new(self.statement()));
            break;
        }
        Statement::If { arms, otherwise }
    }

    /// The expression between parentheses.
    fn group(&mut self) -> Expression<'t> {
        let end = self.end_of_group(0);
        self.at += 1;
        let was_in_head = std::mem::take(&mut self.is_in_head);
        let expression = self.expression();
        self.is_in_head = was_in_head;
        self.at = self.at.max(end) + 1;
        expression
    }

    /// `for (…) …`, `while (…) …`, `with (…) …`
    fn head_and_body(&mut self) -> Statement<'t> {
        let is_for = self.word(0) == "for";
        self.at += 1;
        if is_for {
            self.take_word("await");
        }
        if self.mark(0) != "(" {
            return self.expression_statement();
        }
        let mut one = Loop { head: Vec::new(), name: None, list: None, body: Statement::Empty };
        let end = self.end_of_group(0);
        if is_for {
            self.at += 1;
            self.head_of_for(&mut one, end);
            self.at = self.at.max(end) + 1;
        } else {
            one.head.push(Statement::Expression(self.group()));
        }
        one.body = self.statement();
        Statement::Loop(Box::new(one))
    }

    fn head_of_for(&mut self, one: &mut Loop<'t>, end: usize) {
        let was_in_head = std::mem::replace(&mut self.is_in_head, true);
        let is_declared = matches!(self.word(0), "const" | "let" | "var")
            && matches!(self.peek(1), Some(Token::Word(_) | Token::Mark("[" | "{")));
        let first = if is_declared {
            self.declarations()
        } else {
            let expression = self.expression();
            self.take(";");
            Statement::Expression(expression)
        };
        self.is_in_head = was_in_head;
        let is_of = self.word(0) == "of";
        if is_of || self.word(0) == "in" {
            self.at += 1;
            let target = match &first {
                Statement::Declare(declared) if declared.len() == 1 => Some(&declared[0].target),
                Statement::Expression(target) => Some(target),
                _ => None,
            };
            match target {
                Some(Expression::Name(name)) if is_of => one.name = Some(name),
                _ => one.head.push(first),
            }
            one.list = Some(self.expression());
            return;
        }
        one.head.push(first);
        while self.at < end {
            let start = self.at;
            one.head.push(self.expression_statement());
            self.at = self.at.max(start + 1);
        }
    }

    /// `do … while (…)`
    fn repeated(&mut self) -> Statement<'t> {
        self.at += 1;
        let body = self.statement();
        let mut head = Vec::new();
        if self.take_word("while") && self.mark(0) == "(" {
            head.push(Statement::Expression(self.group()));
        }
        self.take(";");
        // The body comes first.
        let body = Statement::Block(std::iter::once(body).chain(head).collect());
        Statement::Loop(Box::new(Loop { head: Vec::new(), name: None, list: None, body }))
    }

    fn switch(&mut self) -> Statement<'t> {
        self.at += 1;
        let value = self.group();
        let mut cases = Vec::new();
        if self.mark(0) != "{" {
            return Statement::Expression(value);
        }
        let end = self.end_of_group(0);
        self.at += 1;
        while self.at < end {
            let label = if self.take_word("case") {
                Some(self.expression())
            } else {
                self.take_word("default");
                None
            };
            self.take(":");
            let mut body = Vec::new();
            while self.at < end && !matches!(self.word(0), "case" | "default") {
                let start = self.at;
                match self.statement() {
                    Statement::Empty => {}
                    statement => body.push(statement),
                }
                self.at = self.at.max(start + 1);
            }
            cases.push(Case { label, body });
        }
        self.at = self.at.max(end) + 1;
        Statement::Switch(Box::new(Switch { value, cases }))
    }

    /// `try { … }`
    fn attempt(&mut self) -> Statement<'t> {
        self.at += 1;
        let mut one = Try { block: self.block(), error: None, handler: None, last: Vec::new() };
        if self.take_word("catch") {
            if self.mark(0) == "(" {
                let end = self.end_of_group(0);
                one.error = Some(self.word(1)).filter(|name| !name.is_empty());
                self.at = end + 1;
            }
            one.handler = Some(self.block());
        }
        if self.take_word("finally") {
            one.last = self.block();
        }
        Statement::Try(Box::new(one))
    }

    /// `import x from 'y'`, `import 'y'`
    fn import(&mut self) -> Statement<'t> {
        let start = self.at;
        self.at += 1;
        let mut names = Vec::new();
        while let Some(token) = self.peek(0) {
            self.at += 1;
            match token {
                Token::Word(name) => names.push(*name),
                Token::Mark("*" | "{" | "}" | ",") => {}
                // "import { 'a b' as c } from 'y'"
                Token::Text(_) if self.word(0) == "as" => {}
                Token::Text(specifier) => return self.module(names, specifier),
                _ => break,
            }
        }
        self.at = start + 1;
        Statement::Empty
    }

    fn module(&mut self, mut names: Vec<&'t str>, specifier: &'t str) -> Statement<'t> {
        names.retain(|name| !matches!(*name, "from" | "as" | "default" | "type"));
        // "with { type: 'json' }"
        if matches!(self.word(0), "with" | "assert") && self.mark(1) == "{" {
            self.at = self.end_of_group(1) + 1;
        }
        self.take(";");
        Statement::Module(Module { names, specifier })
    }

    /// `export * from 'y'`, `export { x } from 'y'`, `export default x`, `export const x = y`
    fn export(&mut self) -> Statement<'t> {
        self.at += 1;
        match self.mark(0) {
            "*" | "{" => {
                let mut names = Vec::new();
                if self.mark(0) == "{" {
                    let end = self.end_of_group(0);
                    let inside = self.tokens.get(self.at..end).unwrap_or_default();
                    names.extend(inside.iter().filter_map(|token| match token {
                        Token::Word(name) => Some(*name),
                        _ => None,
                    }));
                    self.at = end + 1;
                } else {
                    // "* as x"
                    self.at += if self.word(1) == "as" { 3 } else { 1 };
                }
                if self.word(0) == "from"
                    && let Some(Token::Text(specifier)) = self.peek(1)
                {
                    self.at += 2;
                    return self.module(names, specifier);
                }
                self.take(";");
                Statement::Empty
            }
            _ => {
                let is_default = self.take_word("default");
                let is_declared = matches!(self.word(0), "class" | "function")
                    || (self.word(0) == "async" && self.word(1) == "function");
                if is_default && !is_declared {
                    return self.expression_statement();
                }
                self.statement()
            }
        }
    }
}
