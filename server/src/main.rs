//! The program `engagetrack`.

fn main() {}
