//! Tokens → expressions.

use super::cursor::Parser;
use super::token::{Part, Token};
use super::tree::{
    Assignment, Chain, Chunk, Conditional, Expression, Function, Link, Operation, Statement,
};

/// The precedence of a binary operator; a greater one binds more. `??` is as weak as `||`: no
/// script may mix them.
fn precedence(operator: &str) -> Option<u8> {
    Some(match operator {
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
        "**" => 11,
        _ => return None,
    })
}

fn is_assignment(mark: &str) -> bool {
    matches!(
        mark,
        "=" | "+="
            | "-="
            | "*="
            | "/="
            | "%="
            | "**="
            | "<<="
            | ">>="
            | ">>>="
            | "&="
            | "|="
            | "^="
            | "&&="
            | "||="
            | "??="
    )
}

impl<'t> Parser<'t> {
    /// `a, b`
    pub(super) fn expression(&mut self) -> Expression<'t> {
        let first = self.assignment();
        if self.mark(0) != "," {
            return first;
        }
        let mut all = vec![first];
        while self.take(",") {
            all.push(self.assignment());
        }
        all.shrink_to_fit();
        Expression::Sequence(all)
    }

    /// An expression without a comma.
    pub(super) fn assignment(&mut self) -> Expression<'t> {
        if !self.enter() {
            return Expression::Missing;
        }
        let expression = self.assignment_inside();
        self.leave();
        expression
    }

    fn assignment_inside(&mut self) -> Expression<'t> {
        let first = self.operand_of_assignment();
        self.assigned(first)
    }

    /// A target or a value: what stands between the `=`.
    fn operand_of_assignment(&mut self) -> Expression<'t> {
        if let Some(function) = self.arrow() {
            return function;
        }
        if self.word(0) == "yield" && !is_assignment(self.mark(1)) {
            self.at += 1;
            self.take("*");
            let is_alone =
                self.peek(0).is_none() || matches!(self.mark(0), ")" | "]" | "}" | "," | ";" | ":");
            let value = if is_alone { Expression::Missing } else { self.assignment() };
            return Expression::Unary("yield", Box::new(value));
        }
        self.conditional()
    }

    /// `first`, or the assignment that begins with it.
    pub(super) fn assigned(&mut self, first: Expression<'t>) -> Expression<'t> {
        let mut targets = Vec::new();
        let mut value = first;
        while is_assignment(self.mark(0)) {
            targets.push((value, self.mark(0)));
            self.at += 1;
            value = self.operand_of_assignment();
        }
        if targets.is_empty() {
            return value;
        }
        Expression::Assignment(Box::new(Assignment { targets, value }))
    }

    /// `a => b`, `(a, b) => { … }`, `async …`; None if no arrow function begins here.
    fn arrow(&mut self) -> Option<Expression<'t>> {
        let skipped = usize::from(
            self.word(0) == "async" && (self.mark(1) == "(" || !self.word(1).is_empty()),
        );
        let parameters = if !self.word(skipped).is_empty() && self.mark(skipped + 1) == "=>" {
            self.at += skipped + 1;
            let Some(Token::Word(name)) = self.tokens.get(self.at - 1) else { return None };
            vec![Expression::Name(name)]
        } else if self.mark(skipped) == "("
            && self.tokens.get(self.end_of_group(skipped) + 1) == Some(&Token::Mark("=>"))
        {
            self.at += skipped;
            self.arguments()
        } else {
            return None;
        };
        self.take("=>");
        let body = if self.mark(0) == "{" {
            self.block()
        } else {
            vec![Statement::Return(self.assignment())]
        };
        Some(Expression::Function(Box::new(Function { name: None, parameters, body })))
    }

    /// `a ? b : c ? d : e`
    fn conditional(&mut self) -> Expression<'t> {
        let mut test = self.binary(1);
        if self.mark(0) != "?" {
            return test;
        }
        let mut arms = Vec::new();
        while self.take("?") {
            let was_in_head = std::mem::take(&mut self.is_in_head);
            let value = self.assignment();
            self.is_in_head = was_in_head;
            arms.push((test, value));
            if !self.take(":") {
                test = Expression::Missing;
                break;
            }
            if let Some(function) = self.arrow() {
                test = function;
                break;
            }
            test = self.binary(1);
            test = self.assigned(test);
        }
        Expression::Conditional(Box::new(Conditional { arms, otherwise: test }))
    }

    fn binary_operator(&self) -> Option<(&'t str, u8)> {
        let operator = match self.peek(0)? {
            Token::Mark(mark) => *mark,
            Token::Word("in") if self.is_in_head => return None,
            Token::Word(word) => *word,
            _ => return None,
        };
        Some((operator, precedence(operator)?))
    }

    /// Operators of a precedence of at least `least`.
    fn binary(&mut self, least: u8) -> Expression<'t> {
        let mut left = self.unary();
        while let Some((operator, level)) = self.binary_operator() {
            if level < least {
                break;
            }
            self.at += 1;
            let right = self.binary(level + 1);
            left = match left {
                Expression::Operation(mut operation)
                    if operation.rest.last().and_then(|(last, _)| precedence(last))
                        == Some(level) =>
                {
                    operation.rest.push((operator, right));
                    Expression::Operation(operation)
                }
                first => Expression::Operation(Box::new(Operation {
                    first,
                    rest: vec![(operator, right)],
                })),
            };
        }
        left
    }

    fn unary(&mut self) -> Expression<'t> {
        let operator = match self.peek(0) {
            Some(Token::Mark(mark @ ("!" | "~" | "+" | "-" | "++" | "--"))) => *mark,
            Some(Token::Word(word @ ("typeof" | "void" | "delete" | "await"))) => *word,
            _ => {
                let value = self.chain();
                if matches!(self.mark(0), "++" | "--") {
                    self.at += 1;
                }
                return value;
            }
        };
        // A name elsewhere: "await => …", "{ delete }".
        if operator == "await"
            && matches!(self.mark(1), "" | ")" | "," | ";" | "=" | ".")
            && !matches!(
                self.peek(1),
                Some(Token::Word(_) | Token::Text(_) | Token::Template(_) | Token::Number)
            )
        {
            return self.chain();
        }
        self.at += 1;
        if !self.enter() {
            return Expression::Missing;
        }
        let operand = self.unary();
        self.leave();
        Expression::Unary(operator, Box::new(operand))
    }

    /// A value with its members and calls. `new` is left out.
    pub(super) fn chain(&mut self) -> Expression<'t> {
        while self.word(0) == "new" && !matches!(self.mark(1), "=" | "," | ")" | ":" | ".") {
            self.at += 1;
        }
        let head = self.primary();
        let mut links = Vec::new();
        loop {
            let link = match (self.peek(0), self.peek(1)) {
                (Some(Token::Mark("." | "?.")), Some(Token::Word(name))) => {
                    self.at += 2;
                    Link::Member(name)
                }
                (Some(Token::Mark("?.")), Some(Token::Mark("(" | "["))) => {
                    self.at += 1;
                    continue;
                }
                (Some(Token::Mark("(")), _) => Link::Call(self.arguments()),
                (Some(Token::Mark("[")), _) => {
                    let end = self.end_of_group(0);
                    self.at += 1;
                    let was_in_head = std::mem::take(&mut self.is_in_head);
                    let key = self.expression();
                    self.is_in_head = was_in_head;
                    self.at = self.at.max(end) + 1;
                    Link::Index(key)
                }
                (Some(Token::Template(parts)), _) => {
                    self.at += 1;
                    Link::Tagged(self.chunks(parts))
                }
                _ => break,
            };
            links.push(link);
        }
        if links.is_empty() {
            return head;
        }
        links.shrink_to_fit();
        Expression::Chain(Box::new(Chain { head, links }))
    }

    /// The values between brackets; none if there is no bracket. Also the parameters of a function.
    pub(super) fn arguments(&mut self) -> Vec<Expression<'t>> {
        let mut all = Vec::new();
        if !matches!(self.mark(0), "(" | "[") {
            return all;
        }
        let end = self.end_of_group(0);
        self.at += 1;
        let was_in_head = std::mem::take(&mut self.is_in_head);
        while self.at < end {
            if self.take(",") {
                continue;
            }
            let start = self.at;
            self.take("...");
            all.push(self.assignment());
            self.at = self.at.max(start + 1);
        }
        all.shrink_to_fit();
        self.is_in_head = was_in_head;
        self.at = end + 1;
        all
    }

    pub(super) fn primary(&mut self) -> Expression<'t> {
        match self.peek(0) {
            Some(Token::Word("function")) => Expression::Function(Box::new(self.function())),
            Some(Token::Word("async")) if self.word(1) == "function" => {
                self.at += 1;
                Expression::Function(Box::new(self.function()))
            }
            Some(Token::Word("class")) => Expression::Class(Box::new(self.class())),
            Some(Token::Word(name)) => {
                self.at += 1;
                Expression::Name(name)
            }
            Some(Token::Text(text)) => {
                self.at += 1;
                Expression::Text(text)
            }
            Some(Token::Template(parts)) => {
                self.at += 1;
                match parts.as_slice() {
                    // A template without expressions is a text.
                    [Part::Text(text)] => Expression::Text(text),
                    _ => Expression::Template(self.chunks(parts)),
                }
            }
            Some(Token::Number) => {
                self.at += 1;
                Expression::Number
            }
            Some(Token::Regex) => {
                self.at += 1;
                Expression::Regex
            }
            Some(Token::Mark("(")) => {
                let end = self.end_of_group(0);
                self.at += 1;
                let was_in_head = std::mem::take(&mut self.is_in_head);
                let inside = if self.at < end { self.expression() } else { Expression::Missing };
                self.is_in_head = was_in_head;
                self.at = self.at.max(end) + 1;
                inside
            }
            Some(Token::Mark("[")) => Expression::List(self.arguments()),
            Some(Token::Mark("{")) => Expression::Object(self.properties()),
            // A decorator: its value is of no interest.
            Some(Token::Mark("@" | "...")) => {
                self.at += 1;
                Expression::Missing
            }
            _ => Expression::Missing,
        }
    }

    fn chunks(&mut self, parts: &'t [Part<'t>]) -> Vec<Chunk<'t>> {
        parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => Chunk::Text(text),
                Part::Expression(tokens) => {
                    let mut inner = Parser::new(tokens, self.depth);
                    let expression = inner.expression();
                    self.is_whole &= inner.is_whole;
                    Chunk::Expression(expression)
                }
            })
            .collect()
    }
}
