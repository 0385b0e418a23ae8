use crate::room::a::Shared;

pub fn third(_: char) {}
