//! The program `engagetrack`.

fn main() -> std::process::ExitCode {
    engagetrack::cli::run()
}
