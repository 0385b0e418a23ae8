//! Tokens → objects and classes.

use super::cursor::Parser;
use super::token::Token;
use super::tree::{Class, Expression, Function, Property};

impl<'t> Parser<'t> {
    /// A class from its keyword on.
    pub(super) fn class(&mut self) -> Class<'t> {
        self.at += 1;
        if !matches!(self.word(0), "" | "extends") {
            self.at += 1;
        }
        let base = self.take_word("extends").then(|| self.chain());
        Class { base, members: self.properties() }
    }

    /// The properties of an object, or the members of a class.
    pub(super) fn properties(&mut self) -> Vec<Property<'t>> {
        let mut all = Vec::new();
        if self.mark(0) != "{" {
            return all;
        }
        let end = self.end_of_group(0);
        self.at += 1;
        let was_in_head = std::mem::take(&mut self.is_in_head);
        while self.at < end {
            if matches!(self.mark(0), "," | ";") {
                self.at += 1;
                continue;
            }
            let start = self.at;
            all.push(self.property());
            self.at = self.at.max(start + 1);
        }
        self.is_in_head = was_in_head;
        self.at = end + 1;
        all
    }

    fn property(&mut self) -> Property<'t> {
        let of = |key, value| Property { key, is_quoted: false, computed: None, value };
        if self.take("...") {
            return of(None, self.assignment());
        }
        // Modifiers: what follows one is a key, too.
        while matches!(self.word(0), "get" | "set" | "async" | "static" | "accessor")
            && !matches!(self.mark(1), "(" | ":" | "," | "}" | "=" | ";")
            && self.peek(1).is_some()
        {
            self.at += 1;
        }
        if self.mark(0) == "{" {
            // "static { … }"
            return of(None, self.method());
        }
        self.take("*");
        let mut property = of(None, Expression::Missing);
        match self.peek(0) {
            Some(Token::Word(name)) => {
                self.at += 1;
                property.key = Some(name);
            }
            Some(Token::Text(text)) => {
                self.at += 1;
                property.key = Some(text);
                property.is_quoted = true;
            }
            Some(Token::Mark("[")) => property.computed = self.arguments().into_iter().next(),
            _ => self.at += 1,
        }
        property.value = match self.mark(0) {
            "(" => self.method(),
            ":" => {
                self.at += 1;
                self.assignment()
            }
            "=" => {
                let target = property.key.map_or(Expression::Missing, Expression::Name);
                self.assigned(target)
            }
            _ => property.key.map_or(Expression::Missing, Expression::Name),
        };
        property
    }

    fn method(&mut self) -> Expression<'t> {
        let parameters = self.arguments();
        Expression::Function(Box::new(Function { name: None, parameters, body: self.block() }))
    }
}
