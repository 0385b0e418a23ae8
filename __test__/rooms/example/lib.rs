mod other;
mod room;
