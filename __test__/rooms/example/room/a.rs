// use crate::other; is a comment
use super::b::{self, Second};
use super::{deep, Outer as Renamed};

pub struct Shared<'a>(&'a str, char, Renamed);

pub fn first() -> &'static str {
    deep::leaf::third('"');
    "use crate::other;"
}
