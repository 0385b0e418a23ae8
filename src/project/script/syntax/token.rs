//! The type of tokens.

/// One token.
#[derive(Clone, Debug, PartialEq)]
pub enum Token<'a> {
    /// A name or keyword. A private name includes its `#`.
    Word(&'a str),
    /// A string, with its escapes resolved.
    Text(String),
    /// A template: texts, and the tokens of the expressions between them.
    Template(Vec<Part<'a>>),
    /// A number.
    Number,
    /// A regular expression.
    Regex,
    /// A punctuator, as the ECMAScript standard lists them.
    Mark(&'static str),
}

impl Token<'_> {
    /// The number of tokens that take as much memory: templates take much.
    #[must_use]
    pub fn weight(&self) -> usize {
        let of_part = |part: &Part<'_>| match part {
            Part::Text(_) => 2,
            Part::Expression(tokens) => 2 + tokens.iter().map(Token::weight).sum::<usize>(),
        };
        match self {
            Token::Template(parts) => 1 + parts.iter().map(of_part).sum::<usize>(),
            _ => 1,
        }
    }
}

/// A part of a template.
#[derive(Clone, Debug, PartialEq)]
pub enum Part<'a> {
    /// Text between the expressions.
    Text(String),
    /// The tokens of `${…}`.
    Expression(Vec<Token<'a>>),
}
